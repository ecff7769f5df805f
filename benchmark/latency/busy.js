'use strict';

// A pool that always has long sums to work on, until it is told that it is enough.

const { check } = require('./check');
const { sumOf } = require('./memory');

/** Keeps `inFlight` sums of all of the memory going. Resolves with a function that ends it, and resolves when it has. */
async function keepBusy(pool, memory, inFlight) {
  let enough = false;
  const expected = sumOf(memory);
  const again = async () => {
    while (!enough) check(await pool.long(memory), expected);
  };
  const all = Promise.all(Array.from({ length: inFlight }, again));
  // A wrong result is heard of in the end, not before.
  all.catch(() => {});
  // Some turns of the event loop: every sum is on its way to its thread.
  for (let turn = 0; turn < 10; turn++) await new Promise(setImmediate);
  return () => {
    enough = true;
    return all;
  };
}

module.exports = { keepBusy };
