'use strict';

// What would be wrong with allcores if there were something wrong: each makes a soak fail, and shows that it can.

const fs = require('node:fs');
const { Worker } = require('node:worker_threads');

const kept = [];
const PORTION = 2 ** 22;

/** Each is called before every call, with the world of its thread, how many calls there were, and who calls. */
const BREAKAGES = {
  /** Answers that are off by one, after some that are right. */
  answer(world, count) {
    world.error = count > 50 ? 1n : 0n;
  },
  /** Memory that calls leave behind, 128 KiB each. What workers leave goes with them, so that one thread does it for all. */
  memory(_world, _count, { board, seat }) {
    const owed = Math.min(board.progress() * 2 ** 17, 2 ** 31);
    while (seat === 0 && kept.length * PORTION < owed) kept.push(Buffer.alloc(PORTION, 1));
  },
  /** A call that is never settled. */
  settling(world, count) {
    world.silent = count === 50;
  },
  /** A listener that stays. */
  listener(world, count) {
    if (count === 50) world.forever.addEventListener('abort', () => {});
  },
  /** A thread that stays. */
  thread(_world, count) {
    if (count === 50)
      for (let i = 0; i < 3; i++) new Worker('setInterval(() => {}, 1000)', { eval: true }).unref();
  },
  /** A file that stays open. */
  file(_world, count) {
    if (count === 50) kept.push(fs.openSync(__filename));
  },
};

module.exports = { BREAKAGES };
