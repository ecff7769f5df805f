'use strict';

// What the process holds: memory over the calls it has made, and threads, files and listeners before and after.

const fs = require('node:fs');
const { gc } = require('../__test__/helpers/gc.js');
const { tasks, noTasks } = require('../__test__/helpers/tasks.js');
const { trend } = require('../__test__/helpers/trend.js');

/**
 * A leak is more than so many bytes per call, for sure, and adds up to more than what the process varies by: without us, a
 * process whose worker threads come and go varies by some 70 MiB.
 */
const BYTES_PER_CALL = 8;
const NOISE = 96 * 2 ** 20;

class Census {
  /** `progress()` tells how many calls were settled. */
  constructor(progress) {
    this.progress = progress;
    this.readings = [];
    this.before = things();
  }

  /** To be called while nothing is in flight and no worker is there: what is in memory then is here to stay. */
  async read() {
    for (let i = 0; i < 3; i++) {
      gc();
      await new Promise(setImmediate);
    }
    this.readings.push([this.progress(), process.memoryUsage.rss()]);
  }

  /** After the first third, in which the process finds its size. */
  memory() {
    const steady = this.readings.slice(Math.floor(this.readings.length / 3));
    if (steady.length < 4) return undefined; // It stalled early.
    const { slope, error } = trend(steady);
    const [first, last] = [steady[0], steady.at(-1)];
    const growth = slope * (last[0] - first[0]);
    const leak = slope - 3 * error > BYTES_PER_CALL && growth > NOISE;
    return { slope, error, growth, start: this.readings[0][1], steady: first[1], end: last[1], leak };
  }

  /** What there is more of than before, once the workers are gone; waits a little for what is on its way out. */
  async left() {
    for (let i = 0; i < 60; i++) {
      const now = things();
      const more = Object.keys(now).filter((name) => now[name] > this.before[name]);
      if (more.length === 0) return [];
      if (i === 59) return more.map((name) => `${name}: ${now[name]}, ${this.before[name]} before`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
}

function things() {
  const listeners = process.eventNames().reduce((total, name) => total + process.listenerCount(name), 0);
  if (noTasks) return { listeners };
  return { listeners, threads: tasks().length, files: fs.readdirSync('/proc/self/fd').length };
}

module.exports = { BYTES_PER_CALL, Census, NOISE };
