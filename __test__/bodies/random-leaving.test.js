'use strict';

// Random loops that indices leave at different turns (random/leaving.js), by every kind of call, over blocks of all lengths: the bits of
// this JavaScript engine.
//
//   ALLCORES_TEST_SEED=1   the first one; a failure names its own

const assert = require('node:assert/strict');
const { test } = require('node:test');
const allcores = require('../..');
const { scale } = require('../helpers/scale.js');
const { Dice } = require('./random/dice.js');
const { leavingBody } = require('./random/leaving.js');

const { argMax, count, findIndex, map, mean, min, share, sum, sumRange } = allcores;

const BODIES = scale(150, 1500);
const SEED = Number(process.env.ALLCORES_TEST_SEED ?? 1);
const LENGTHS = [1, 33, 700, 1024, 1025, 2048, 2049, 5000];
const SPECIAL = [
  0,
  -0,
  1,
  Number.NaN,
  Number.POSITIVE_INFINITY,
  Number.NEGATIVE_INFINITY,
  1e300,
  5e-324,
  7,
  12,
  35,
  3.5,
  2 ** 53 - 1,
  371179050943802300,
];

/** Numbers for which a loop runs a few turns or many, all alike or each by itself. */
function numbers(dice, length) {
  const kind = dice.below(5);
  const make = [
    () => dice.below(200),
    (k) => k,
    () => dice.below(1e7) / 1000 - 5000,
    () => dice.below(2 ** 31) * 2 ** 21 + dice.below(2 ** 21),
    () => dice.pick(SPECIAL),
  ][kind];
  return Float64Array.from({ length }, (_, k) => make(k));
}

test(`${BODIES} bodies with loops that indices leave have the bits of this engine`, async () => {
  for (let seed = SEED; seed < SEED + BODIES; seed++) {
    const dice = new Dice(seed);
    const source = leavingBody(seed);
    const body = new Function(`return ${source};`)();
    const values = numbers(dice, dice.pick(LENGTHS));
    const where = `seed ${seed}: ${source}`;
    const options = { threads: dice.pick([1, allcores.threads]) };
    const expected = values.map((x) => body(x));
    const view = share(values);
    const results = await map(view, body, options);
    for (const [k, value] of expected.entries()) {
      assert.ok(Object.is(results[k], value), `${where}\nof ${values[k]}: ${results[k]}, not ${value}`);
    }
    const all = share(expected);
    for (const reduce of [sum, min, mean, argMax]) {
      assert.ok(Object.is(await reduce(view, body, options), await reduce(all)), `${reduce.name}, ${where}`);
    }
    const t = dice.pick(expected);
    const isIt = new Function(`return (x, k, { body, t }) => body(x) === t;`)();
    const given = { ...options, data: { body, t } };
    const found = expected.filter((value) => value === t).length;
    assert.equal(await count(view, isIt, given), found, `count, ${where}`);
    assert.equal(await findIndex(view, isIt, given), expected.indexOf(t), `findIndex, ${where}`);
    // The same over a range of two dimensions, where neighbors are not consecutive numbers.
    const sides = [dice.pick([3, 37, 70]), dice.pick([5, 64, 100])];
    const ofTwo = new Function('return (i, j, { body }) => body(i * 31 + j);')();
    const cells = Float64Array.from({ length: sides[0] * sides[1] }, (_, k) =>
      ofTwo(Math.floor(k / sides[1]), k % sides[1], { body }),
    );
    const total = await sumRange(sides, ofTwo, { ...options, data: { body } });
    assert.ok(Object.is(total, await sum(share(cells))), `sumRange of two dimensions, ${where}`);
  }
});
