'use strict';

// The public API. Each function checks its arguments, and makes one native call; the rest is in lib/.

const { TypedArrayLength } = require('./lib/intrinsics');
const { checkLength, checkNum, checkView, readOptions, slotsOf } = require('./lib/arguments');
const engine = require('./lib/engine');

const { port, start, threads } = engine;

function sumRange(num, options) {
  return start(() => {
    checkNum(num);
    const { signal, threads: limit } = readOptions(options, threads);
    const submit = () => engine.sumRange(port, num, limit);
    return { signal, submit, slots: undefined, flag: 0 };
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
    const submit = () => engine.sumIntoSharedBuffer(port, slots, length, num, limit);
    return { signal, submit, slots, flag: length - 1 };
  });
}

function sum(view, options) {
  return start(() => {
    checkView(view);
    const { signal, threads: limit } = readOptions(options, threads);
    const submit = () => engine.sum(port, view, limit, signal === undefined);
    return { signal, submit, slots: undefined, flag: 0 };
  });
}

module.exports = { sumRange, sumIntoSharedBuffer, sum, threads };
