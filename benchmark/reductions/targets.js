'use strict';

// What is to be reached, as a part of the speed of another contender in the same rounds.

const { speedRatio } = require('../common/statistics');

/** Of the roofline, in memory and in the caches. */
const IN_MEMORY = { min: 0.9, max: 0.9, argMin: 0.85, mean: 0.9, variance: 0.8, dot: 0.9 };
const IN_CACHE = { dot: 0.4 };

/** Of the sum of what the same body returns, which is the same work. Half of the noise is its own, and this is within it. */
const COUNT = 1;
const CLOSE = 0.95;

function targets({ workloads }) {
  const found = [];
  for (const { reduction, title, isCached, entries } of workloads) {
    const add = (rival, what, target, { least = target, ours = 'allcores' } = {}) => {
      if (target === undefined || entries[rival] === undefined || entries[ours] === undefined) return;
      const measured = speedRatio(entries[ours].seconds, entries[rival].seconds);
      found.push({ work: title, what, target, measured, unit: '', reached: measured >= least });
    };
    const parts = isCached ? IN_CACHE : IN_MEMORY;
    const part = Object.hasOwn(parts, reduction) ? parts[reduction] : undefined;
    add('roofline', 'the roofline', part);
    add('roofline', 'the roofline, with several calls in flight', part, { ours: 'allcores-in-flight' });
    add('allcores-sum', `the sum of the same body (from ${CLOSE} on)`, COUNT, { least: CLOSE });
  }
  return found;
}

module.exports = { targets };
