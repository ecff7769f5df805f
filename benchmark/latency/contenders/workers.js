'use strict';

// Warm worker threads, written by hand as one does: `postMessage` to one after the other, and a table of the promises
// that wait. What cannot be interrupted is terminated, and replaced.

const path = require('node:path');
const { Worker } = require('node:worker_threads');
const { poolOf } = require('./pool');

const SCRIPT = path.join(__dirname, 'workers-worker.js');

const workers = {
  name: 'workers',
  title: 'worker_threads',
  why: 'hand-written: warm workers, `postMessage` to each in turn; aborting is `terminate()` and a new worker',

  start({ threads }) {
    const team = Array.from({ length: threads }, () => new Member());
    let next = 0;
    return poolOf({
      threads,
      run(what, signal) {
        const index = next;
        next = (next + 1) % threads;
        const member = team[index];
        signal?.addEventListener(
          'abort',
          () => {
            if (team[index] === member) team[index] = new Member();
            member.end(signal.reason);
          },
          { once: true },
        );
        return member.run(what);
      },
      stop: () => Promise.all(team.map((member) => member.end(new Error('stopped')))),
    });
  },
};

/** A worker, and the promises that wait for it. */
class Member {
  #worker = new Worker(SCRIPT);
  #waiting = new Map();
  #last = 0;

  constructor() {
    this.#worker.on('message', ({ id, value }) => {
      this.#waiting.get(id).resolve(value);
      this.#waiting.delete(id);
    });
    this.#worker.on('error', (error) => this.#rejectAll(error));
  }

  run(what) {
    return new Promise((resolve, reject) => {
      const id = this.#last++;
      this.#waiting.set(id, { resolve, reject });
      this.#worker.postMessage({ id, what });
    });
  }

  /** Rejects the pending calls when the thread is gone. */
  async end(reason) {
    await this.#worker.terminate();
    this.#rejectAll(reason);
  }

  #rejectAll(reason) {
    for (const { reject } of this.#waiting.values()) reject(reason);
    this.#waiting.clear();
  }
}

module.exports = { workers };
