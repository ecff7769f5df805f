'use strict';

// sumRange(num): numbers in, the exact sum rounded once to a double out; BigInts in, the exact sum out.

const assert = require('node:assert/strict');
const { describe, test } = require('node:test');
const { types } = require('node:util');
const fc = require('fast-check');
const { sumRange, threads } = require('../..');
const { rangeSum, rangeSumByLoop } = require('../helpers/oracle.js');
const { scale } = require('../helpers/scale.js');

const NUMBERS = [
  0,
  1,
  2,
  3,
  10,
  10_000,
  65_536,
  65_537,
  92_682,
  100_000,
  2 ** 31 - 1,
  2 ** 31,
  2 ** 31 + 1,
  2 ** 32 - 1,
  2 ** 32,
  2 ** 32 + 1,
  2 ** 52 + 1,
  2 ** 53 - 2,
  2 ** 53 - 1,
];

const BIGINTS = [
  ...NUMBERS.map(BigInt),
  2n ** 53n,
  2n ** 53n + 1n,
  2n ** 63n - 1n,
  2n ** 63n,
  2n ** 64n - 1n,
];

test('the oracle agrees with a loop', () => {
  for (let num = 0; num < 300; num++) assert.equal(rangeSum(num), rangeSumByLoop(num));
});

describe('numbers', () => {
  for (const num of NUMBERS) {
    test(`sumRange(${num})`, async () => {
      // Number(BigInt) rounds once, to the nearest double, ties to even: exactly what is promised.
      assert.equal(await sumRange(num), Number(rangeSum(num)));
    });
  }

  test('the totals that people know by heart', async () => {
    assert.equal(await sumRange(10_000), 49_995_000);
    assert.equal(await sumRange(100_000), 4_999_950_000);
  });

  test('nothing to add is 0, never -0', async () => {
    for (const num of [0, -0, 1]) assert.ok(Object.is(await sumRange(num), 0), `num ${num}`);
  });

  test('sums halfway between two doubles go to the even one', async () => {
    // Between 2^53 and 2^54 doubles are two apart, so that every odd sum is a tie. Adding up rounded partial sums
    // would get some of these wrong.
    const odd = [];
    for (let num = 2 ** 27 + 1; odd.length < scale(200); num++) if (rangeSum(num) % 2n === 1n) odd.push(num);
    const sums = await Promise.all(odd.map((num) => sumRange(num)));
    const up = odd.filter((num, i) => BigInt(sums[i]) > rangeSum(num)).length;
    assert.deepEqual(
      sums,
      odd.map((num) => Number(rangeSum(num))),
    );
    assert.ok(up > 0 && up < odd.length, 'the sample holds ties of both kinds');
  });

  test('any number', async () => {
    await fc.assert(
      fc.asyncProperty(fc.maxSafeNat(), async (num) => {
        assert.equal(await sumRange(num), Number(rangeSum(num)));
      }),
      { numRuns: scale(300) },
    );
  });
});

describe('BigInts', () => {
  for (const num of BIGINTS) {
    test(`sumRange(${num}n)`, async () => {
      assert.equal(await sumRange(num), rangeSum(num));
    });
  }

  test('any BigInt', async () => {
    await fc.assert(
      fc.asyncProperty(fc.bigInt(0n, 2n ** 64n - 1n), async (num) => {
        assert.equal(await sumRange(num), rangeSum(num));
      }),
      { numRuns: scale(300) },
    );
  });
});

test('the total is the same for every number of threads', async () => {
  for (let count = 1; count <= threads; count++) {
    for (const num of [1, 2, 3, 10_000, 2 ** 53 - 1]) {
      assert.equal(await sumRange(num, { threads: count }), Number(rangeSum(num)));
      assert.equal(await sumRange(BigInt(num), { threads: count }), rangeSum(num));
    }
  }
});

test('options may be undefined, empty, or of any prototype', async () => {
  const bare = Object.assign(Object.create(null), { threads: 1 });
  const inherited = Object.create({ threads: 1, signal: new AbortController().signal });
  for (const options of [undefined, {}, bare, inherited, { signal: undefined, threads: undefined }]) {
    assert.equal(await sumRange(10_000, options), 49_995_000);
  }
  assert.equal(await sumRange(10_000, { somethingElse: 1 }, 'more', 'arguments'), 49_995_000);
});

test('a first index is for bodies: without one it is refused, and not ignored', async () => {
  const { min, sum } = require('../..');
  const view = new Float64Array(new SharedArrayBuffer(24)).fill(1);
  const error = {
    code: 'ERR_OUT_OF_RANGE',
    message: /"options\.from" .* 0 without a body: .*view\.subarray\(from\)/,
  };
  const calls = (from) => [
    sumRange(5, { from }),
    sumRange(5n, { from }),
    sum(view, { from }),
    min(view, { from }),
  ];
  for (const from of [2, 2n, '2', Number.NaN])
    for (const call of calls(from)) await assert.rejects(call, error);
  for (const from of [0, undefined]) assert.deepEqual(await Promise.all(calls(from)), [10, 10n, 3, 1]);
  assert.equal(await sumRange(5, (i) => i, { from: 2 }), 9);
});

test('every call gives a native promise of its own', async () => {
  const promises = [sumRange(5), sumRange(5), sumRange(5n)];
  assert.equal(new Set(promises).size, 3);
  for (const promise of promises) assert.ok(types.isPromise(promise) && promise.constructor === Promise);
  assert.deepEqual(await Promise.all(promises), [10, 10, 10n]);
});

test('it needs no particular `this`', async () => {
  assert.equal(await Reflect.apply(sumRange, null, [4]), 6);
  assert.equal(await Reflect.apply(sumRange, Object.freeze({}), [4]), 6);
});
