'use strict';

// Worker threads whose program is a function that stands in the test itself.

const { once } = require('node:events');
const path = require('node:path');
const { Worker } = require('node:worker_threads');

const ROOT = path.join(__dirname, '..', '..');

/**
 * Starts a worker that runs `body(root, workerData)`. The function travels as source: it sees its arguments, `require`
 * and the globals, and nothing of what surrounds it here.
 */
function startWorker(body, workerData, options = {}) {
  const program = `'use strict';(${body})(${JSON.stringify(ROOT)}, require('node:worker_threads').workerData);`;
  return new Worker(program, { ...options, eval: true, workerData });
}

/** Runs a worker to its end and resolves with the first message it posts (undefined when it posts none). */
async function runWorker(body, workerData, options) {
  const worker = startWorker(body, workerData, options);
  let answer;
  worker.once('message', (message) => {
    answer = message;
  });
  // `once` rejects when the worker reports an error.
  const [code] = await once(worker, 'exit');
  if (code !== 0) throw new Error(`the worker ended with exit code ${code}`);
  return answer;
}

module.exports = { ROOT, runWorker, startWorker };
