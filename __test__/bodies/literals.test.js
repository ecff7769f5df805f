'use strict';

// Literals: numbers however they are written, and arrays with holes, also as minifiers write them.

const assert = require('node:assert/strict');
const { test } = require('node:test');
const { forRange } = require('../..');
const { bothWays, functionOf } = require('../helpers/both-ways.js');
const { rejects } = require('../helpers/rejects.js');

const zeros = (count) => '0'.repeat(count);

// Texts: the formatter would not leave functions as they are.
for (const [name, text] of [
  ['a fraction of very many digits', `(i) => 0.${zeros(660_000)}9007199254740993${zeros(900)}1e660016 + i`],
  ['an integer of very many digits', `(i) => 25${zeros(700_000)}e-700001 * i`],
  ['an exponent of very many digits', `(i) => 25e${zeros(1000)}1 * i + 1e-${'9'.repeat(1000)}`],
  ['ties, and what breaks them', `(i) => 0x2${zeros(12)}1${zeros(200)} + i * 0o1${zeros(17)}4${zeros(100)}1`],
  ['more than the largest number', `(i) => (i + 1) * 0b1${zeros(1024)}`],
  ['separators and old octals', '(i) => 010 * i + 08.5 + 0b1_01 + 1_0.0_1e1_0 + 0xF_f'],
  [
    'an array with holes',
    '(i) => { const w = [, i, , ,]; w[i] ??= 9; return w.length * 100 + (w[0] ?? 1) + (w[1] ?? 2) + (w[3] ?? 3) }',
  ],
  ['holes, destructured', '(i) => { const [x = 1, y = 2, z = 3] = [, i]; return x * 100 + y * 10 + z }'],
  [
    'Array(4)',
    '(i) => { const w = Array(4); w[i] = i; let n = 0; for (const x of w) n += x === undefined; return n + w.length }',
  ],
  ['Array(3).fill(x)', '(i) => { const w = Array(3).fill(i); return w[0] + w[1] + w[2] }'],
  ['an Array of the body', '(i) => { const Array = (x) => [x, 5]; return Array(i)[0] }'],
]) {
  test(`has the bits of the engine: ${name}`, async () => {
    const [actual, expected] = await bothWays(functionOf(text), () => ({}));
    assert.deepEqual(actual, expected);
  });
}

test('Array(n) of no constant length is refused', () =>
  rejects(
    () => forRange(2, functionOf('(i) => { Array(i + 1)[0] = 1 }')),
    'ERR_UNSUPPORTED',
    /constant from 1 to 4096/,
  ));
