'use strict';

// The same with worker threads, by Math.random: the numbers are others in each run.

const { isMainThread, parentPort, workerData } = require('node:worker_threads');
const { onWorkers, share } = require('../common/workers.js');

async function run({ num }) {
  const parts = await onWorkers(__filename, { num });
  const part = parts.reduce((a, b) => a + b, 0) / num;
  return { pi: 4 * part, error: 4 * Math.sqrt((part * (1 - part)) / num) };
}

function work({ num, ...me }) {
  const [from, to] = share(num, me);
  let hits = 0;
  for (let i = from; i < to; i++) if (Math.random() ** 2 + Math.random() ** 2 < 1) hits++;
  parentPort.postMessage(hits);
}

module.exports = { run };
if (!isMainThread) work(workerData);
else if (require.main === module) require('./main.js').main(run);
