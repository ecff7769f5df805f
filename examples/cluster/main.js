'use strict';

// Counts the pairs of numbers that have no common factor, on all machines that have a worker. Ctrl-C stops it, and the next start
// goes on where it was.
//
//   ALLCORES_CONNECTION=redis://… ALLCORES_SECRET=… node examples/cluster/main.js [--num 20000]

const { connect } = require('../../cluster.js'); // in your own program: require('allcores/cluster')
const { progressBar } = require('../common/progress.js');
const { settings } = require('../common/settings.js');

const DEFAULTS = { num: 20_000 };

/** Euclid's. */
function gcd(a, b) {
  while (b !== 0) [a, b] = [b, a % b];
  return a;
}

async function main() {
  const { num } = settings(DEFAULTS);
  const { ALLCORES_CONNECTION: connection, ALLCORES_SECRET: secret } = process.env;
  const cluster = await connect({ connection, secret });
  const controller = new AbortController();
  process.once('SIGINT', () => controller.abort());
  const bar = progressBar('pairs');
  try {
    const pairs = await cluster.count([num, num], (a, b) => gcd(a + 1, b + 1) === 1, {
      data: { gcd },
      signal: controller.signal,
      onProgress: bar.onProgress,
      resume: `coprime-${num}`,
    });
    bar.end();
    console.log(`pairs of numbers from 1 to ${num} without a common factor: ${pairs}`);
    console.log(`and so π is about ${Math.sqrt((6 * num * num) / pairs)}`);
  } catch (error) {
    bar.end();
    if (error.code !== 'ABORT_ERR') throw error;
    console.log('stopped; the next start goes on here');
  } finally {
    await cluster.close();
  }
}

main().catch((error) => {
  console.error(`${error.code ?? error.name}: ${error.message}`);
  process.exitCode = 1;
});
