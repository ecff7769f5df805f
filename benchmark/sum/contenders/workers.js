'use strict';

// Warm worker threads, written by hand: one for each CPU, woken by Atomics.notify, each with its share of the shared memory
// and its slot for the partial sum. The main thread blocks in Atomics.wait until the last one is done: a program with an
// event loop could not afford that, but nothing is faster.

const path = require('node:path');
const { Worker } = require('node:worker_threads');
const { IDS, total } = require('../../common/elements');
const { timed } = require('../../common/timed');

/** Slots of the control memory. */
const SLOT = { call: 0, done: 1, element: 2, stop: 3 };

let state;

const workers = {
  name: 'workers',
  title: 'worker_threads',
  why: 'one warm worker for each CPU, partial sums, `Atomics.wait` and `notify`',

  async open({ threads, memory }) {
    const control = new Int32Array(new SharedArrayBuffer(4 * 64));
    const length = new Float64Array(new SharedArrayBuffer(8));
    const parts = new SharedArrayBuffer(8 * threads);
    const start = (_, index) => {
      const workerData = { memory, control, length, parts, index, threads, SLOT };
      const worker = new Worker(path.join(__dirname, 'workers-worker.js'), { workerData });
      worker.unref();
      return new Promise((resolve, reject) => worker.once('message', resolve).once('error', reject));
    };
    const ready = Array.from({ length: threads }, start);
    // Without this, nothing keeps the process alive meanwhile.
    const alive = setInterval(() => {}, 1000);
    await Promise.all(ready);
    clearInterval(alive);
    state = { control, length, parts, threads };
  },

  load({ element }) {
    const { control, parts } = state;
    Atomics.store(control, SLOT.element, IDS.indexOf(element.id));
    state.id = element.id;
    state.view = element.kind === 'bigint' ? new BigInt64Array(parts) : new Float64Array(parts);
  },

  supports: () => true,

  run(length, untimed, calls) {
    state.length[0] = length;
    return timed(sumOnce, untimed, calls);
  },

  close() {
    Atomics.store(state.control, SLOT.stop, 1);
    Atomics.add(state.control, SLOT.call, 1);
    Atomics.notify(state.control, SLOT.call);
  },
};

function sumOnce() {
  const { control, threads } = state;
  Atomics.store(control, SLOT.done, 0);
  Atomics.add(control, SLOT.call, 1);
  Atomics.notify(control, SLOT.call);
  while (true) {
    const done = Atomics.load(control, SLOT.done);
    if (done === threads) return total(state.id, state.view);
    Atomics.wait(control, SLOT.done, done);
  }
}

module.exports = { workers };
