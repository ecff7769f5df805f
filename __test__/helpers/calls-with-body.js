'use strict';

// The rows of calls.js that have a loop body.

const assert = require('node:assert/strict');
const { rangeSum } = require('./oracle.js');
const { intoSlots } = require('./slots.js');

const OPTIONS = ['data', 'from', 'math', 'onProgress', 'signal', 'threads'];

const SMALL = 10_000;

/** What a thread takes milliseconds for. */
const LONG = 2 ** 22;

/** Σ (i & 7), for a multiple of 8. */
const sumOfSevens = (num) => (num / 8) * 28;

const rangeWithBody = {
  name: 'sumRange(Number, body)',
  fn: 'sumRange',
  params: ['num', 'body', 'options'],
  options: OPTIONS,
  sizes: ['small', 'long'],
  writes: false,
  make(size) {
    const num = size === 'small' ? SMALL : 2 * LONG;
    return { args: [num, (i) => i & 7], expected: sumOfSevens(num) };
  },
};

const rangeWithData = {
  name: 'sumRange(Number, body), with data',
  fn: 'sumRange',
  params: ['num', 'body', 'options'],
  options: OPTIONS,
  sizes: ['small', 'long'],
  writes: false,
  make(size) {
    const num = size === 'small' ? SMALL : LONG;
    const ones = new Float64Array(new SharedArrayBuffer(8 * num)).fill(1);
    const half = (x) => x / 2;
    const body = (i, { ones, table, scale, half }) => half(scale.by * ones[i] * table[i % 2]);
    const data = { ones, table: [1, 3], scale: { by: 4 }, half };
    return { args: [num, body], options: { data }, expected: num * 4 };
  },
};

const gridWithBody = {
  name: 'sumRange([n0, n1], body)',
  fn: 'sumRange',
  params: ['num', 'body', 'options'],
  options: OPTIONS,
  sizes: ['small', 'long'],
  writes: false,
  make(size) {
    const rows = size === 'small' ? 100 : LONG / 64;
    return { args: [[rows, 64], (i, j) => i + j], expected: 64 * Number(rangeSum(rows)) + rows * 2016 };
  },
};

const intoWithBody = (View) => {
  const instance = (view, slots, num) => {
    const made = intoSlots(view, slots, num, 'Number');
    return { ...made, args: [...made.args, (i) => i] };
  };
  return {
    name: `sumIntoSharedBuffer(${View.name}, Number, body)`,
    fn: 'sumIntoSharedBuffer',
    params: ['target', 'num', 'body', 'options'],
    options: OPTIONS,
    sizes: ['small', 'long'],
    writes: true,
    View,
    make(size) {
      const length = size === 'small' ? 6 : LONG / 2 + 1;
      const slots = new View(new SharedArrayBuffer(length * View.BYTES_PER_ELEMENT));
      return instance(slots, slots, size === 'small' ? SMALL : (LONG / 2) * 3 + 1);
    },
    on: (view, clean) => instance(view, clean, 100),
  };
};

const sumWithBody = (View) => ({
  name: `sum(${View.name}, body)`,
  fn: 'sum',
  params: ['view', 'body', 'options'],
  options: OPTIONS,
  sizes: ['small', 'long'],
  writes: false,
  View,
  make(size) {
    const view = new View(new SharedArrayBuffer(View.BYTES_PER_ELEMENT * (size === 'small' ? SMALL : LONG)));
    return { args: [view.fill(3), (x, i) => x + (i & 1)], expected: view.length * 3.5 };
  },
  on: (view, clean) => ({ args: [view, (x) => 2 * x], expected: 2 * clean.fill(3).length * 3 }),
});

const mapWithBody = (View) => {
  const instance = (view, clean) => {
    const into = new View(new SharedArrayBuffer(clean.byteLength));
    clean.fill(3);
    return {
      args: [view, (x, i) => x + (i & 1)],
      options: { into },
      expected: into,
      check: () => assert.ok(into.every((element, i) => element === 3 + (i & 1))),
    };
  };
  return {
    name: `map(${View.name})`,
    fn: 'map',
    params: ['view', 'body', 'options'],
    options: [...OPTIONS, 'into'],
    sizes: ['small', 'long'],
    writes: false,
    View,
    make(size) {
      const view = new View(
        new SharedArrayBuffer(View.BYTES_PER_ELEMENT * (size === 'small' ? SMALL : LONG)),
      );
      return instance(view, view);
    },
    on: instance,
  };
};

const forRange = {
  name: 'forRange(Number)',
  fn: 'forRange',
  params: ['num', 'body', 'options'],
  options: OPTIONS,
  sizes: ['small', 'long'],
  writes: false,
  make(size) {
    const num = size === 'small' ? SMALL : LONG;
    const out = new Float64Array(new SharedArrayBuffer(8 * num));
    const body = (i, { out, offset }) => {
      out[i] = i + offset;
    };
    const check = () => assert.ok(out.every((element, i) => element === i + 0.5));
    return { args: [num, body], options: { data: { out, offset: 0.5 } }, expected: undefined, check };
  },
};

const forGrid = {
  name: 'forRange([n0, n1, n2])',
  fn: 'forRange',
  params: ['num', 'body', 'options'],
  options: OPTIONS,
  sizes: ['small', 'long'],
  writes: false,
  make(size) {
    const rows = size === 'small' ? 30 : LONG / 64;
    const out = new Int32Array(new SharedArrayBuffer(4 * rows * 64));
    const body = (i, j, k, { out }) => {
      out[i * 64 + j * 8 + k] = i * 64 + j * 8 + k;
    };
    const check = () => assert.ok(out.every((element, i) => element === i));
    return { args: [[rows, 8, 8], body], options: { data: { out } }, expected: undefined, check };
  },
};

const WITH_BODY = [
  rangeWithBody,
  rangeWithData,
  gridWithBody,
  ...[Int32Array, BigInt64Array].map(intoWithBody),
  ...[Float64Array, Uint8Array].map(sumWithBody),
  ...[Float64Array, Uint8ClampedArray].map(mapWithBody),
  forRange,
  forGrid,
];

module.exports = { WITH_BODY };
