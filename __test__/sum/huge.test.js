'use strict';

// Views beyond 4 GiB: no length, offset or number of a piece is cut to 32 bits. The memory is never touched but where it
// holds something, so it costs address space and hardly any memory.

const assert = require('node:assert/strict');
const { constants } = require('node:buffer');
const os = require('node:os');
const { before, describe, test } = require('node:test');
const { sum, sumIntoSharedBuffer } = require('../..');
const { asBigInts, finalSlots } = require('../helpers/oracle.js');
const { rejects } = require('../helpers/rejects.js');
const { scale } = require('../helpers/scale.js');
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

  test('slots that lie beyond 4 GiB', async () => {
    for (const View of [Int32Array, BigInt64Array]) {
      const view = new View(memory, 4 * GIB + 8, 4);
      const same = new View(memory, 8, 4);
      const call = sumIntoSharedBuffer(view, 1000);
      await rejects(() => sumIntoSharedBuffer(view, 1000), 'ERR_BUFFER_BUSY');
      assert.equal(await sumIntoSharedBuffer(same, 3), View === BigInt64Array ? 3n : 3, 'is another place');
      assert.equal(Number(await call), 499_500);
      assert.deepEqual(asBigInts(view), finalSlots(1000, 4));
      assert.deepEqual(asBigInts(same), finalSlots(3, 4));
      view.fill(same[3]);
      same.fill(same[3]);
    }
  });

  test('more slots than 4 GiB hold: all of them are busy, and an abort marks the last one', async () => {
    const own = new SharedArrayBuffer(BYTES);
    const length = 2 ** 29 + 8;
    const view = new BigInt64Array(own, 0, length);
    const controller = new AbortController();
    const call = sumIntoSharedBuffer(view, 10_000_000n, { signal: controller.signal });
    assert.equal(view[length - 1], 10_000_000n);
    for (const at of [0, 4 * GIB - 8, 4 * GIB, 8 * length - 8]) {
      await rejects(() => sumIntoSharedBuffer(new Int32Array(own, at, 2), 5), 'ERR_BUFFER_BUSY');
    }
    assert.equal(await sumIntoSharedBuffer(new Int32Array(own, 8 * length, 2), 5), 10, 'beyond it is free');
    controller.abort();
    await rejects(() => call, 'ABORT_ERR');
    assert.equal(view[length - 1], -1n);
    // Of slots beyond 2^32 / 8 too, the first that overflows is found without a look at the memory.
    await rejects(() => sumIntoSharedBuffer(view, 2n ** 63n), 'ERR_OUT_OF_RANGE');
  });

  test('2^30 doubles, 8 GiB', async (t) => {
    let view;
    try {
      view = new Float64Array(new SharedArrayBuffer(8 * GIB));
    } catch (error) {
      return t.skip(error.message);
    }
    view[0] = 1;
    view[2 ** 29] = 2 ** 60;
    view[2 ** 30 - 1] = 2 ** -20;
    // The whole of it is for a night: every page costs a page fault.
    const whole = scale(1) >= 20;
    same(await sum(whole ? view : view.subarray(2 ** 29 - 2 ** 20, 2 ** 29 + 2 ** 20)), 2 ** 60);
    same(await sum(view.subarray(2 ** 30 - 2 ** 20)), 2 ** -20);
    view[2 ** 29] = 0;
    if (whole) same(await sum(view), 1 + 2 ** -20);
  });

  test('what was only read takes no memory', {
    skip: process.platform === 'linux' ? false : 'systems differ in what reading untouched memory costs',
  }, () => {
    const growth = process.memoryUsage().rss - memoryBefore;
    assert.ok(growth < GIB, `${Math.round(growth / 2 ** 20)} MiB more`);
  });
});
