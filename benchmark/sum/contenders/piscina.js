'use strict';

// A warm pool of worker threads from the package piscina: one task for each CPU, on slices of the same shared memory.

const path = require('node:path');
const { share, total } = require('../../common/elements');
const { timedAsync } = require('../../common/timed');

let state;

const piscina = {
  name: 'piscina',
  title: 'piscina',
  why: 'a warm pool, one task for each CPU on a slice of the same memory',

  async open({ threads, memory }) {
    const { Piscina } = require('piscina');
    const filename = path.join(__dirname, 'piscina-worker.js');
    const options = { minThreads: threads, maxThreads: threads, idleTimeout: Number.POSITIVE_INFINITY };
    const pool = new Piscina({ ...options, filename, workerData: { memory } });
    state = { pool, threads };
    await Promise.all(Array.from({ length: threads }, () => pool.run({ id: 'f64', from: 0, to: 0 })));
  },

  load({ element }) {
    state.id = element.id;
  },

  supports: () => true,

  run(length, untimed, calls) {
    const { pool, threads, id } = state;
    const tasks = Array.from({ length: threads }, (_, index) => {
      const [from, to] = share(length, index, threads);
      return { id, from, to };
    });
    return timedAsync(
      async () => total(id, await Promise.all(tasks.map((task) => pool.run(task)))),
      untimed,
      calls,
    );
  },

  close() {
    return state.pool.destroy();
  },
};

module.exports = { piscina };
