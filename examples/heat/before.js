'use strict';

// The same with worker threads: each has a band of rows, and all wait for each other after each step.

const { isMainThread, parentPort, workerData } = require('node:worker_threads');
const { meet, newBarrier, onWorkers, share } = require('../common/workers.js');
const { cell, heatUp } = require('./plate.js');

async function run({ width, height, steps, speed }) {
  const [a, b] = [0, 1].map(() => new Float64Array(new SharedArrayBuffer(8 * width * height)));
  heatUp(a, width, height);
  b.set(a);
  await onWorkers(__filename, { a, b, width, height, steps, speed, barrier: newBarrier() });
  return { plate: steps % 2 === 0 ? a : b };
}

function work({ a, b, width, height, steps, speed, barrier, ...me }) {
  const [top, bottom] = share(height - 2, me);
  const data = { from: a, to: b, width, speed };
  for (let step = 0; step < steps; step++) {
    for (let y = top; y < bottom; y++) {
      for (let x = 0; x < width - 2; x++) cell(y, x, data);
    }
    [data.from, data.to] = [data.to, data.from];
    meet(barrier, me);
  }
  parentPort.postMessage('done');
}

module.exports = { run };
if (!isMainThread) work(workerData);
else if (require.main === module) require('./main.js').main(run);
