'use strict';

// A partial sum that does not fit its slot is known before anything starts: the first such slot is named, and not one
// byte of the buffer has changed.

const assert = require('node:assert/strict');
const { test } = require('node:test');
const fc = require('fast-check');
const { sumIntoSharedBuffer } = require('../..');
const { MAX_INT32, firstOverflow, partialSum, slotMax } = require('../helpers/oracle.js');
const { rejects } = require('../helpers/rejects.js');
const { scale } = require('../helpers/scale.js');

/** The call must be refused, name slot `slot`, and leave every byte as it was. */
async function refuses(View, num, length, slot) {
  const size = View.BYTES_PER_ELEMENT;
  const bytes = new Uint8Array(new SharedArrayBuffer((length + 2) * size));
  for (let i = 0; i < bytes.length; i++) bytes[i] = (i * 37) % 251;
  const before = bytes.slice();
  const view = new View(bytes.buffer, size, length);
  const error = await rejects(() => sumIntoSharedBuffer(view, num), 'ERR_OUT_OF_RANGE', /slot \d+/);
  assert.equal(Number(error.message.match(/slot (\d+)/)[1]), slot, error.message);
  if (View === Int32Array) assert.match(error.message, /BigInt64Array/);
  assert.deepEqual(bytes, before);
  return error;
}

test('the smallest num that does not fit one slot', async () => {
  const narrow = new Int32Array(new SharedArrayBuffer(8));
  assert.equal(await sumIntoSharedBuffer(narrow, 65_536), 2_147_450_880);
  await refuses(Int32Array, 65_537, 2, 0);
  const wide = new BigInt64Array(new SharedArrayBuffer(16));
  assert.equal(await sumIntoSharedBuffer(wide, 2n ** 32n), 2n ** 63n - 2n ** 31n);
  await refuses(BigInt64Array, 2n ** 32n + 1n, 2, 0);
});

test('the program that this replaces printed 704982704 here', async () => {
  const view = new Int32Array(new SharedArrayBuffer(3 * 4));
  await rejects(() => sumIntoSharedBuffer(view, 100_000), 'ERR_OUT_OF_RANGE', /BigInt64Array/);
  assert.deepEqual([...view], [0, 0, 0]);
  const wide = new BigInt64Array(new SharedArrayBuffer(3 * 8));
  assert.equal(await sumIntoSharedBuffer(wide, 100_000), 4_999_950_000n);
});

test('num itself must fit the last slot', async () => {
  const view = new Int32Array(new SharedArrayBuffer(1 << 16));
  for (const num of [2 ** 31, 2n ** 31n, 2 ** 53 - 1, 2n ** 63n]) {
    await rejects(() => sumIntoSharedBuffer(view, num), 'ERR_OUT_OF_RANGE', /num|BigInt64Array/);
  }
  const wide = new BigInt64Array(new SharedArrayBuffer(1 << 16));
  for (const num of [2n ** 63n, 2n ** 64n - 1n, 2n ** 64n, 10n ** 40n]) {
    await rejects(() => sumIntoSharedBuffer(wide, num), 'ERR_OUT_OF_RANGE');
  }
  assert.ok(view.every((slot) => slot === 0) && wide.every((slot) => slot === 0n));
});

test('a request in the last slot is checked in the same way', async () => {
  const view = new Int32Array(new SharedArrayBuffer(3 * 4));
  view.set([5, 6, 100_000]);
  await rejects(() => sumIntoSharedBuffer(view), 'ERR_OUT_OF_RANGE', /slot 1/, /BigInt64Array/);
  assert.deepEqual([...view], [5, 6, 100_000]);
});

test('a negative request is out of range, and stays where it was', async () => {
  for (const View of [Int32Array, BigInt64Array]) {
    for (const request of [-1, -10_000, -(2 ** 31)]) {
      const view = new View(new SharedArrayBuffer(4 * View.BYTES_PER_ELEMENT));
      view[3] = View === Int32Array ? request : BigInt(request);
      await rejects(() => sumIntoSharedBuffer(view), 'ERR_OUT_OF_RANGE', new RegExp(`${request}`));
      assert.deepEqual([...view].map(Number), [0, 0, 0, request]);
    }
  }
});

test('the first slot that overflows, where a later one fits again', async () => {
  // Slices differ in length by one. Where they are shorter than their number, a long one has a larger sum than the
  // short one behind it: a search that assumes growing partial sums names the wrong slot.
  const found = [];
  for (let parts = 2000; found.length < scale(20); parts += 13) {
    const num = Math.floor(Math.sqrt(2 ** 31 * parts) * 1.01);
    const first = firstOverflow(num, parts + 1, MAX_INT32);
    assert.ok(first > 0);
    if (partialSum(num, first + 1, parts) <= MAX_INT32) found.push({ num, length: parts + 1, first });
  }
  for (const { num, length, first } of found) await refuses(Int32Array, num, length, first);
});

test('the first of very many slots', async () => {
  const length = 2 ** 17 + 1;
  const num = Math.floor(Math.sqrt(2 ** 31 * 2 ** 17) * 1.05);
  const first = firstOverflow(num, length, MAX_INT32);
  assert.ok(first > 0 && first < length - 2);
  await refuses(Int32Array, num, length, first);
});

test('any num around the limit, any number of slots: refused exactly when a partial sum does not fit', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(Int32Array, BigInt64Array),
      fc.oneof(fc.integer({ min: 2, max: 300 }), fc.integer({ min: 2, max: 5000 })),
      fc.double({ min: 0.7, max: 1.4, noNaN: true }),
      fc.integer({ min: -3, max: 3 }),
      async (View, length, share, nudge) => {
        const max = slotMax(new View(1));
        const num = BigInt(Math.floor(Math.sqrt(Number(max) * (length - 1)) * share)) + BigInt(nudge);
        fc.pre(num <= max);
        const first = firstOverflow(num, length, max);
        if (first >= 0) {
          await refuses(View, num, length, first);
        } else {
          const view = new View(new SharedArrayBuffer(length * View.BYTES_PER_ELEMENT));
          await sumIntoSharedBuffer(view, num);
        }
      },
    ),
    { numRuns: scale(300) },
  );
});
