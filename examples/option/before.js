'use strict';

// The same with worker threads, by Math.random. Each worker has the moments of its own payoffs, which are put together in the end.

const { isMainThread, parentPort, workerData } = require('node:worker_threads');
const { onWorkers, share } = require('../common/workers.js');
const { normal, steps } = require('./market.js');

async function run(market) {
  const parts = await onWorkers(__filename, market);
  const today = Math.exp(-market.rate * market.years);
  const value = (kind) => {
    const { n, mean, squares } = parts.map((part) => part[kind]).reduce(merge);
    return { price: today * mean, error: today * Math.sqrt(squares / (n - 1) / n) };
  };
  return { european: value('european'), asian: value('asian') };
}

/** Mean and sum of squared deviations of both (Chan, Golub and LeVeque). */
function merge(a, b) {
  const n = a.n + b.n;
  const apart = b.mean - a.mean;
  const squares = a.squares + b.squares + (apart * apart * a.n * b.n) / n;
  return { n, mean: a.mean + (apart * b.n) / n, squares };
}

/** Takes one more value in (Welford). */
function add(moments, value) {
  moments.n++;
  const apart = value - moments.mean;
  moments.mean += apart / moments.n;
  moments.squares += apart * (value - moments.mean);
}

function work(market) {
  const { paths, days, price, strike } = market;
  const { drift, spread } = steps(market);
  const european = { n: 0, mean: 0, squares: 0 };
  const asian = { n: 0, mean: 0, squares: 0 };
  const [from, to] = share(paths, market);
  for (let i = from; i < to; i++) {
    let at = price;
    let sum = 0;
    for (let day = 0; day < days; day++) {
      at *= Math.exp(drift + spread * normal(Math.random(), Math.random()));
      sum += at;
    }
    add(european, Math.max(0, at - strike));
    add(asian, Math.max(0, sum / days - strike));
  }
  parentPort.postMessage({ european, asian });
}

module.exports = { run };
if (!isMainThread) work(workerData);
else if (require.main === module) require('./main.js').main(run);
