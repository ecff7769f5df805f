'use strict';

// Estimates pi by random points in a square: a quarter of pi of them is inside of the quarter of a circle.
//
//   node examples/pi/main.js [--num 100000000] [--seed 1]
//
// `random(seed, i, k)` has no state. It gives the same numbers on every machine and for any number of threads, so that a run can be
// repeated.

const { count, random } = require('../..'); // in your own program: require('allcores')
const { settings } = require('../common/settings.js');

const DEFAULTS = { num: 100_000_000, seed: 1 };

const inside = (i, { seed, random }) => random(seed, i, 0) ** 2 + random(seed, i, 1) ** 2 < 1;

async function run({ num, seed }) {
  const hits = await count(num, inside, { data: { seed, random } });
  const share = hits / num;
  return { pi: 4 * share, error: 4 * Math.sqrt((share * (1 - share)) / num) };
}

/** `compute` is what the same program has with worker threads, in before.js. */
async function main(compute = run) {
  const { pi, error } = await compute(settings(DEFAULTS, { seed: [0] }));
  console.log(`pi is ${pi} ± ${error.toPrecision(2)} (off by ${Math.abs(pi - Math.PI).toPrecision(2)})`);
}

module.exports = { DEFAULTS, main, run };
if (require.main === module) main();
