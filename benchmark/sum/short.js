'use strict';

// What a call costs when there is next to nothing to sum: a view of 1 000 elements, next to the shortest call there is, each
// awaited before the next one. Every call is timed by itself.

const { quantile } = require('../common/statistics');
const { plainLoop } = require('../common/elements');
const { now } = require('../common/timed');

const LENGTH = 1000;

async function measureShort({ rounds, calls }) {
  const { sum, sumRange } = require('../../index.js');
  const view = new Float64Array(new SharedArrayBuffer(8 * LENGTH)).fill(0.1);
  const loop = plainLoop('f64');
  const tasks = [
    { name: 'sum', title: `\`await sum(view)\`, ${LENGTH} elements`, run: () => sum(view), times: [] },
    { name: 'sumRange', title: '`await sumRange(10)`', run: () => sumRange(10), times: [] },
    { name: 'loop', title: `for loop, ${LENGTH} elements`, run: () => loop(view, 0, LENGTH), times: [] },
  ];
  // The first round warms up.
  for (let round = 0; round <= rounds; round++) {
    for (const task of tasks) {
      const times = new Float64Array(calls);
      for (let call = 0; call < calls; call++) {
        const start = now();
        await task.run();
        times[call] = now() - start;
      }
      if (round > 0) task.times.push(times);
    }
  }
  const rows = tasks.map(({ name, title, times }) => {
    const all = Float64Array.from(times.flatMap((part) => [...part]));
    const medians = times.map((part) => quantile(part, 0.5));
    return { name, title, calls: all.length, p50: quantile(all, 0.5), p99: quantile(all, 0.99), medians };
  });
  const [ofSum, ofRange] = rows;
  const ratio = quantile(
    ofSum.medians.map((time, round) => time / ofRange.medians[round]),
    0.5,
  );
  return { length: LENGTH, rows, ratio };
}

module.exports = { measureShort };
