'use strict';

// What would be wrong with allcores if there were something wrong: each makes a soak fail, and shows that it can.

const fs = require('node:fs');
const { Worker } = require('node:worker_threads');

const kept = [];
let last = 0;

/** Each is called with the world of its thread before every call, and with how many calls there were. */
const BREAKAGES = {
  /** Answers that are off by one, after some that are right. */
  answer(world, count) {
    world.error = count > 50 ? 1n : 0n;
  },
  /** Memory that calls leave behind: up to 400 MiB a second. */
  memory() {
    const now = performance.now();
    if (now < last + 10) return;
    last = now;
    kept.push(Buffer.alloc(2 ** 22, 1));
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
