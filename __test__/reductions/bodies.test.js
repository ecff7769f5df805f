'use strict';

// Reductions of what a body returns, over ranges, over several dimensions and over views: compared with loops of this engine.

const assert = require('node:assert/strict');
const { describe, test } = require('node:test');
const { argMax, argMin, count, findIndex, max, min, threads } = require('../..');
const { rejects } = require('../helpers/rejects.js');
const { same, shared } = require('../helpers/views.js');

/** What loops make of a list of terms. */
const LOOPS = {
  min: (terms) => terms.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY),
  max: (terms) => terms.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY),
  argMin: (terms) => indexOf(terms, LOOPS.min(terms)),
  argMax: (terms) => indexOf(terms, LOOPS.max(terms)),
  count: (terms) => terms.filter(Boolean).length,
  findIndex: (terms) => terms.findIndex(Boolean),
};
const indexOf = (terms, wanted) => terms.findIndex((term) => Object.is(term, wanted));
const REDUCTIONS = { min, max, argMin, argMax, count, findIndex };
const isIndex = (name) => name === 'findIndex' || name.startsWith('arg');

const BODIES = {
  'no two the same': (i) => (i * 7919) % 10007,
  'many the same': (i) => i % 5,
  zeros: (i) => (i % 3 === 0 ? -0 : 0),
  'never true': (i) => (i % 2 ? -0 : 0 * (i - i)),
  'NaN here and there': (i) => (i % 1000 === 777 ? Number.NaN : i),
  'NaN and zeros': (i) => (i % 2 ? Number.NaN : 0),
  infinities: (i) => (i % 500 === 499 ? (i % 1000 === 499 ? 1 / 0 : -1 / 0) : i),
  booleans: (i) => i > 900,
  'Math.sin': (i) => Math.sin(i),
};

for (const [what, body] of Object.entries(BODIES)) {
  test(`a range, from anywhere, for any number of threads: ${what}`, async () => {
    for (const [from, num] of [
      [0, 0],
      [0, 1],
      [5, 3],
      [0, 777],
      [770, 3000],
      [3, 20_000],
    ]) {
      const terms = [];
      for (let i = from; i < num; i++) terms.push(Number(body(i)));
      for (const [name, reduce] of Object.entries(REDUCTIONS)) {
        const of = LOOPS[name](terms);
        const expected = isIndex(name) && of >= 0 ? of + from : of;
        for (const limit of new Set([1, threads])) {
          same(await reduce(num, body, { from, threads: limit }), expected, `${name}, ${from} to ${num}`);
        }
      }
    }
  });

  test(`a view: ${what}`, async () => {
    const view = shared(
      Float64Array,
      Float64Array.from({ length: 3000 }, (_, i) => body(i)),
    );
    for (const [name, reduce] of Object.entries(REDUCTIONS)) {
      same(await reduce(view, (x) => x), LOOPS[name]([...view]), name);
      const scaled = [...view].map((x, i) => x * (i - 100));
      same(await reduce(view, (x, i, { k }) => x * (i - k), { data: { k: 100 } }), LOOPS[name](scaled), name);
    }
  });
}

describe('several dimensions', () => {
  test('an index is an array, that of the first in the order of loops', async () => {
    const body = (i, j) => Math.abs(i - 20) + Math.abs(j - 31);
    assert.deepEqual(await argMin([50, 40], body), [20, 31]);
    assert.deepEqual(await argMax([50, 40], body), [49, 0]);
    assert.deepEqual(await argMin([3, 4, 5], (i, j, k) => -((i * 4 + j) * 5 + k)), [2, 3, 4]);
    assert.deepEqual(await findIndex([300, 400], (i, j) => i * j === 299 * 13), [13, 299]);
    assert.deepEqual(await findIndex([10n, 20n, 30n], (i, j, k) => i + j + k === 57), [9, 19, 29]);
    assert.equal(await count([30, 40], (i, j) => i < j), 30 * 40 - (30 * 31) / 2);
    same(await min([30, 40], (i, j) => i - j), -39);
    same(await max([30, 40], (i, j) => i === j), 1);
  });

  test('none has -1 for each', async () => {
    assert.deepEqual(await findIndex([5, 5], () => false), [-1, -1]);
    assert.deepEqual(await argMin([5, 0], (i, j) => i + j), [-1, -1]);
    assert.deepEqual(await argMax([0, 1, 2], (i, j, k) => i + j + k), [-1, -1, -1]);
  });

  test('each call has an array of its own', async () => {
    const [a, b] = [await findIndex([2, 2], () => false), await findIndex([2, 2], () => false)];
    assert.notEqual(a, b);
  });
});

