'use strict';

// Typed arrays on shared memory, of every type there is.

const assert = require('node:assert/strict');
const { inspect } = require('node:util');
const { bitsOf } = require('./exact.js');

/** Float16Array, where the runtime has it. */
const { Float16Array } = globalThis;

const noFloat16 = Float16Array ? false : 'this version of Node has no Float16Array';

const int = (View, bits) => ({ View, min: -(2 ** (bits - 1)), max: 2 ** (bits - 1) - 1 });
const uint = (View, bits) => ({ View, min: 0, max: 2 ** bits - 1 });

/** Types whose elements are integers of up to 32 bits. */
const INTEGERS = [
  int(Int8Array, 8),
  uint(Uint8Array, 8),
  uint(Uint8ClampedArray, 8),
  int(Int16Array, 16),
  uint(Uint16Array, 16),
  int(Int32Array, 32),
  uint(Uint32Array, 32),
];

/** Types of floating-point numbers, with their largest and smallest magnitudes. */
const FLOATS = [
  ...(Float16Array ? [{ View: Float16Array, max: 65_504, tiny: 2 ** -24 }] : []),
  { View: Float32Array, max: (2 - 2 ** -23) * 2 ** 127, tiny: 2 ** -149 },
  { View: Float64Array, max: Number.MAX_VALUE, tiny: Number.MIN_VALUE },
];

/** Types of BigInts. */
const BIGINTS = [
  { View: BigInt64Array, min: -(2n ** 63n), max: 2n ** 63n - 1n },
  { View: BigUint64Array, min: 0n, max: 2n ** 64n - 1n },
];

const VIEWS = [...INTEGERS, ...FLOATS, ...BIGINTS].map(({ View }) => View);

/** A shared view with these elements, which starts `offset` elements into its buffer. */
function shared(View, values, offset = 0) {
  const view = empty(View, values.length, offset);
  view.set(values);
  return view;
}

/** The same with zeros, and memory for two more elements at its end. */
function empty(View, length, offset = 0) {
  const bytes = (offset + length + 2) * View.BYTES_PER_ELEMENT;
  return new View(new SharedArrayBuffer(bytes), offset * View.BYTES_PER_ELEMENT, length);
}

const show = (value) =>
  typeof value === 'number'
    ? `${inspect(value)} (${bitsOf(value).toString(16).padStart(16, '0')})`
    : inspect(value);

/** The same value, bit by bit; all NaNs are one. */
function same(actual, expected, what = 'sum') {
  if (!Object.is(actual, expected)) assert.fail(`${what}: ${show(actual)} instead of ${show(expected)}`);
}

module.exports = { BIGINTS, FLOATS, Float16Array, INTEGERS, VIEWS, empty, noFloat16, same, shared };
