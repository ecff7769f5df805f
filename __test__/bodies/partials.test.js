'use strict';

// Partial results: parts of a range come to the bits of the public call on all of it, however it was cut and in whatever order they were
// merged, and to the same bytes. What bodies may be is checked as there.

const assert = require('node:assert/strict');
const { describe, test } = require('node:test');
const allcores = require('../..');
const { loadBodies } = require('../../lib/load-bodies.js');
const { Random } = require('../helpers/distributions.js');
const { rejects } = require('../helpers/rejects.js');
const { same } = require('../helpers/views.js');

const { METHODS, Source, finish, merge, partial, verify } = loadBodies().partials;
const { threads } = allcores;

const hex = (bytes) => Buffer.from(bytes).toString('hex');

/** Where the numbers of a range begin and end. */
function boundsOf(range, from = 0) {
  if (!Array.isArray(range)) return [from, Math.max(from, range)];
  return [0, range.reduce((a, b) => a * b)];
}

/** Parts of a range, some of them empty, in some order. */
function cutsOf([first, last], count, rng) {
  const cuts = Array.from({ length: count - 1 }, () => first + rng.below(last - first + 1));
  cuts.push(first, last);
  cuts.sort((a, b) => a - b);
  const parts = cuts.slice(1).map((end, k) => [cuts[k], end]);
  return parts
    .map((part) => [rng.below(2 ** 30), part])
    .sort((a, b) => a[0] - b[0])
    .map(([, part]) => part);
}

const LINES = {
  'any numbers': (i, { k }) => ((i * 7919) % 10007) / (k + 3) - 1500,
  'very large and very small': (i) => (i % 2 ? 1e300 : -1e-300) * ((i % 7) - 3),
  'negative zeros': () => -0,
  'NaN and infinities': (i) => (i % 1000 === 777 ? 0 / 0 : i % 500 === 3 ? 1 / 0 : i),
  booleans: (i) => i % 997 > 990,
  'never true': (i) => (i % 2 ? -0 : 0),
};
const GRIDS = {
  'two dimensions': [[70, 43], (i, j, { k }) => Math.abs(i - 33) + Math.abs(j - k) / 3 - 2],
  'three dimensions': [[13, 17, 11], (i, j, k) => (i * j * k) % 19 === 7],
  'a row': [[1, 3000], (i, j) => 1 / (i + j + 1)],
  'no columns': [[5, 0], (i, j) => i + j],
};
const CASES = [
  ...Object.entries(LINES).flatMap(([what, body]) =>
    [
      [3000, undefined],
      [20_000, 17_500],
      [3, 8],
      [1, 0],
    ].map(([range, from]) => [`${what}, ${from ?? 0} to ${range}`, range, body, from]),
  ),
  ...Object.entries(GRIDS).map(([what, [range, body]]) => [what, range, body, undefined]),
];

for (const method of METHODS) {
  test(`${method}: parts come to the call on the whole, and to one sequence of bytes`, async () => {
    const rng = new Random(METHODS.indexOf(method) + 1);
    for (const [what, range, body, from] of CASES) {
      const options = { data: { k: 11 }, from };
      const bounds = boundsOf(range, from);
      const expected = await allcores[method](range, body, options);
      const whole = await partial(method, range, body, options, ...bounds);
      for (const count of [1, 2, 7]) {
        const parts = [];
        for (const [start, end] of cutsOf(bounds, count, rng)) {
          const limit = 1 + rng.below(threads);
          // A machine that has the text alone.
          const text = rng.below(2) === 0 ? new Source(String(body)) : body;
          const bytes = await partial(method, range, text, { ...options, threads: limit }, start, end);
          assert.equal(Object.getPrototypeOf(bytes), Uint8Array.prototype);
          verify(bytes, method, end - start, start);
          parts.push(bytes);
        }
        const merged = parts.reduce((a, b) =>
          rng.below(2) === 0 ? merge(method, a, b) : merge(method, b, a),
        );
        assert.equal(hex(merged), hex(whole), `${method}, ${what}, ${count} parts`);
        const actual = finish(method, merged, { range });
        if (Array.isArray(expected)) assert.deepEqual(actual, expected, `${method}, ${what}`);
        else same(actual, expected, `${method}, ${what}`);
      }
    }
  });
}

test('a variance has the ddof that it is finished with', async () => {
  const body = (i) => (i * i) % 101;
  const [a, b] = [
    await partial('variance', 999, body, {}, 0, 400),
    await partial('variance', 999, body, {}, 400, 999),
  ];
  for (const ddof of [0, 1, 998, 999]) {
    same(finish('variance', merge('variance', a, b), { ddof }), await allcores.variance(999, body, { ddof }));
  }
});

test('an index of several dimensions is a number without a range, and a tuple with one', async () => {
  const range = [10, 20, 30];
  const body = (i, j, k) => i === 4 && j === 5 && k === 6;
  const number = (4 * 20 + 5) * 30 + 6;
  const bytes = await partial('findIndex', range, body, undefined, number, number + 1);
  assert.equal(finish('findIndex', bytes), number);
  assert.deepEqual(finish('findIndex', bytes, { range }), [4, 5, 6]);
  const none = await partial('findIndex', range, body, undefined, number + 1, 6000n);
  assert.equal(finish('findIndex', none), -1);
  assert.deepEqual(finish('findIndex', none, { range }), [-1, -1, -1]);
  assert.equal(finish('findIndex', bytes, { range: 6000 }), number);
});

