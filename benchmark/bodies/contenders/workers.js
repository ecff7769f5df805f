'use strict';

// Warm worker threads, written by hand: one for each CPU, woken by Atomics.notify, each with a share of the indices and a slot for
// its partial sum. The main thread blocks in Atomics.wait until the last one is done: a program with an event loop could
// not afford that, but nothing is faster.

const path = require('node:path');
const { Worker } = require('node:worker_threads');
const { timed } = require('../../common/timed');

/** Slots of the control memory; from `call` on one for each worker, so that only those wake that have a share. */
const SLOT = { done: 0, workload: 1, threads: 2, stop: 3, call: 16 };

let state;

const workers = {
  name: 'workers',
  title: 'worker_threads',
  why: 'warm workers, a share of the indices each, partial sums, `Atomics.wait` and `notify`',
  exact: false,
  quick: true,

  async open({ threads, memory, list, quick }) {
    const control = new Int32Array(new SharedArrayBuffer(4 * (SLOT.call + threads)));
    const parts = new Float64Array(new SharedArrayBuffer(8 * threads));
    const { x, y, out } = memory;
    const ready = Array.from({ length: threads }, (_, index) => {
      const workerData = { memory: { x, y, out }, quick, control, parts, index, SLOT };
      const worker = new Worker(path.join(__dirname, 'workers-worker.js'), { workerData });
      worker.unref();
      return new Promise((resolve, reject) => worker.once('message', resolve).once('error', reject));
    });
    // Without this, nothing keeps the process alive meanwhile.
    const alive = setInterval(() => {}, 1000);
    await Promise.all(ready);
    clearInterval(alive);
    state = { control, parts, memory, list, started: threads };
  },

  supports: () => true,

  run(workload, threads, untimed, calls) {
    const { control, list } = state;
    Atomics.store(control, SLOT.workload, list.indexOf(workload));
    Atomics.store(control, SLOT.threads, threads);
    return timed(() => callOnce(threads), untimed, calls);
  },

  output: () => state.memory.out,

  close() {
    Atomics.store(state.control, SLOT.stop, 1);
    wake(state.started);
  },
};

function callOnce(threads) {
  const { control, parts } = state;
  Atomics.store(control, SLOT.done, 0);
  wake(threads);
  while (true) {
    const done = Atomics.load(control, SLOT.done);
    if (done === threads) return parts.subarray(0, threads).reduce((a, b) => a + b, 0);
    Atomics.wait(control, SLOT.done, done);
  }
}

function wake(threads) {
  for (let slot = SLOT.call; slot < SLOT.call + threads; slot++) {
    Atomics.add(state.control, slot, 1);
    Atomics.notify(state.control, slot);
  }
}

module.exports = { workers };
