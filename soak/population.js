'use strict';

// Worker threads that are born, call, and end in every way there is, over and over.

const path = require('node:path');
const { Worker } = require('node:worker_threads');

/**
 * Ways to end, and their exit codes. Only the last has its calls settled first. A worker that is terminated before its
 * environment is there ends with 0.
 */
const ENDS = { terminate: [1, 0], exit: [5], throw: [1], stop: [0] };

class Population {
  constructor({ board, random, shape, complain }) {
    this.board = board;
    this.random = random;
    this.shape = shape;
    this.complain = complain;
    this.over = false;
    this.living = new Set();
    this.born = 0;
    /** How many calls were pending when their worker ended. */
    this.lost = 0;
    this.ended = Object.fromEntries(Object.keys(ENDS).map((end) => [end, 0]));
  }

  /** Keeps these seats taken until `callBack`. Resolves when the last worker has ended. */
  async run(seats) {
    this.over = false;
    const keepTaken = async (seat) => {
      while (!this.over) await this.#life(seat);
    };
    await Promise.all(seats.map(keepTaken));
  }

  /** Terminates those that are there. */
  callBack() {
    this.over = true;
    for (const life of this.living) {
      life.calledBack = true;
      life.worker.terminate();
    }
  }

  async #life(seat) {
    const end = this.random.pick(Object.keys(ENDS));
    const life = this.random.magnitude(4000);
    const workerData = {
      ...this.shape,
      seat,
      end,
      life,
      lanes: this.random.integer(1, 4),
      seed: this.random.bits(),
    };
    const worker = new Worker(path.join(__dirname, 'worker.js'), { workerData });
    this.born++;
    const one = { worker, calledBack: false };
    this.living.add(one);
    const failures = [];
    worker.on('message', this.complain).on('error', (error) => failures.push(error));
    const exit = new Promise((resolve) => worker.once('exit', resolve));
    if (end === 'terminate') setTimeout(() => worker.terminate(), life);
    const code = await exit;
    this.living.delete(one);
    this.ended[one.calledBack ? 'terminate' : end]++;
    const lost = this.board.vacate(seat);
    this.lost += lost;
    if (end === 'stop' && !one.calledBack && lost > 0)
      this.complain(`a worker that fell off its end left ${lost} calls pending`);
    const unexpected = failures.find((error) => end !== 'throw' || error.message !== 'on purpose');
    if (unexpected) this.complain(`a worker (${end}) failed: ${unexpected.stack}`);
    else if (!one.calledBack && !ENDS[end].includes(code))
      this.complain(`a worker (${end}) ended with exit code ${code}`);
  }
}

module.exports = { Population };
