'use strict';

// What is computed: a kernel is a loop that people write, and the same loop as a body for allcores. A kernel is
//
//   name      that of the functions in ../programs
//   title     for people
//   call      the function of allcores that runs the body: sumRange, sum, forRange, map
//   whole     whether the sum is a whole number, which no contender may miss
//   counts    how many indices: a number or [n0, n1]
//   data      (memory, count) => what the body and the loop read and write besides their indices
//   body      what allcores compiles
//   loop      (from, to, data) => the sum of these indices (of the first of two), as one writes it for one thread

const arrays = require('./arrays');
const loops = require('./loops');
const monteCarlo = require('./monte-carlo');
const series = require('./series');

const { pi, leibniz, polynomial, circle, damped, logarithm } = series;
const { primes, mandelbrot, collatz, parity } = loops;
const { dot, stencil, mapped } = arrays;
const { hashed, drawn } = monteCarlo;

/** In the order of the tables. */
const kernels = [
  pi,
  leibniz,
  polynomial,
  circle,
  primes,
  mandelbrot,
  collatz,
  parity,
  dot,
  stencil,
  damped,
  mapped,
  logarithm,
  hashed,
  drawn,
];

/** The longest array that a kernel reads. */
const LENGTH = 2 ** 20 + 2;

/** Each kernel at each of its sizes, in a smoke run a small part of it: { kernel, count, indices, title }. */
function workloads({ quick }) {
  return kernels.flatMap((kernel) =>
    kernel.counts.map((whole) => {
      const count = quick ? reduced(whole) : whole;
      const indices = [count].flat().reduce((a, b) => a * b);
      const title = kernel.counts.length > 1 ? `${kernel.title}, 2^${Math.log2(whole)}` : kernel.title;
      return { kernel, count, indices, title };
    }),
  );
}

function reduced(count) {
  return Array.isArray(count) ? count.map((part) => part / 8) : count / 64;
}

module.exports = { LENGTH, kernels, workloads };
