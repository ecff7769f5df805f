'use strict';

// Random bodies about arrays and objects of their own (random/literals.js), compared with what this JavaScript engine makes of them.
//
//   ALLCORES_TEST_SEED=1        the first program; a failure names its own

const assert = require('node:assert/strict');
const { test } = require('node:test');
const { sumRange } = require('../..');
const { scale } = require('../helpers/scale.js');
const { literalsOf } = require('./random/literals.js');

const PROGRAMS = scale(200);
const SEED = Number(process.env.ALLCORES_TEST_SEED ?? 1);
const INDICES = 6;

/** The sum by a loop; undefined if a store would end it, or if it is not exact. */
function expectedOf(body) {
  let total = 0;
  try {
    for (let i = 0; i < INDICES; i++) total += body(i);
  } catch {
    return undefined;
  }
  return Number.isSafeInteger(total) ? total : undefined;
}

test('whoever holds an array or object sees what is stored to it, and nobody else', async () => {
  let ran = 0;
  for (let seed = SEED; seed < SEED + PROGRAMS; seed++) {
    const source = literalsOf(seed);
    const body = new Function(`return ${source}`)();
    const expected = expectedOf(body);
    if (expected === undefined) continue;
    try {
      const actual = await sumRange(INDICES, body);
      assert.ok(actual === expected, `${actual}, not ${expected}`);
      ran++;
    } catch (error) {
      const isKnown = error.code === 'ERR_UNSUPPORTED' && !/too large/.test(error.message);
      assert.ok(isKnown, `ALLCORES_TEST_SEED=${seed}\n${error.message}\n${source}`);
    }
  }
  assert.ok(ran > PROGRAMS / 3, `${ran} of ${PROGRAMS} ran`);
});
