'use strict';

// The pool of a contender, made of its one way to run a task on a worker thread.

const { share } = require('../../common/elements');

const TRIES = 5;

/**
 * `run(task)` and `run(task, signal)` resolve with what task.js makes of it.
 */
function poolOf({ threads, run, stop }) {
  const progress = new SharedArrayBuffer(4);
  const onAll = (make, signal) =>
    Promise.all(Array.from({ length: threads }, (_, i) => run(make(i), signal)));
  return {
    call: () => run(10),

    /** A pool that has just terminated a thread may still give it a task, and reject that: then they try again. */
    async all() {
      for (let tries = 1; ; tries++) {
        const meeting = new SharedArrayBuffer(8);
        const met = Array.from({ length: threads }, () => run({ meeting, threads }));
        const refused = (await Promise.allSettled(met)).find(({ status }) => status === 'rejected');
        if (refused === undefined) return;
        if (tries === TRIES) throw refused.reason;
      }
    },

    long: (memory) => run({ memory, from: 0, to: memory.byteLength / 8, progress }),

    async spread(memory, signal) {
      const parts = await onAll((index) => {
        const [from, to] = share(memory.byteLength / 8, index, threads);
        return { memory, from, to, progress };
      }, signal);
      return parts.reduce((a, b) => a + b);
    },

    width: threads,
    progress,
    stop,
  };
}

module.exports = { poolOf };
