'use strict';

// Slot k gets the sum from floor(num*k/(L-1)) up to floor(num*(k+1)/(L-1)), both exact, for every num and every L.

const assert = require('node:assert/strict');
const { test } = require('node:test');
const fc = require('fast-check');
const { sumIntoSharedBuffer, threads } = require('../..');
const {
  asBigInts,
  boundary,
  finalSlots,
  firstOverflow,
  partialSum,
  rangeSum,
  slotMax,
} = require('../helpers/oracle.js');
const { scale } = require('../helpers/scale.js');

/** Runs one call in the middle of a larger buffer and compares every byte of it with what is promised. */
async function check(View, num, length, { offset = 1, options } = {}) {
  const size = View.BYTES_PER_ELEMENT;
  const bytes = new Uint8Array(new SharedArrayBuffer((offset + length + 2) * size)).fill(0x5a);
  const view = new View(bytes.buffer, offset * size, length);
  const expected = bytes.slice();
  const slots = finalSlots(num, length).map((slot) => (View === Int32Array ? Number(slot) : slot));
  new View(expected.buffer, offset * size, length).set(slots);
  const total = await sumIntoSharedBuffer(view, num, options);
  assert.equal(total, View === Int32Array ? Number(rangeSum(num)) : rangeSum(num));
  assert.deepEqual(bytes, expected);
}

test('the boundaries of the oracle cover the range without gaps', () => {
  for (let num = 0; num < 40; num++) {
    for (let slots = 1; slots < 12; slots++) {
      const cuts = Array.from({ length: slots + 1 }, (_, k) => boundary(num, k, slots));
      assert.equal(cuts[0], 0n);
      assert.equal(cuts[slots], BigInt(num));
      for (let k = 0; k < slots; k++) assert.ok(cuts[k] <= cuts[k + 1]);
    }
  }
  assert.deepEqual(asBigInts(finalSlots(10, 4)), [0n + 1n + 2n, 3n + 4n + 5n, 6n + 7n + 8n + 9n, 0n]);
});

test('every small num with every small number of slots', async () => {
  const calls = [];
  for (let num = 0; num <= 40; num++) {
    for (let length = 2; length <= 14; length++) {
      calls.push(check(Int32Array, num, length), check(BigInt64Array, num, length));
    }
  }
  await Promise.all(calls);
});

test('num around powers of two, with numbers of slots around powers of two', async () => {
  for (const exponent of [7, 8, 13, 16, 20, 24, 31, 32]) {
    for (const num of [2n ** BigInt(exponent) - 1n, 2n ** BigInt(exponent), 2n ** BigInt(exponent) + 1n]) {
      for (const length of [2, 3, 4, 8, 9, 10, 64, 65, 66, 257]) {
        for (const View of [Int32Array, BigInt64Array]) {
          const fits = firstOverflow(num, length, slotMax(new View(1))) === -1;
          if (fits && num <= slotMax(new View(1))) await check(View, num, length);
        }
      }
    }
  }
});

test('boundaries whose products need more than 64 bits', async () => {
  // num * k passes 2^64 here, while no partial sum passes 2^63: where 64-bit arithmetic goes wrong in silence.
  const slots = 2 ** 22;
  const num = 5_900_000_000_003n;
  assert.ok(num * BigInt(slots - 1) > 2n ** 64n);
  const view = new BigInt64Array(new SharedArrayBuffer((slots + 1) * 8));
  assert.equal(await sumIntoSharedBuffer(view, num), rangeSum(num));
  const sample = [0, 1, 2, 4095, 4096, 4097, 65_535, 65_536, slots / 2, slots - 2, slots - 1];
  for (let k = 3; k < slots; k += 9973) sample.push(k);
  for (const k of sample) assert.equal(view[k], partialSum(num, k, slots), `slot ${k}`);
  assert.equal(view[slots], 0n);
});

test('many slots: every one of them is right, whoever computed it', async () => {
  for (const length of [1023, 1024, 1025, 4097, 65_537, 100_003]) {
    for (const num of [1, length - 2, length - 1, length, 2 * length + 1, 1_000_003]) {
      await check(Int32Array, num, length);
    }
  }
});

test('any num that fits, any number of slots, any offset, any number of threads', async () => {
  const kinds = fc.constantFrom(Int32Array, BigInt64Array);
  const lengths = fc.oneof(fc.integer({ min: 2, max: 40 }), fc.integer({ min: 2, max: 3000 }));
  await fc.assert(
    fc.asyncProperty(
      kinds,
      lengths,
      fc.double({ min: 0, max: 1, noNaN: true }),
      fc.integer({ min: 0, max: 17 }),
      fc.integer({ min: 1, max: threads }),
      async (View, length, share, offset, count) => {
        // Up to about the largest num whose partial sums all fit.
        const max = slotMax(new View(1));
        const largest = Math.sqrt(Number(max) * (length - 1) * 0.98);
        const num = BigInt(Math.floor(largest * share));
        fc.pre(firstOverflow(num, length, max) === -1 && num <= max);
        await check(View, num, length, { offset, options: { threads: count } });
      },
    ),
    { numRuns: scale(250) },
  );
});
