'use strict';

// Views beyond 4 GiB: no length, offset or number of a piece is cut to 32 bits. The memory is never touched but where it
// holds something, so it costs address space and hardly any memory.

const assert = require('node:assert/strict');
const { constants } = require('node:buffer');
const os = require('node:os');
const { before, describe, test } = require('node:test');
const { sum } = require('../..');
const { same } = require('../helpers/views.js');

const GIB = 2 ** 30;
const BYTES = 5 * GIB + 64;

/** The reason why it cannot be tested here, or the memory. One for all tests: the first to read a page pays for it. */
let memory;
const refusal = (() => {
  if (os.freemem() < 8 * GIB) return `needs 8 GiB of free memory, ${(os.freemem() / GIB).toFixed(1)} GiB are`;
  try {
    memory = new SharedArrayBuffer(BYTES);
    new Float64Array(memory);
    return false;
  } catch (error) {
    return `no SharedArrayBuffer of 5 GiB: ${error.message}`;
  }
})();

describe('views of more than 4 GiB', { skip: refusal }, () => {
  const memoryBefore = process.memoryUsage().rss;
  before(() => new Uint8Array(memory, 0, 64).fill(0));

  test('doubles: at both ends, and on both sides of 4 GiB', async () => {
    const view = new Float64Array(memory);
    const [last, border] = [view.length - 1, 4 * GIB];
    assert.equal(view.length, BYTES / 8);
    const places = [
      0,
      1,
      GIB / 8,
      border / 8 - 1,
      border / 8,
      border / 8 + 1,
      4.5 * (GIB / 8),
      last - 1,
      last,
    ];
    for (const [i, at] of places.entries()) view[at] = 2 ** (10 * i);
    // 2^80 down to 1 does not fit a double, so that one element too few or too many shows at every place.
    view[last] = 0;
    const expected = places.slice(0, 8).reduce((total, _, i) => total + 2n ** BigInt(10 * i), 0n);
    same(await sum(view), Number(expected));
    // The large ones go, the small ones show.
    for (const at of places.slice(5)) view[at] = 0;
    same(await sum(view), 1 + 2 ** 10 + 2 ** 20 + 2 ** 30 + 2 ** 40);
    same(await sum(view.subarray(1, last + 1)), 2 ** 10 + 2 ** 20 + 2 ** 30 + 2 ** 40);
    same(await sum(view.subarray(border / 8)), 2 ** 40);
    same(await sum(view.subarray(0, border / 8)), 1 + 2 ** 10 + 2 ** 20 + 2 ** 30);
    for (const at of places) view[at] = 0;
    view[last] = -3;
    same(await sum(view.subarray(last)), -3);
    view[last] = 0;
  });

  test('bytes: a length of 2^32 and, where the runtime allows it, more', async () => {
    // Node 20 has no typed array of more than 2^32 elements.
    const length = Math.min(constants.MAX_LENGTH, 2 ** 32 + 5);
    assert.ok(length >= 2 ** 32, `${length}`);
    const view = new Uint8Array(memory, 0, length);
    view.fill(255, length - 5);
    view[0] = 7;
    view[2 ** 32 - 1] = 255;
    same(await sum(view), 5 * 255 + 7 + (length > 2 ** 32 ? 255 : 0));
    view.fill(0, length - 5);
    view[0] = 0;
    view[2 ** 32 - 1] = 0;
  });

  test('bytes that lie beyond 4 GiB, and on both sides of it', async () => {
    const around = new Uint8Array(memory, 4 * GIB - 50_003, 100_006);
    around.fill(1, 0, 50_003).fill(3, 50_003);
    same(await sum(around), 50_003 * 4);
    same(await sum(around.subarray(50_003)), 50_003 * 3);
    same(await sum(Buffer.from(memory, 4 * GIB - 1, 2)), 4);
    same(await sum(new Uint8Array(memory, 4 * GIB + 1, 5)), 15);
    const integers = new BigUint64Array(memory, 4 * GIB, 2);
    integers.fill(2n ** 64n - 1n);
    same(await sum(integers), 2n ** 65n - 2n);
    around.fill(0);
    integers.fill(0n);
  });

  test('what was only read takes no memory', {
    skip: process.platform === 'linux' ? false : 'systems differ in what reading untouched memory costs',
  }, () => {
    const growth = process.memoryUsage().rss - memoryBefore;
    assert.ok(growth < GIB, `${Math.round(growth / 2 ** 20)} MiB more`);
  });
});
