'use strict';

// Counts the primes below a number, and finds the largest of them.
//
//   node examples/primes/main.js [--num 10000000]

const { count, findIndex } = require('../..'); // in your own program: require('allcores')
const { settings } = require('../common/settings.js');
const { isPrime } = require('./is-prime.js');

const DEFAULTS = { num: 10_000_000 };

async function run({ num }) {
  const primes = await count(num, isPrime);
  // The lowest index of a range that is counted down: the threads stop as soon as it is known.
  const distance = await findIndex(num, (i, { isPrime, num }) => isPrime(num - 1 - i), {
    data: { isPrime, num },
  });
  return { primes, largest: distance === -1 ? -1 : num - 1 - distance };
}

/** `compute` is what the same program has with worker threads, in before.js. */
async function main(compute = run) {
  const wanted = settings(DEFAULTS);
  const { primes, largest } = await compute(wanted);
  console.log(`primes below ${wanted.num}: ${primes}`);
  console.log(`the largest of them: ${largest === -1 ? 'there is none' : largest}`);
}

module.exports = { DEFAULTS, main, run };
if (require.main === module) main();
