'use strict';

// Whether memory stays flat while something is done again and again. For a child process with --expose-gc.

const assert = require('node:assert/strict');
const { trend } = require('./trend.js');

/**
 * `some` makes calls, and resolves with a list of as many; a reading of memory is taken after `count` of them. A call may leave less than
 * `limit` bytes: pages come and go for as long as readings are taken.
 */
async function staysFlat(some, count, limit = 8) {
  let calls = 0;
  async function reading() {
    for (let i = 0; i < count; ) {
      const { length } = await some();
      i += length;
      calls += length;
    }
    for (let i = 0; i < 4; i++) {
      globalThis.gc();
      await new Promise(setImmediate);
    }
    return [calls, process.memoryUsage.rss()];
  }
  // What else goes on in a process makes it grow for a while, in steps; a leak goes on and on. So the later half of all
  // calls counts, however many it takes to get over the steps.
  await reading();
  const readings = [];
  const flat = () => {
    const late = readings.slice(-Math.max(10, readings.length / 2));
    if (late.length < 10) return false;
    const { slope } = trend(late);
    return slope < limit && late.at(-1)[1] - late[0][1] < 8 * 2 ** 20;
  };
  while (readings.length < 100 && !flat()) readings.push(await reading());
  assert.ok(flat(), readings.map(([, bytes]) => (bytes / 2 ** 20).toFixed(1)).join(' '));
}

module.exports = { staysFlat };
