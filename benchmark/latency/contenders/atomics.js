'use strict';

// A warm worker thread, written by hand, that gets its numbers through shared memory: nothing is copied, nothing is queued. One
// call at a time, so it is measured only where calls come one after the other. Two ways to wait for the answer.

const path = require('node:path');
const { Worker } = require('node:worker_threads');

const SLOT = { request: 0, answer: 1, value: 2 };

const atomics = {
  name: 'atomics',
  title: 'Atomics.wait',
  why: 'hand-written: `Atomics.notify` wakes a worker, and the main thread **blocks** in `Atomics.wait`; the bound for worker threads',
  warm: ['trip'],

  start: ({ threads }) =>
    start(threads, (control, request) => {
      while (Atomics.load(control, SLOT.answer) !== request) {
        Atomics.wait(control, SLOT.answer, request - 1);
      }
      return Atomics.load(control, SLOT.value);
    }),
};

const atomicsAsync = {
  name: 'atomics-async',
  title: 'Atomics.waitAsync',
  why: 'the same without blocking: `await Atomics.waitAsync(…)`',
  warm: ['trip'],

  start: ({ threads }) =>
    start(threads, async (control, request) => {
      while (Atomics.load(control, SLOT.answer) !== request) {
        await Atomics.waitAsync(control, SLOT.answer, request - 1).value;
      }
      return Atomics.load(control, SLOT.value);
    }),
};

/** As many workers as the others have, of which one works and the rest sleep. */
function start(threads, wait) {
  const script = path.join(__dirname, 'atomics-worker.js');
  const controls = Array.from({ length: threads }, () => new Int32Array(new SharedArrayBuffer(4 * 16)));
  const team = controls.map((control) => new Worker(script, { workerData: { control, SLOT } }));
  const requests = controls.map(() => 0);
  const ask = (index) => {
    const request = ++requests[index];
    const control = controls[index];
    Atomics.store(control, SLOT.value, 10);
    Atomics.store(control, SLOT.request, request);
    Atomics.notify(control, SLOT.request);
    return wait(control, request);
  };
  return {
    call: () => ask(0),
    // Blocking the main thread before a worker is up would keep it from coming up.
    all: async () => {
      await Promise.all(team.map((worker) => new Promise((resolve) => worker.once('online', resolve))));
      for (let index = 0; index < threads; index++) await ask(index);
    },
    stop: () => Promise.all(team.map((worker) => worker.terminate())),
  };
}

module.exports = { atomics, atomicsAsync };
