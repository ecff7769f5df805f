'use strict';

// Calls that must be refused, each with its code, whatever else is in the options.

const lie = (View) => Object.create(View.prototype, { length: { value: 4 } });

/** [code, call] */
const REFUSALS = [
  ['ERR_INVALID_ARG_TYPE', ({ sumRange }, options) => sumRange('10', options)],
  ['ERR_INVALID_ARG_TYPE', ({ sumRange }, options) => sumRange(undefined, options)],
  ['ERR_INVALID_ARG_TYPE', ({ sumRange }) => sumRange(10, null)],
  ['ERR_INVALID_ARG_TYPE', ({ sumRange }) => sumRange(10, { signal: {} })],
  ['ERR_INVALID_ARG_TYPE', ({ sum }, options) => sum([1, 2], options)],
  ['ERR_INVALID_ARG_TYPE', ({ sum }, options) => sum(new SharedArrayBuffer(8), options)],
  ['ERR_INVALID_ARG_TYPE', ({ sum }, options) => sum(lie(Float64Array), options)],
  ['ERR_INVALID_ARG_TYPE', ({ sum }) => sum(new Proxy(new Int8Array(new SharedArrayBuffer(8)), {}))],
  ['ERR_INVALID_ARG_TYPE', ({ sumIntoSharedBuffer }, options) => sumIntoSharedBuffer(null, 10, options)],
  [
    'ERR_INVALID_ARG_TYPE',
    ({ sumIntoSharedBuffer }, options) =>
      sumIntoSharedBuffer(new Uint32Array(new SharedArrayBuffer(64)), 10, options),
  ],
  ['ERR_OUT_OF_RANGE', ({ sumRange }, options) => sumRange(-1, options)],
  ['ERR_OUT_OF_RANGE', ({ sumRange }, options) => sumRange(0.5, options)],
  ['ERR_OUT_OF_RANGE', ({ sumRange }, options) => sumRange(2n ** 64n, options)],
  ['ERR_OUT_OF_RANGE', ({ sumRange }) => sumRange(1, { threads: 0 })],
  [
    'ERR_OUT_OF_RANGE',
    ({ sumIntoSharedBuffer }, options) => sumIntoSharedBuffer(new SharedArrayBuffer(4), 10, options),
  ],
  ['ERR_OUT_OF_RANGE', ({ sumIntoSharedBuffer }) => sumIntoSharedBuffer(new SharedArrayBuffer(8), 65_537)],
  ['ERR_NOT_SHARED', ({ sum }) => sum(new Float64Array(8))],
  ['ERR_NOT_SHARED', ({ sum }) => sum(Buffer.alloc(8))],
  [
    'ERR_NOT_SHARED',
    ({ sumIntoSharedBuffer }, options) => sumIntoSharedBuffer(new ArrayBuffer(8), 10, options),
  ],
  ['ERR_NOT_SHARED', ({ sumIntoSharedBuffer }) => sumIntoSharedBuffer(new Int32Array(8), 10)],
  ['ERR_INVALID_ARG_TYPE', ({ forRange }) => forRange(10, 'i => i')],
  ['ERR_INVALID_ARG_TYPE', ({ map }) => map(new BigInt64Array(new SharedArrayBuffer(8)), (x) => x)],
  ['ERR_OUT_OF_RANGE', ({ sumRange }) => sumRange([2 ** 30, 2 ** 30], (i, j) => i + j)],
  ['ERR_UNSUPPORTED', ({ sumRange }, options) => sumRange(10, () => 'text', options)],
  [
    'ERR_UNSUPPORTED',
    ({ sumRange }, options) => sumRange(10, new Function('i', 'return i + nowhere'), options),
  ],
];

module.exports = { REFUSALS };
