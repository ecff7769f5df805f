'use strict';

// sumIntoSharedBuffer(target[, num][, options]): what it leaves in the caller's memory, and what it resolves with.

const assert = require('node:assert/strict');
const { describe, test } = require('node:test');
const { types } = require('node:util');
const { sumIntoSharedBuffer, threads } = require('../..');
const { asBigInts, finalSlots, rangeSum } = require('../helpers/oracle.js');

const int32 = (length) => new Int32Array(new SharedArrayBuffer(length * 4));
const int64 = (length) => new BigInt64Array(new SharedArrayBuffer(length * 8));

/** The buffer is as after the program that this function replaces: partial sums, a 0, and a total by reduce. */
function assertDone(view, num, total) {
  assert.deepEqual(asBigInts(view), finalSlots(num, view.length));
  assert.equal(
    view.reduce((a, b) => a + b),
    total,
  );
}

describe('targets', () => {
  test('a SharedArrayBuffer is read as an Int32Array', async () => {
    const buffer = new SharedArrayBuffer(5 * 4);
    const total = await sumIntoSharedBuffer(buffer, 10_000);
    assert.equal(total, 49_995_000);
    assertDone(new Int32Array(buffer), 10_000, total);
  });

  test('an Int32Array', async () => {
    const view = int32(5);
    const total = await sumIntoSharedBuffer(view, 10_000);
    assert.equal(total, 49_995_000);
    assertDone(view, 10_000, total);
  });

  test('a BigInt64Array resolves with a BigInt', async () => {
    const view = int64(5);
    const total = await sumIntoSharedBuffer(view, 10_000n);
    assert.equal(total, 49_995_000n);
    assertDone(view, 10_000, total);
  });

  test('two slots are enough: the only partial sum is the total', async () => {
    for (const view of [int32(2), int64(2)]) {
      await sumIntoSharedBuffer(view, 65_536);
      assert.deepEqual(asBigInts(view), [rangeSum(65_536), 0n]);
    }
  });

  test('a view may start anywhere and cover any part; not a byte around it changes', async () => {
    for (const View of [Int32Array, BigInt64Array]) {
      for (let before = 0; before < 20; before++) {
        const size = View.BYTES_PER_ELEMENT;
        const length = 3 + (before % 4);
        const bytes = new Uint8Array(new SharedArrayBuffer((before + length + 3) * size)).fill(0xa5);
        const view = new View(bytes.buffer, before * size, length);
        await sumIntoSharedBuffer(view, 1000);
        assert.deepEqual(asBigInts(view), finalSlots(1000, length));
        const around = [...bytes.slice(0, before * size), ...bytes.slice((before + length) * size)];
        assert.ok(
          around.every((byte) => byte === 0xa5),
          `a view at ${before}`,
        );
      }
    }
  });

  test('an Int32Array may start at an offset that is no multiple of 8', async () => {
    const view = new Int32Array(new SharedArrayBuffer(64), 4, 6);
    assert.equal(await sumIntoSharedBuffer(view, 1000), 499_500);
  });
});

describe('num', () => {
  test('a number or a BigInt for either kind of view: the view decides the type of the total', async () => {
    assert.equal(await sumIntoSharedBuffer(int32(4), 1000n), 499_500);
    assert.equal(await sumIntoSharedBuffer(new SharedArrayBuffer(16), 1000n), 499_500);
    assert.equal(await sumIntoSharedBuffer(int64(4), 1000), 499_500n);
  });

  test('0 gets an answer', async () => {
    for (const zero of [0, -0, 0n]) {
      const view = int32(4).fill(7);
      const total = await sumIntoSharedBuffer(view, zero);
      assert.ok(Object.is(total, 0));
      assert.deepEqual([...view], [0, 0, 0, 0]);
    }
    assert.equal(await sumIntoSharedBuffer(int64(4), 0), 0n);
  });

  test('less than one integer per slot', async () => {
    for (let num = 0; num < 20; num++) {
      const view = int32(12).fill(-1);
      assertDone(view, num, await sumIntoSharedBuffer(view, num));
    }
  });

  test('a total may be larger than a slot, as long as every partial sum fits', async () => {
    const view = int32(33);
    const total = await sumIntoSharedBuffer(view, 100_000);
    assert.equal(total, 4_999_950_000);
    assertDone(view, 100_000, total);
    const wide = int64(3);
    const num = 4_700_000_000n;
    assert.ok(rangeSum(num) > 2n ** 63n);
    assertDone(wide, num, await sumIntoSharedBuffer(wide, num));
  });

  test('a total beyond 2^53 is rounded once; the slots stay exact', async () => {
    const view = int32(2 ** 24 + 1);
    const num = 2 ** 27 + 3;
    assert.notEqual(BigInt(Number(rangeSum(num))), rangeSum(num), 'the sample needs rounding');
    assert.equal(await sumIntoSharedBuffer(view, num), Number(rangeSum(num)));
    let exact = 0n;
    for (let from = 0; from < view.length; from += 2 ** 16) {
      exact += BigInt(view.subarray(from, from + 2 ** 16).reduce((a, b) => a + b));
    }
    assert.equal(exact, rangeSum(num));
  });
});

describe('the request in the last slot', () => {
  test('a zeroed buffer asks for num = 0', async () => {
    assert.equal(await sumIntoSharedBuffer(new SharedArrayBuffer(16)), 0);
    assert.equal(await sumIntoSharedBuffer(int64(3)), 0n);
  });

  test('is read when num is left out, or undefined, or when options stand in its place', async () => {
    for (const rest of [[], [undefined], [{}], [{ threads: 1 }], [undefined, {}], [undefined, undefined]]) {
      for (const view of [int32(5), int64(5)]) {
        view.fill(view instanceof Int32Array ? 10_000 : 10_000n);
        const total = await sumIntoSharedBuffer(view, ...rest);
        assert.equal(BigInt(total), 49_995_000n);
        assertDone(view, 10_000, total);
      }
    }
  });

  test('can be as large as the slot can hold, if the partial sums fit', async () => {
    const view = int64(2);
    view[1] = 2n ** 32n;
    assert.equal(await sumIntoSharedBuffer(view), rangeSum(2n ** 32n));
    const many = int32(2 ** 21);
    many[2 ** 21 - 1] = 2 ** 25;
    assert.equal(await sumIntoSharedBuffer(many), Number(rangeSum(2 ** 25)));
  });

  test('is 0 when the sum is done: asking again sums nothing', async () => {
    const view = int32(4);
    await sumIntoSharedBuffer(view, 1000);
    assert.equal(await sumIntoSharedBuffer(view), 0);
    assert.deepEqual([...view], [0, 0, 0, 0]);
  });

  test('gives way to num when both are there', async () => {
    const view = int32(4).fill(77);
    assertDone(view, 1000, await sumIntoSharedBuffer(view, 1000));
  });
});

test('what the slots held before does not matter', async () => {
  const view = int32(6);
  for (const num of [10_000, 3, 0, 60_000, 1]) assertDone(view, num, await sumIntoSharedBuffer(view, num));
});

test('options.threads changes nothing in the result', async () => {
  for (let count = 1; count <= threads; count++) {
    const view = int32(100);
    assertDone(view, 12_345, await sumIntoSharedBuffer(view, 12_345, { threads: count }));
  }
});

test('every call gives a native promise of its own', async () => {
  const promises = [sumIntoSharedBuffer(int32(3), 5), sumIntoSharedBuffer(int32(3), 5)];
  assert.notEqual(promises[0], promises[1]);
  for (const promise of promises) assert.ok(types.isPromise(promise) && promise.constructor === Promise);
  await Promise.all(promises);
});
