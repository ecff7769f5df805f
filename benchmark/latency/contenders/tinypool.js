'use strict';

// A pool of the package tinypool, with its default options but for the number of threads.

const path = require('node:path');
const { poolOf } = require('./pool');

const tinypool = {
  name: 'tinypool',
  title: 'tinypool',
  why: 'a pool of the package tinypool',

  async start({ threads }) {
    const { Tinypool } = await import('tinypool');
    const filename = path.join(__dirname, 'task.js');
    const size = { minThreads: threads, maxThreads: threads, idleTimeout: Number.POSITIVE_INFINITY };
    const pool = new Tinypool({ ...size, filename });
    return poolOf({
      threads,
      run: (task, signal) => pool.run(task, { signal }),
      stop: () => pool.destroy(),
    });
  },
};

module.exports = { tinypool };
