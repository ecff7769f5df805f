'use strict';

// What is to be reached, as a part of the speed at which the memory is read.

const { speedRatio } = require('../common/statistics');

const PARTS = { min: 0.9, max: 0.9, argMin: 0.85 };

const targets = ({ workloads }) =>
  workloads
    .filter(({ reduction }) => Object.hasOwn(PARTS, reduction))
    .map(({ reduction, title, entries }) => {
      const measured = speedRatio(entries.allcores.seconds, entries.roofline.seconds);
      const target = PARTS[reduction];
      return { work: title, what: 'the roofline', target, measured, unit: '', reached: measured >= target };
    });

module.exports = { targets };