describe('findIndex', () => {
  test('ends without running what is far above', async () => {
    // Thousands of years of it.
    assert.equal(await findIndex(2 ** 53 - 1, (i) => i >= 12_345), 12_345);
    assert.deepEqual(await findIndex([2 ** 26, 2 ** 26], (i, j) => i * j === 35), [1, 35]);
  });

  test('no index below the answer is left out, whatever runs above', async () => {
    const ran = new Int32Array(new SharedArrayBuffer(4 * 50_000));
    const body = (i, { ran, at }) => {
      Atomics.add(ran, i, 1);
      return i % 50_000 >= at;
    };
    for (const at of [0, 7, 511, 512, 4096, 33_333, 49_999]) {
      ran.fill(0);
      assert.equal(await findIndex(50_000, body, { data: { ran, at } }), at);
      assert.ok(ran.subarray(0, at + 1).every((times) => times === 1));
      assert.ok(ran.every((times) => times <= 1));
    }
  });

  test('a loop above the answer is stopped in its middle', {
    skip: threads < 2 && 'one thread',
  }, async () => {
    // Index 0 waits for one that another thread has, and which never ends by itself.
    const flag = new Int32Array(new SharedArrayBuffer(4));
    const body = (i, { flag }) => {
      if (i >= 64) {
        Atomics.store(flag, 0, 1);
        while (Atomics.load(flag, 0) === 1);
        return false;
      }
      if (i === 0) while (Atomics.load(flag, 0) === 0);
      return i === 0;
    };
    const signal = AbortSignal.timeout(20_000);
    assert.equal(await findIndex(100_000, body, { data: { flag }, signal }), 0);
  });

  test('progress ends with all of it', async () => {
    const seen = [];
    await findIndex(1e6, (i) => i > 10, { onProgress: (progress) => seen.push(progress) });
    assert.deepEqual(seen.at(-1), { done: 1e6, total: 1e6 });
  });
});

describe('what is refused', () => {
  const view = shared(Float64Array, [1, 2]);

  test('a range without a body, and a predicate that is none', async () => {
    await rejects(() => min(5), 'ERR_INVALID_ARG_TYPE', /"source"/, /a range takes a body/);
    await rejects(
      () => argMin([2, 3]),
      'ERR_INVALID_ARG_TYPE',
      /"source"/,
      /takes a body; .* share\(array\)/,
    );
    await rejects(
      () => count([1, 2, 3, 4], (x) => x > 1),
      'ERR_INVALID_ARG_TYPE',
      /4 elements; .* share\(array\)/,
    );
    await rejects(() => min(5, 'i => i'), 'ERR_INVALID_ARG_TYPE', /"body"/, /not its source/);
    await rejects(() => count(5), 'ERR_INVALID_ARG_TYPE', /"predicate"/, /undefined/);
    await rejects(() => findIndex(view, { threads: 1 }), 'ERR_INVALID_ARG_TYPE', /"predicate"/);
  });

  test('ranges that are none', async () => {
    const body = (i) => i;
    for (const reduce of Object.values(REDUCTIONS)) {
      for (const num of [-1, 1.5, Number.NaN, 2 ** 53, -1n, 2n ** 53n]) {
        await rejects(() => reduce(num, body), 'ERR_OUT_OF_RANGE', /"source"/);
      }
      for (const num of ['5', [5], [1, 2, 3, 4], [1, '2'], {}, null, undefined, new Proxy([1, 2], {})]) {
        await rejects(() => reduce(num, body), 'ERR_INVALID_ARG_TYPE', /"source(\[1\])?"/);
      }
      await rejects(() => reduce([2 ** 30, 2 ** 30], body), 'ERR_OUT_OF_RANGE', /"source"/);
      await rejects(() => reduce([2, 2], body, { from: 1 }), 'ERR_OUT_OF_RANGE', /from/);
      await rejects(() => reduce(view, body, { from: 1 }), 'ERR_OUT_OF_RANGE', /subarray/);
      await rejects(() => reduce(new BigInt64Array(2), body), 'ERR_INVALID_ARG_TYPE', /BigInt64Array/);
      await rejects(() => reduce(new Float64Array(2), body), 'ERR_NOT_SHARED', /"source" argument/);
      await rejects(() => reduce(5, () => 'text'), 'ERR_UNSUPPORTED');
      await rejects(() => reduce(5, () => {}), 'ERR_UNSUPPORTED');
    }
  });
});
