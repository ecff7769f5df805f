'use strict';

// Bodies that read arrays, or write them. What `data` gets is the memory of the benchmark: `x` and `y`, uniform in [0, 1), and
// `out`, all shared, at least two elements longer than the longest count.

const dot = {
  name: 'dot',
  title: 'dot product',
  call: 'sum',
  counts: [2 ** 14, 2 ** 20],
  data: ({ x, y }, count) => ({ x: x.subarray(0, count), y: y.subarray(0, count) }),
  body: (value, i, { y }) => value * y[i],
  loop(from, to, { x, y }) {
    let sum = 0;
    for (let i = from; i < to; i++) sum += x[i] * y[i];
    return sum;
  },
};

const stencil = {
  name: 'stencil',
  title: 'stencil of three',
  call: 'forRange',
  counts: [2 ** 14, 2 ** 20],
  data: ({ x, out }, count) => ({ x: x.subarray(0, count + 2), out: out.subarray(0, count) }),
  body: (i, { x, out }) => {
    out[i] = 0.25 * x[i] + 0.5 * x[i + 1] + 0.25 * x[i + 2];
  },
  loop(from, to, { x, out }) {
    for (let i = from; i < to; i++) out[i] = 0.25 * x[i] + 0.5 * x[i + 1] + 0.25 * x[i + 2];
    return 0;
  },
};

const mapped = {
  name: 'mapped',
  title: 'map: sin(100x) · exp(-x)',
  call: 'map',
  counts: [2 ** 20],
  data: ({ x, out }, count) => ({ x: x.subarray(0, count), out: out.subarray(0, count) }),
  body: (value) => Math.sin(100 * value) * Math.exp(-value),
  loop(from, to, { x, out }) {
    for (let i = from; i < to; i++) out[i] = Math.sin(100 * x[i]) * Math.exp(-x[i]);
    return 0;
  },
};

module.exports = { dot, stencil, mapped };
