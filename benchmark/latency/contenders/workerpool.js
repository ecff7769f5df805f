'use strict';

// A pool of worker threads of the package workerpool, with its default options but for the number of threads.

const path = require('node:path');
const { poolOf } = require('./pool');

const workerpool = {
  name: 'workerpool',
  title: 'workerpool',
  why: 'a pool of the package workerpool; aborting is `cancel()`',

  start({ threads }) {
    const script = path.join(__dirname, 'workerpool-worker.js');
    const size = { minWorkers: threads, maxWorkers: threads };
    const pool = require('workerpool').pool(script, { ...size, workerType: 'thread' });
    return poolOf({
      threads,
      run(task, signal) {
        const promise = pool.exec('task', [task]);
        // What a listener returns is awaited by Node, and a rejection of it ends the process.
        signal?.addEventListener('abort', () => void promise.cancel(), { once: true });
        return promise;
      },
      stop: () => pool.terminate(),
    });
  },
};

module.exports = { workerpool };
