'use strict';

// Numbers, however they are written.

const assert = require('node:assert/strict');
const { test } = require('node:test');
const { bothWays, functionOf } = require('../helpers/both-ways.js');

const zeros = (count) => '0'.repeat(count);

// Texts: the formatter would not leave functions as they are.
for (const [name, text] of [
  ['a fraction of very many digits', `(i) => 0.${zeros(660_000)}9007199254740993${zeros(900)}1e660016 + i`],
  ['an integer of very many digits', `(i) => 25${zeros(700_000)}e-700001 * i`],
  ['an exponent of very many digits', `(i) => 25e${zeros(1000)}1 * i + 1e-${'9'.repeat(1000)}`],
  ['ties, and what breaks them', `(i) => 0x2${zeros(12)}1${zeros(200)} + i * 0o1${zeros(17)}4${zeros(100)}1`],
  ['more than the largest number', `(i) => (i + 1) * 0b1${zeros(1024)}`],
  ['separators and old octals', '(i) => 010 * i + 08.5 + 0b1_01 + 1_0.0_1e1_0 + 0xF_f'],
]) {
  test(`has the bits of the engine: ${name}`, async () => {
    const [actual, expected] = await bothWays(functionOf(text), () => ({}));
    assert.deepEqual(actual, expected);
  });
}
