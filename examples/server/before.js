'use strict';

// The same with a pool of worker threads. A worker that is in the middle of a sum hears nothing, so that one whose client has gone is
// ended, and another one started.

const { Worker, isMainThread, parentPort } = require('node:worker_threads');
const { WORKERS } = require('../common/workers.js');
const { exercise, serve } = require('./http.js');

class Pool {
  #workers = new Set();
  #idle = [];
  #waiting = [];

  constructor(size) {
    for (let k = 0; k < size; k++) this.#start();
  }

  #start() {
    const worker = new Worker(__filename);
    this.#workers.add(worker);
    this.#free(worker);
  }

  #free(worker) {
    const task = this.#waiting.shift();
    if (task) this.#assign(worker, task);
    else this.#idle.push(worker);
  }

  #assign(worker, { num, signal, resolve, reject }) {
    const done = () => {
      signal.removeEventListener('abort', stop);
      worker.off('message', answer).off('error', fail);
    };
    const replace = (error) => {
      done();
      this.#workers.delete(worker);
      worker.terminate();
      this.#start();
      reject(error);
    };
    const stop = () => replace(signal.reason);
    const fail = (error) => replace(error);
    const answer = (sum) => {
      done();
      resolve(sum);
      this.#free(worker);
    };
    worker.on('message', answer).on('error', fail);
    signal.addEventListener('abort', stop);
    worker.postMessage(num);
  }

  run(num, signal) {
    return new Promise((resolve, reject) => {
      const task = { num, signal, resolve, reject };
      const worker = this.#idle.pop();
      if (worker) return this.#assign(worker, task);
      this.#waiting.push(task);
      signal.addEventListener('abort', () => {
        const at = this.#waiting.indexOf(task);
        if (at === -1) return;
        this.#waiting.splice(at, 1);
        reject(signal.reason);
      });
    });
  }

  close() {
    return Promise.all([...this.#workers].map((worker) => worker.terminate()));
  }
}

async function run(settings) {
  const pool = new Pool(WORKERS);
  const answers = await exercise(
    serve((num, signal) => pool.run(num, signal)),
    settings,
  );
  await pool.close();
  return answers;
}

function work() {
  parentPort.on('message', (num) => {
    let sum = 0;
    for (let i = 0; i < num; i++) sum += 1 / ((i + 1) * (i + 1));
    parentPort.postMessage(sum);
  });
}

module.exports = { run };
if (!isMainThread) work();
else if (require.main === module) {
  const pool = new Pool(WORKERS);
  require('./main.js').main((num, signal) => pool.run(num, signal));
}
