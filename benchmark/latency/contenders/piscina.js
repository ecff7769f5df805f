'use strict';

// A pool of the package piscina, with its default options but for the number of threads.

const path = require('node:path');
const { poolOf } = require('./pool');

const piscina = {
  name: 'piscina',
  title: 'piscina',
  why: 'a pool of the package piscina',

  start({ threads }) {
    const { Piscina } = require('piscina');
    const filename = path.join(__dirname, 'task.js');
    const size = { minThreads: threads, maxThreads: threads, idleTimeout: Number.POSITIVE_INFINITY };
    const pool = new Piscina({ ...size, filename });
    return poolOf({
      threads,
      run: (task, signal) => pool.run(task, { signal }),
      stop: () => pool.destroy(),
    });
  },
};

module.exports = { piscina };
