'use strict';

// sum(view) against exact rational arithmetic, and the algebra of sums, on data of every kind.
// ALLCORES_TEST_SEED=n runs the data of that seed again.

const assert = require('node:assert/strict');
const { describe, test } = require('node:test');
const fc = require('fast-check');
const { debug } = require('../helpers/binaries.js');
const { runChild } = require('../helpers/child.js');
const {
  bitsOf,
  exactSum,
  fromBits,
  inUnits,
  round,
  roundInteger,
  sumOfDoubles,
  unitsOf,
  unitsOneByOne,
} = require('../helpers/exact.js');
const { isas } = require('../helpers/isas.js');
const { PROPERTIES, check, data, make } = require('../helpers/properties.js');
const { scale } = require('../helpers/scale.js');
const { same } = require('../helpers/views.js');

describe('the oracle', () => {
  test('agrees with the vectors of the standard', () => {
    const { vectors } = require('../data/sum-precise-vectors.json');
    assert.ok(vectors.length >= 36);
    for (const { sum, values } of vectors) same(sumOfDoubles(values.map(fromBits)), fromBits(sum));
  });

  test('takes a double apart and puts it together again', () => {
    assert.equal(inUnits(Number.MIN_VALUE), 1n);
    assert.equal(inUnits(-1), -(1n << 1074n));
    assert.equal(inUnits(1.5), 3n << 1073n);
    assert.equal(inUnits(Number.MAX_VALUE), (2n ** 53n - 1n) << 2045n);
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (number) => {
        // Units have one zero.
        same(round(inUnits(number)), number === 0 ? 0 : number);
        assert.equal(fromBits(bitsOf(number)), number);
      }),
      { numRuns: 2000 },
    );
  });

  test('rounds to the nearest double, ties to even, at every exponent', () => {
    for (const shift of [0n, 1n, 52n, 1000n, 2042n]) {
      const [one, two, four] = [1n << shift, 2n << shift, 4n << shift];
      const even = (2n ** 54n) << shift;
      const bits = bitsOf(round(even));
      // Two units in the last place of 53 bits: `two` is half of one.
      assert.equal(bitsOf(round(even + one)), bits, 'down');
      assert.equal(bitsOf(round(even + two)), bits, 'a tie, down to even');
      assert.equal(bitsOf(round(even + two + 1n)), bits + 1n, 'more than a tie');
      assert.equal(bitsOf(round(even + four + two)), bits + 2n, 'a tie, up to even');
      assert.equal(bitsOf(round(even + four + two - 1n)), bits + 1n, 'less than a tie');
      assert.equal(bitsOf(round(-(even + four + two))), (bits + 2n) | (1n << 63n), 'the same below zero');
    }
  });

  test('rounds to infinity exactly from half a unit beyond the largest double', () => {
    const max = inUnits(Number.MAX_VALUE);
    const half = 1n << 2044n;
    same(round(max), Number.MAX_VALUE);
    same(round(max + half - 1n), Number.MAX_VALUE);
    same(round(max + half), Number.POSITIVE_INFINITY);
    same(round(-(max + half)), Number.NEGATIVE_INFINITY);
    same(round(max * 3n), Number.POSITIVE_INFINITY);
    same(round(max * 1_000_000n), Number.POSITIVE_INFINITY);
  });

  test('keeps subnormals', () => {
    for (const units of [1n, 2n, 3n, 2n ** 52n - 1n, 2n ** 52n, 2n ** 53n - 1n, 2n ** 53n]) {
      same(round(units), Number(units) * Number.MIN_VALUE);
      same(round(-units), -Number(units) * Number.MIN_VALUE);
    }
    same(round(0n), 0);
  });

  test('rounds integers as the language converts them', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(2n ** 120n), max: 2n ** 120n }), (integer) => {
        same(roundInteger(integer), Number(integer));
      }),
      { numRuns: 2000 },
    );
  });

  test('adds up by exponents as it does one by one', () => {
    fc.assert(
      fc.property(data(), (what) => {
        const view = make({ ...what, length: what.length % 500 });
        if (/Big/.test(view.constructor.name)) return;
        assert.equal(unitsOf(view), unitsOneByOne(view));
      }),
      { numRuns: scale(200) },
    );
  });

  test('adds up integers as a loop of BigInts does', () => {
    fc.assert(
      fc.property(data(), (what) => {
        const view = make({ ...what, length: what.length % 3000 });
        if (/Float/.test(view.constructor.name)) return;
        let sum = 0n;
        for (const element of view) sum += BigInt(element);
        same(exactSum(view), /Big/.test(view.constructor.name) ? sum : Number(sum));
      }),
      { numRuns: scale(100) },
    );
  });

  test('agrees with Math.sumPrecise', {
    skip: Math.sumPrecise ? false : 'this version of Node has no Math.sumPrecise',
  }, () => {
    fc.assert(
      fc.property(data(), (what) => {
        const view = make(what);
        if (/Float/.test(view.constructor.name)) same(exactSum(view), Math.sumPrecise(view));
      }),
      { numRuns: scale(100) },
    );
  });
});

describe('sum(view)', () => {
  for (const name of PROPERTIES) test(name, () => check(name, scale(60)));
});

/** In a child process: all properties, with its kernels and more threads than there may be processors. */
async function checkAll(root, runs) {
  const { PROPERTIES, check } = require(`${root}/__test__/helpers/properties.js`);
  for (const name of PROPERTIES) await check(name, runs);
}

describe('sum(view), with the kernels of each instruction set and five threads', () => {
  for (const { name, env, skip } of isas) {
    test(name, { skip }, () =>
      runChild(checkAll, {
        args: [scale(25)],
        env: { ...env, ALLCORES_THREADS: '5' },
        limit: 60_000 * scale(1),
      }),
    );
  }

  test('debug build', { skip: debug.skip }, () =>
    runChild(checkAll, {
      args: [scale(12)],
      env: { ...debug.env, ALLCORES_THREADS: '3' },
      limit: 60_000 * scale(1),
    }),
  );
});

test('every instruction set gives the same bits', async () => {
  const seed = Math.floor(Math.random() * 2 ** 31);
  const verdicts = new Map();
  for (const { name, env, skip } of isas) {
    if (skip) continue;
    const { stdout } = await runChild(
      async (root, seed, count) => {
        const fc = require('fast-check');
        const { bitsOf } = require(`${root}/__test__/helpers/exact.js`);
        const { data, make } = require(`${root}/__test__/helpers/properties.js`);
        const { sum } = require(root);
        const all = [];
        for (const what of fc.sample(data(), { seed, numRuns: count })) {
          const result = await sum(make(what));
          all.push([JSON.stringify(what), typeof result === 'bigint' ? `${result}` : `${bitsOf(result)}`]);
        }
        console.log(JSON.stringify(all));
      },
      { args: [seed, scale(100)], env },
    );
    verdicts.set(name, JSON.parse(stdout));
  }
  const [[first, expected], ...others] = verdicts;
  assert.equal(expected.length, scale(100));
  for (const [name, verdict] of others)
    assert.deepEqual(verdict, expected, `${name} against ${first}, seed ${seed}`);
});
