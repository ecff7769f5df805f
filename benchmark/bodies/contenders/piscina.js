'use strict';

// A warm pool of worker threads from the package piscina: one task for each CPU, on a share of the indices.

const path = require('node:path');
const { share } = require('../../common/elements');
const { timedAsync } = require('../../common/timed');

let state;

const piscina = {
  name: 'piscina',
  title: 'piscina',
  why: 'a warm pool, one task for each CPU on a share of the indices',
  exact: false,

  async open({ threads, memory, list, quick }) {
    const { Piscina } = require('piscina');
    const { x, y, out } = memory;
    const pool = new Piscina({
      filename: path.join(__dirname, 'piscina-worker.js'),
      minThreads: threads,
      maxThreads: threads,
      idleTimeout: Number.POSITIVE_INFINITY,
      workerData: { memory: { x, y, out }, quick },
    });
    state = { pool, memory, list };
    await Promise.all(Array.from({ length: threads }, () => pool.run({ index: 0, from: 0, to: 0 })));
  },

  supports: () => true,

  run(workload, threads, untimed, calls) {
    const { pool, list } = state;
    const tasks = Array.from({ length: threads }, (_, part) => {
      const [from, to] = share([workload.count].flat()[0], part, threads);
      return { index: list.indexOf(workload), from, to };
    });
    return timedAsync(
      async () => {
        const parts = await Promise.all(tasks.map((task) => pool.run(task)));
        return parts.reduce((a, b) => a + b, 0);
      },
      untimed,
      calls,
    );
  },

  output: () => state.memory.out,

  close() {
    return state.pool.destroy();
  },
};

module.exports = { piscina };