test('results are small', async () => {
  const wide = (i) => ((i % 2048 === 2047 ? 0 : 2 ** ((i % 2048) - 1023)) * (1 + 2 ** -52)) / 1;
  const sum = await partial('sumRange', 2 ** 14, wide, undefined, 0, 2 ** 14);
  assert.ok(sum.length < 300, `${sum.length}`);
  assert.ok((await partial('variance', 2 ** 14, wide, undefined, 0, 2 ** 14)).length < 900);
  assert.ok((await partial('sumRange', 1e6, (i) => 1 / (i + 1), undefined, 0, 1e6)).length < 40);
});

describe('what is checked', () => {
  test('a function is compared with its compiled form over the whole range, though the part is empty', async () => {
    const k = 5;
    const body = (i) => i * k;
    await partial('sumRange', 100, body, { data: { k: 5 } }, 0, 0);
    await rejects(() => partial('sumRange', 100, body, { data: { k: 6 } }, 0, 0), 'ERR_DIFFERS');
    await rejects(() => partial('sumRange', 100, body, undefined, 0, 0), 'ERR_UNSUPPORTED', /`?k`?/);
  });

  test('where a part may begin and end', async () => {
    const body = (i) => i;
    for (const [range, from, start, end, name] of [
      [10, 0, -1, 5, 'start'],
      [10, 0, 11, 11, 'start'],
      [10, 0, 5, 11, 'end'],
      [10, 0, 5, 4, 'end'],
      [10, 3, 2, 5, 'start'],
      [3, 5, 4, 5, 'start'],
      [3, 5, 5, 6, 'end'],
      [10, 0, 0.5, 1, 'start'],
      [10, 0, 0, 2n ** 53n, 'end'],
      [[2, 3], 0, 0, 7, 'end'],
      [[2, 0], 0, 0, 1, 'end'],
    ]) {
      const of = Array.isArray(range) ? (i, j) => i + j : body;
      await rejects(
        () => partial('sumRange', range, of, { from }, start, end),
        'ERR_OUT_OF_RANGE',
        new RegExp(`"${name}"`),
      );
    }
    await rejects(() => partial('sumRange', 10, body, undefined, '0', 5), 'ERR_INVALID_ARG_TYPE', /"start"/);
    await rejects(() => partial('sumRange', 10, body, undefined, 0), 'ERR_INVALID_ARG_TYPE', /"end"/);
    // Indices far up.
    const far = 2 ** 53 - 1;
    const bytes = await partial('argMax', far, (i) => i % 1000, undefined, far - 10, BigInt(far));
    assert.equal(finish('argMax', bytes), far - 1);
  });

  test('the other arguments are those of the public call', async () => {
    const body = (i) => i;
    await rejects(() => partial('sum', 5, body, undefined, 0, 5), 'ERR_OUT_OF_RANGE', /"method"/);
    await rejects(() => partial(undefined, 5, body, undefined, 0, 5), 'ERR_INVALID_ARG_TYPE', /"method"/);
    await rejects(() => partial('__proto__', 5, body, undefined, 0, 5), 'ERR_OUT_OF_RANGE', /"method"/);
    await rejects(() => partial('sumRange', -1, body, undefined, 0, 0), 'ERR_OUT_OF_RANGE', /"num"/);
    await rejects(() => partial('min', [1], body, undefined, 0, 0), 'ERR_INVALID_ARG_TYPE', /"source"/);
    await rejects(() => partial('min', 5, body, { math: 'fast' }, 0, 0), 'ERR_OUT_OF_RANGE', /options\.math/);
    await rejects(
      () => partial('min', 5, body, { threads: 0 }, 0, 0),
      'ERR_OUT_OF_RANGE',
      /options\.threads/,
    );
    await rejects(
      () => partial('variance', 5, body, { ddof: -1 }, 0, 0),
      'ERR_OUT_OF_RANGE',
      /options\.ddof/,
    );
    await rejects(() => partial('min', 5, () => {}, undefined, 0, 0), 'ERR_UNSUPPORTED');
    await rejects(() => partial('min', 5, { body }, undefined, 0, 0), 'ERR_INVALID_ARG_TYPE', /"predicate"/);
  });

  test('math: portable is passed on', async () => {
    const body = (i) => Math.sin(i) * Math.exp(i % 10);
    const options = { math: 'portable' };
    const text = new Source(String(body));
    const bytes = await partial('sumRange', 3000, text, options, 0, 3000);
    same(finish('sumRange', bytes), await allcores.sumRange(3000, body, options));
  });
});

describe('calls in flight', () => {
  const endless = new Source('(i) => { let k = 0; while (k >= 0) k = (k + 1) % 1000; return k + i; }');

  test('an abort ends one, in the middle of its loops', async () => {
    for (const method of ['sumRange', 'findIndex']) {
      const controller = new AbortController();
      const call = partial(method, 1e6, endless, { signal: controller.signal }, 0, 1e6);
      setImmediate(() => controller.abort(new Error('enough')));
      const error = await rejects(() => call, 'ABORT_ERR');
      assert.equal(error.cause.message, 'enough');
    }
    const signal = AbortSignal.abort();
    await rejects(() => partial('sumRange', 10, endless, { signal }, 0, 10), 'ABORT_ERR');
  });

  test('a refusal at run time is one', async () => {
    const text = new Source('(i, { table }) => table[i][0]');
    const data = { table: [[1], [2]] };
    await rejects(() => partial('max', 10, text, { data }, 0, 10), 'ERR_OUT_OF_RANGE', /row/);
    assert.equal(finish('max', await partial('max', 10, text, { data }, 0, 2)), 2);
  });

  test('progress counts the terms of the part', async () => {
    const seen = [];
    const onProgress = (progress) => seen.push(progress);
    await partial('norm', 1e6, (i) => i, { onProgress }, 1000, 501_000);
    assert.deepEqual(seen.at(-1), { done: 500_000, total: 500_000 });
  });
});
