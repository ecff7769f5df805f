'use strict';

// Counts how many numbers fall into each bin, and draws it as text.
//
//   node examples/histogram/main.js [--num 10000000] [--bins 40]
//
// Many indices may add to the same bin at the same time: `Atomics.add` loses none of them.

const { forRange, shared } = require('../..'); // in your own program: require('allcores')
const { settings } = require('../common/settings.js');
const { samples } = require('./samples.js');

const DEFAULTS = { num: 10_000_000, bins: 40 };

const prepare = ({ num }) => samples(num);

async function run({ bins }, { input: values }) {
  const counts = shared(Int32Array, bins);
  await forRange(
    values.length,
    (i, { values, counts, bins }) => {
      Atomics.add(counts, Math.floor(values[i] * bins), 1);
    },
    { data: { values, counts, bins } },
  );
  return { counts };
}

/** `compute` is what the same program has with worker threads, in before.js. */
async function main(compute = run) {
  const wanted = settings(DEFAULTS);
  const { counts } = await compute(wanted, { input: prepare(wanted) });
  const most = Math.max(...counts);
  for (const [bin, count] of counts.entries()) {
    const bar = '#'.repeat(Math.round((60 * count) / most));
    console.log(`${(bin / wanted.bins).toFixed(3)} ${String(count).padStart(9)} ${bar}`.trimEnd());
  }
}

module.exports = { DEFAULTS, main, prepare, run };
if (require.main === module) main();
