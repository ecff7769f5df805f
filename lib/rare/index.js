'use strict';

// What few programs need: the words of errors, signals of other makes, reports of calls. Programs that need none of it do not load
// this file, nor what it requires.

const { foreignClassOf } = require('./foreign-signals');
const { describeWithRemedy, remedyFor } = require('./remedies');
const { begin } = require('./reports');
const { describe, excerpt, isOfNoClass, show, usable } = require('./words');

module.exports = {
  begin,
  describe,
  describeWithRemedy,
  excerpt,
  foreignClassOf,
  isOfNoClass,
  remedyFor,
  show,
  usable,
};
