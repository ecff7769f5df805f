'use strict';

// What the project set itself, and what came out.

const { median, speedRatio } = require('../common/statistics');

/** Nanoseconds for each index on one thread, at most. */
const NANOSECONDS = {
  pi: 0.8,
  leibniz: 0.9,
  polynomial: 1.1,
  circle: 1,
  primes: 15,
  mandelbrot: 25,
  collatz: 55,
  parity: 55,
  dot: 0.5,
  stencil: 0.45,
  damped: 10,
  logarithm: 4,
  hashed: 1,
};

/** Of the time that is gained by twice the threads, at least this part; where a call takes so long that waking them is nothing. */
const SCALING = 0.95;
const LONG_SECONDS = 0.005;

function targets({ workloads, threads, first }) {
  const found = [];
  const atMost = (work, what, target, measured, unit) => {
    found.push({ work, what: `${what}, at most`, target, measured, unit, reached: measured <= target });
  };
  const atLeast = (work, what, target, measured) => {
    found.push({ work, what, target, measured, unit: '', reached: measured >= target });
  };
  for (const { kernel, title, entries } of workloads) {
    const onAll = entries.allcores;
    const onOne = entries['allcores-1'] ?? onAll;
    if (Object.hasOwn(NANOSECONDS, kernel)) {
      atMost(title, 'ns for each index, one thread', NANOSECONDS[kernel], onOne.ns.median, ' ns');
    }
    atLeast(title, 'the JavaScript loop, one thread', 1, onOne.ratio);
    if (threads > 1 && median(onAll.seconds) > LONG_SECONDS) {
      const scaling = speedRatio(onAll.seconds, onOne.seconds) / threads;
      atLeast(title, `one thread, for each of ${threads}`, SCALING, scaling);
    }
  }
  atMost('a new body', 'µs on top of the same body again', 60, first.compile * 1e6, ' µs');
  atMost('a new body, the first of its process', 'ms for all of the call', 1, first.cold * 1e3, ' ms');
  atMost('the same body again', 'times the call without a body', 1.2, first.warm, '');
  return found;
}

module.exports = { targets };
