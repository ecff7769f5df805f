'use strict';

// Prices two call options by the Monte Carlo method: a European one, for which there is a formula, and an Asian one, whose value depends
// on the mean of the price over all days, and for which there is none.
//
//   node examples/option/main.js [--paths 1000000] [--days 64] [--price 100.5] [--strike 105.5] [--rate 0.03]
//                                [--volatility 0.2] [--years 1.5] [--seed 1]
//
// Each index is a path of its own. Two results of one pass go to two arrays; their means and variances are exact sums, rounded once.

const { forRange, mean, random, shared, variance } = require('../..'); // in your own program: require('allcores')
const { settings } = require('../common/settings.js');
const { blackScholes, normal, steps } = require('./market.js');

const DEFAULTS = {
  paths: 1_000_000,
  days: 64,
  price: 100.5,
  strike: 105.5,
  rate: 0.03,
  volatility: 0.2,
  years: 1.5,
  seed: 1,
};

const BOUNDS = { paths: [2], seed: [0], price: [0.01], strike: [0.01], volatility: [0.01], years: [0.01] };

function path(i, { european, asian, price, strike, days, drift, spread, seed, random, normal }) {
  let at = price;
  let sum = 0;
  for (let day = 0; day < days; day++) {
    const z = normal(random(seed, i, 2 * day), random(seed, i, 2 * day + 1));
    at *= Math.exp(drift + spread * z);
    sum += at;
  }
  european[i] = Math.max(0, at - strike);
  asian[i] = Math.max(0, sum / days - strike);
}

async function run(market) {
  const { paths, days, price, strike, rate, years, seed } = market;
  const european = shared(Float64Array, paths);
  const asian = shared(Float64Array, paths);
  const data = { european, asian, price, strike, days, seed, random, normal, ...steps(market) };
  await forRange(paths, path, { data });
  // What is paid later is worth less today.
  const today = Math.exp(-rate * years);
  const value = async (payoffs) => ({
    price: today * (await mean(payoffs)),
    error: today * Math.sqrt((await variance(payoffs, { ddof: 1 })) / paths),
  });
  return { european: await value(european), asian: await value(asian) };
}

/** `compute` is what the same program has with worker threads, in before.js. */
async function main(compute = run) {
  const market = settings(DEFAULTS, BOUNDS);
  const { european, asian } = await compute(market);
  const show = ({ price, error }) => `${price.toFixed(4)} ± ${error.toFixed(4)}`;
  console.log(`European call: ${show(european)} (Black-Scholes: ${blackScholes(market).toFixed(4)})`);
  console.log(`Asian call:    ${show(asian)}`);
}

module.exports = { DEFAULTS, main, run };
if (require.main === module) main();
