'use strict';

// Bodies that wait in a loop for what other indices do by Atomics: an index that holds a lock goes on.

const assert = require('node:assert/strict');
const { test } = require('node:test');
const { forRange, threads } = require('../..');
const { scale } = require('../helpers/scale.js');
const { shared } = require('../helpers/views.js');

const LOCKS = {
  compareExchange: (_i, { cells }) => {
    while (Atomics.compareExchange(cells, 0, 0, 1) !== 0);
    cells[1]++;
    Atomics.store(cells, 0, 0);
  },
  'exchange, looked at first': (_i, { cells }) => {
    do {
      while (Atomics.load(cells, 0) !== 0);
    } while (Atomics.exchange(cells, 0, 1) !== 0);
    cells[1]++;
    Atomics.store(cells, 0, 0);
  },
  'a helper function': (_i, { cells, lock, unlock }) => {
    lock(cells);
    cells[1]++;
    unlock(cells);
  },
};

const lock = (cells) => {
  while (true) if (Atomics.or(cells, 0, 1) === 0) return;
};
const unlock = (cells) => {
  Atomics.and(cells, 0, 0);
};

for (const [name, body] of Object.entries(LOCKS)) {
  for (const limit of [1, threads]) {
    test(`a lock by ${name}, ${limit === 1 ? 'one thread' : 'all threads'}: every index has its turn`, async () => {
      const cells = shared(Int32Array, [0, 0]);
      const count = scale(2000);
      await forRange(count, body, { data: { cells, lock, unlock }, threads: limit });
      assert.deepEqual([...cells], [0, count]);
    });
  }
}

test('a largest value by compareExchange', async () => {
  const cells = shared(Int32Array, [0]);
  const body = (i, { cells }) => {
    const value = (i * 7919) % 10007;
    for (let old = Atomics.load(cells, 0); old < value; ) {
      const seen = Atomics.compareExchange(cells, 0, old, value);
      if (seen === old) break;
      old = seen;
    }
  };
  await forRange(20_000, body, { data: { cells } });
  assert.deepEqual([...cells], [10006]);
});
