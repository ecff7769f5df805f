'use strict';

// Means, variances, norms and dot products: what Python's exact rational arithmetic makes of the same numbers, for every number of
// threads and every instruction set; the same with a body; the extremes of bigints; and what is refused.

const assert = require('node:assert/strict');
const { describe, test } = require('node:test');
const { dot, mean, norm, share, shared, sum, threads, variance } = require('../..');
const { runChild } = require('../helpers/child.js');
const { isas } = require('../helpers/isas.js');
const { rejects } = require('../helpers/rejects.js');
const { VIEWS } = require('../helpers/views.js');

const THREADS = 3;

/** In a child process: all vectors, alone and repeated so often that all threads have pieces. Prints what came out wrong. */
async function runVectors(root) {
  const { bitsOf, fromBits } = require(`${root}/__test__/helpers/exact.js`);
  const { vectors } = require(`${root}/__test__/data/moments-vectors.json`);
  const { dot, mean, norm, share, threads, variance } = require(root);
  const COPIES = 2 ** 12;

  let count = 0;
  const wrong = [];
  for (const [index, vector] of vectors.entries()) {
    const values = vector.values.map(fromBits);
    const one = share(Float64Array.from(values));
    const reversed = share(Float64Array.from(values).reverse());
    const many = share(
      Float64Array.from({ length: values.length * COPIES }, (_, i) => values[i % values.length]),
    );
    for (let limit = 1; limit <= threads; limit++) {
      const options = { threads: limit };
      const identity = (x) => x;
      const results = {
        mean: [
          mean(one, options),
          mean(many, options),
          mean(one, identity, options),
          mean(many, identity, options),
        ],
        variance: [
          variance(one, options),
          // (n k)^2 in both parts of the quotient.
          variance(many, options),
          variance(many, identity, options),
        ],
        sampleVariance: [
          variance(one, { ...options, ddof: 1 }),
          variance(one, identity, { ...options, ddof: 1 }),
        ],
        norm: [norm(one, options), norm(one, identity, options)],
        dot: [dot(one, reversed, options), dot(reversed, one, options)],
      };
      // The norm of 2^12 copies is 2^6 times as large.
      const larger = await norm(many, options);
      const expectedNorm = fromBits(vector.norm);
      if (expectedNorm > 2 ** -1000 && larger !== expectedNorm * 64)
        wrong.push({ index, limit, name: 'norm of many' });
      for (const [name, promises] of Object.entries(results)) {
        for (const [way, result] of (await Promise.all(promises)).entries()) {
          count++;
          if (Object.is(result, fromBits(vector[name]))) continue;
          wrong.push({
            index,
            limit,
            name,
            way,
            result: bitsOf(result).toString(16),
            expected: vector[name],
          });
        }
      }
    }
  }
  console.log(JSON.stringify({ threads, count, wrong: wrong.slice(0, 5), failed: wrong.length }));
}

describe('every vector, alone and many times, with and without a body', { concurrency: 2 }, () => {
  for (const { name, env, skip } of isas) {
    test(`kernels for ${name}`, { skip }, async () => {
      const { stdout } = await runChild(runVectors, { env: { ...env, ALLCORES_THREADS: `${THREADS}` } });
      const { vectors } = require('../data/moments-vectors.json');
      const count = vectors.length * THREADS * 13;
      assert.deepEqual(JSON.parse(stdout), { threads: THREADS, count, wrong: [], failed: 0 });
    });
  }
});

/** Small integers, whose sums and squares are exact in plain loops too. */
const small = (View, length) => {
  const convert = /Big/.test(View.name) ? BigInt : Number;
  const view = shared(View, length);
  for (let i = 0; i < length; i++) view[i] = convert((i * i) % 11);
  return view;
};

for (const View of VIEWS) {
  test(`${View.name}: as loops over small integers`, async () => {
    for (const length of [1, 5, 1000, 40_000]) {
      const view = small(View, length);
      const numbers = Array.from(view, Number);
      const total = numbers.reduce((a, b) => a + b, 0);
      const squares = numbers.reduce((a, b) => a + b * b, 0);
      assert.equal(await mean(view), total / length);
      assert.equal(await norm(view), Math.sqrt(squares));
      const exact = BigInt(length) * BigInt(squares) - BigInt(total) ** 2n;
      assert.equal(await variance(view), Number(exact) / length ** 2);
      assert.equal(Number(await dot(view, view)), squares);
    }
    const none = shared(View, 0);
    assert.deepEqual(
      [await mean(none), await variance(none), await norm(none), Number(await dot(none, none))],
      [Number.NaN, Number.NaN, 0, 0],
    );
  });
}

test('a dot product of any two types of numbers', async () => {
  const numbers = VIEWS.filter((View) => !/Big/.test(View.name));
  for (const A of numbers) {
    for (const B of numbers) {
      const [a, b] = [small(A, 3000), small(B, 3000)];
      assert.equal(
        await dot(a, b),
        Array.from(a).reduce((total, x, i) => total + x * b[i], 0),
      );
    }
  }
});

