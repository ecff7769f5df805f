'use strict';

// The same with worker threads: each has a band of rows, and all wait for each other after each generation.

const { isMainThread, parentPort, workerData } = require('node:worker_threads');
const { meet, newBarrier, onWorkers, share } = require('../common/workers.js');
const { cell, populate } = require('./rules.js');

async function run({ width, height, generations, seed }) {
  const [a, b, trail] = [0, 1, 2].map(() => new Uint8Array(new SharedArrayBuffer(width * height)));
  populate(a, seed);
  await onWorkers(__filename, { a, b, trail, width, height, generations, barrier: newBarrier() });
  return { cells: generations % 2 === 0 ? a : b, trail };
}

function work({ a, b, trail, width, height, generations, barrier, ...me }) {
  const [top, bottom] = share(height, me);
  const data = { from: a, to: b, trail, width, height };
  for (let generation = 0; generation < generations; generation++) {
    for (let y = top; y < bottom; y++) {
      for (let x = 0; x < width; x++) cell(y, x, data);
    }
    [data.from, data.to] = [data.to, data.from];
    meet(barrier, me);
  }
  parentPort.postMessage('done');
}

module.exports = { run };
if (!isMainThread) work(workerData);
else if (require.main === module) require('./main.js').main(run);
