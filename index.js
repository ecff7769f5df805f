'use strict';

// The public API. Each function checks its arguments and starts a call; the rest is in lib/.

const { PromiseReject } = require('./lib/intrinsics');
const { checkNum, checkView, lengthOf, slotsOf } = require('./lib/arguments');
const engine = require('./lib/engine');
const { isOptions, readOptions } = require('./lib/options');
const { threads } = require('./lib/threads');

function sumRange(num, options) {
  try {
    checkNum(num);
    return engine.sumRange(num, readOptions(options));
  } catch (error) {
    return PromiseReject(error);
  }
}

function sumIntoSharedBuffer(target, num, options) {
  try {
    const slots = slotsOf(target);
    if (options === undefined && isOptions(num)) {
      options = num;
      num = undefined;
    }
    if (num !== undefined) checkNum(num);
    const read = readOptions(options);
    // Last of all: reading the options may run code that grows the buffer.
    return engine.sumIntoSharedBuffer(slots, lengthOf(slots), num, read);
  } catch (error) {
    return PromiseReject(error);
  }
}

function sum(view, options) {
  try {
    checkView(view);
    return engine.sum(view, readOptions(options));
  } catch (error) {
    return PromiseReject(error);
  }
}

module.exports = { sumRange, sumIntoSharedBuffer, sum, threads };
