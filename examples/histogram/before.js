'use strict';

// The same with worker threads. Each counts for itself, and what they have is added up: that takes no atomic operations.

const { isMainThread, parentPort, workerData } = require('node:worker_threads');
const { onWorkers, share } = require('../common/workers.js');
const { samples } = require('./samples.js');

const prepare = ({ num }) => samples(num);

async function run({ bins }, { input: values }) {
  const counts = new Int32Array(bins);
  for (const part of await onWorkers(__filename, { values, bins })) {
    for (let bin = 0; bin < bins; bin++) counts[bin] += part[bin];
  }
  return { counts };
}

function work({ values, bins, ...me }) {
  const counts = new Int32Array(bins);
  const [from, to] = share(values.length, me);
  for (let i = from; i < to; i++) counts[Math.floor(values[i] * bins)]++;
  parentPort.postMessage(counts);
}

module.exports = { prepare, run };
if (!isMainThread) work(workerData);
else if (require.main === module) require('./main.js').main(run);
