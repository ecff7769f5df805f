'use strict';

// A pool that always has long sums to work on, until it is told that it is enough.

const { now } = require('../common/timed');
const { check } = require('./check');
const { sumOf } = require('./memory');

/**
 * Keeps `inFlight` sums of all of the memory going. Resolves with a function that ends it, and resolves when it has, with
 * the number of results per second.
 */
async function keepBusy(pool, memory, inFlight) {
  let enough = false;
  const expected = sumOf(memory);
  const began = now();
  let results = 0;
  const again = async () => {
    while (!enough) {
      check(await pool.long(memory), expected);
      results++;
    }
  };
  const all = Promise.all(Array.from({ length: inFlight }, again));
  // A wrong result is heard of in the end, not before.
  all.catch(() => {});
  // Some turns of the event loop: every sum is on its way to its thread.
  for (let turn = 0; turn < 10; turn++) await new Promise(setImmediate);
  return async () => {
    enough = true;
    await all;
    return results / (now() - began);
  };
}

module.exports = { keepBusy };
