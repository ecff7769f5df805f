'use strict';

// The public API. Each function checks its arguments, and makes one native call; the rest is in lib/.

const { TypedArrayLength } = require('./lib/intrinsics');
const { checkLength, checkNum, checkView, readOptions, slotsOf } = require('./lib/arguments');
const { engine, start, threads } = require('./lib/engine');

/** For calls that leave nothing in shared memory. */
const NO_SLOTS = { slots: undefined, flag: 0 };

function sumRange(num, options) {
  return start(() => {
    checkNum(num);
    const { signal, threads: limit } = readOptions(options, threads);
    return { ...NO_SLOTS, signal, submit: () => engine.sumRange(num, limit) };
  });
}

function sumIntoSharedBuffer(target, num, options) {
  return start(() => {
    const slots = slotsOf(target);
    if (options === undefined && typeof num === 'object' && num !== null) {
      options = num;
      num = undefined;
    }
    if (num !== undefined) checkNum(num);
    const { signal, threads: limit } = readOptions(options, threads);
    // Last of all, since reading the options may run code that grows the buffer.
    const length = checkLength(TypedArrayLength(slots));
    return { signal, submit: () => engine.sumInto(slots, length, num, limit), slots, flag: length - 1 };
  });
}

function sum(view, options) {
  return start(() => {
    checkView(view);
    const { signal, threads: limit } = readOptions(options, threads);
    return { ...NO_SLOTS, signal, submit: () => engine.sum(view, limit) };
  });
}

module.exports = { sumRange, sumIntoSharedBuffer, sum, threads };
