'use strict';

// The same with worker threads. Large numbers take longer, so that the workers take turns: the next thousands that nobody has taken.

const { isMainThread, parentPort, workerData } = require('node:worker_threads');
const { onWorkers } = require('../common/workers.js');
const { isPrime } = require('./is-prime.js');

const CHUNK = 10_000;

async function run({ num }) {
  const nextChunk = new Int32Array(new SharedArrayBuffer(4));
  const answers = await onWorkers(__filename, { num, nextChunk });
  const primes = answers.reduce((total, answer) => total + answer.primes, 0);
  return { primes, largest: Math.max(...answers.map(({ largest }) => largest)) };
}

function work({ num, nextChunk }) {
  let primes = 0;
  let largest = -1;
  while (true) {
    const from = Atomics.add(nextChunk, 0, 1) * CHUNK;
    if (from >= num) break;
    for (let n = from; n < Math.min(from + CHUNK, num); n++) {
      if (!isPrime(n)) continue;
      primes++;
      largest = n;
    }
  }
  parentPort.postMessage({ primes, largest });
}

module.exports = { run };
if (!isMainThread) work(workerData);
else if (require.main === module) require('./main.js').main(run);
