'use strict';

// What the programs with worker threads (before.js) have in common: one worker for each CPU, its share of a loop, and a barrier.

const os = require('node:os');
const { Worker } = require('node:worker_threads');

/** As many as allcores has threads, so that both can be compared. */
const WORKERS = Number(process.env.ALLCORES_THREADS) || os.availableParallelism();

/** Starts the workers, each with `data`, its `index` and how many there are, `count`. Resolves with what each of them posts. */
function onWorkers(file, data) {
  return Promise.all(
    Array.from(
      { length: WORKERS },
      (_, index) =>
        new Promise((resolve, reject) => {
          const worker = new Worker(file, { workerData: { ...data, index, count: WORKERS } });
          worker.once('message', resolve);
          worker.once('error', reject);
          worker.once('exit', (code) =>
            reject(new Error(`A worker ended without an answer (exit code ${code})`)),
          );
        }),
    ),
  );
}

/** The bounds of the share of one worker. */
function share(length, { index, count }) {
  return [Math.floor((length * index) / count), Math.floor((length * (index + 1)) / count)];
}

/** Two slots: how many have come to the barrier, and how often all have. */
const newBarrier = () => new Int32Array(new SharedArrayBuffer(8));

/** Sleeps until all workers have come here. */
function meet(barrier, { count }) {
  const turn = Atomics.load(barrier, 1);
  if (Atomics.add(barrier, 0, 1) === count - 1) {
    Atomics.store(barrier, 0, 0);
    Atomics.add(barrier, 1, 1);
    Atomics.notify(barrier, 1);
    return;
  }
  while (Atomics.load(barrier, 1) === turn) Atomics.wait(barrier, 1, turn);
}

module.exports = { WORKERS, meet, newBarrier, onWorkers, share };