test('bigints: no product is too large', async () => {
  const length = 1000;
  const [most, least, unsigned] = [2n ** 63n - 1n, -(2n ** 63n), 2n ** 64n - 1n];
  const a = shared(BigInt64Array, length).fill(least);
  const b = shared(BigUint64Array, length).fill(unsigned);
  assert.equal(await dot(a, a), 1000n * least * least);
  assert.equal(await dot(b, b), 1000n * unsigned * unsigned);
  assert.equal(await dot(a, b), 1000n * least * unsigned);
  assert.equal(await dot(b, a, { threads: 1 }), 1000n * least * unsigned);
  assert.equal(await dot(a, shared(BigInt64Array, length).fill(most)), 1000n * least * most);
  assert.equal(await mean(b), 2 ** 64);
  assert.equal(await norm(shared(BigInt64Array, 4).fill(least)), 2 ** 64);
  assert.equal(await variance(share(BigUint64Array.of(0n, unsigned))), 2 ** 126);
  // A call that the calling thread answers, and one that it does not.
  const few = shared(BigInt64Array, 8).fill(least);
  const signal = new AbortController().signal;
  for (const options of [undefined, { signal }])
    assert.equal(await dot(few, few, options), 8n * least * least);
});

test('NaN, infinities and zeros', async () => {
  const of = (...values) => share(Float64Array.of(...values));
  const inf = Number.POSITIVE_INFINITY;
  assert.equal(await mean(of(1, inf)), inf);
  assert.equal(await mean(of(-inf, inf)), Number.NaN);
  assert.equal(await mean(of(-0, -0)), -0);
  assert.equal(await mean(of(0, -0)), 0);
  assert.equal(await variance(of(1, inf)), Number.NaN);
  assert.equal(await variance(of(-0)), 0);
  assert.equal(await variance(of(5), { ddof: 1 }), Number.NaN);
  assert.equal(await norm(of(1, -inf)), inf);
  assert.equal(await norm(of(inf, Number.NaN)), Number.NaN);
  assert.equal(await dot(of(inf), of(0)), Number.NaN);
  assert.equal(await dot(of(inf, 1), of(1, -inf)), Number.NaN);
  assert.equal(await dot(of(inf, 1), of(-1, 5)), -inf);
  assert.equal(await dot(of(-0), of(1)), 0);
  assert.equal(await dot(of(1e200, 3, 1e200), of(1e200, 5, -1e200)), 15);
});

test('a term of a body is computed once, and data reaches it', async () => {
  const data = { calls: shared(Int32Array, 1), k: 3 };
  const body = (i, { calls, k }) => {
    Atomics.add(calls, 0, 1);
    return i * k;
  };
  assert.equal(await variance(5000, body, { data, ddof: 1 }), (9 * (5000 ** 2 - 1) * 5000) / 12 / 4999);
  assert.equal(data.calls[0], 5000);
  assert.equal(await mean([10, 20], (i, j) => i * 20 + j), 99.5);
  assert.equal(await norm(3, (i) => i > 0, { from: 1 }), Math.SQRT2);
  assert.equal(await mean(0, (i) => i), Number.NaN);
});

describe('what is refused', () => {
  const view = shared(Float64Array, 8);
  test('ddof', async () => {
    for (const ddof of [-1, 0.5, Number.NaN, 2 ** 53]) {
      await rejects(() => variance(view, { ddof }), 'ERR_OUT_OF_RANGE', /"options\.ddof"/);
      await rejects(() => variance(5, (i) => i, { ddof }), 'ERR_OUT_OF_RANGE', /"options\.ddof"/);
    }
    for (const ddof of ['1', null, 1n]) {
      await rejects(() => variance(view, { ddof }), 'ERR_INVALID_ARG_TYPE', /"options\.ddof"/);
    }
    assert.equal(await variance(view, { ddof: 2 ** 53 - 1 }), Number.NaN);
    // No option of the others.
    assert.equal(await mean(view, { ddof: -1 }), 0);
  });

  test('arrays that do not fit each other', async () => {
    await rejects(() => dot(view, shared(Float64Array, 7)), 'ERR_OUT_OF_RANGE', /"b"/, /8 elements/, /7/);
    await rejects(() => dot(view, shared(BigInt64Array, 8)), 'ERR_INVALID_ARG_TYPE', /"b"/, /numbers/);
    await rejects(() => dot(shared(BigInt64Array, 8), view), 'ERR_INVALID_ARG_TYPE', /"b"/, /bigints/);
    await rejects(() => dot(view, new Float64Array(8)), 'ERR_NOT_SHARED', /"b"/);
    await rejects(() => dot(new Float64Array(8), view), 'ERR_NOT_SHARED', /"a"/);
    await rejects(() => dot(view), 'ERR_INVALID_ARG_TYPE', /"b"/);
    await rejects(() => dot(view, view, (x) => x), 'ERR_INVALID_ARG_TYPE', /"options"/);
  });
});

test('the mean is that of the sum', async () => {
  const view = shared(Float64Array, 2 ** 18);
  for (let i = 0; i < view.length; i++) view[i] = Math.sin(i);
  assert.equal(await mean(view, { threads }), (await sum(view)) / view.length);
});
