'use strict';

// Names of properties, and what is no index: as minifiers write them, and as people hardly ever do. Each body does what the
// function does in a loop, or is refused by name.

const assert = require('node:assert/strict');
const { describe, test } = require('node:test');
const { forRange } = require('../..');
const { bothWays, functionOf } = require('../helpers/both-ways.js');
const { rejects } = require('../helpers/rejects.js');
const { shared } = require('../helpers/views.js');

const data = () => ({
  a: shared(Float64Array, [10, 20, 30, 40]),
  p: Int8Array.of(7, 8),
  t: [4, 5, 6, 7],
  m: [
    [1, 2],
    [3, 4],
  ],
});

// Texts: the formatter would not leave functions as they are.
for (const text of [
  '(i, { a }) => (a.NaN !== undefined) + (a.Infinity !== undefined)',
  '(i, { p }) => (p.NaN ?? 5) + (p["-0"] ?? 6) + (p["1.5"] ?? 7) + p["1"]',
  '(i, { t }) => (t.NaN ?? 5) + (t["-0"] ?? 6) + (t["1.5"] ?? 7) + t["1"] + (t["9"] ?? 8)',
  '(i, { m }) => m["1"]["0"] + (m[0].NaN ?? 5) + (m.NaN === undefined)',
  '(i, { t }) => { const { NaN: x = 3, "1": y, 1e21: z = 4 } = t; return x + y + z }',
  '(i) => { const w = [1, 2]; w["0"] = i; w["1"] += i; return w[0] * 10 + w[1] + (w.NaN ?? 5) + (w["-0"] ?? 6) }',
  '(i) => { const w = new Uint8Array(2); w.NaN = 1; w["-0"]++; w["1.5"] = 2; w["1"] = 258; return w[0] * 10 + w[1] }',
]) {
  test(`has the bits of the engine: ${text}`, async () => {
    const [actual, expected] = await bothWays(functionOf(text), data);
    assert.deepEqual(actual, expected);
  });
}

test('a store to what a number names is one to an element, or to nothing', async () => {
  const text = '(i, { a }) => { a["1"] = 5; a.NaN = 6; a["-0"] = 7; a["1.5"] = 8; a["9"] = 9; a.Infinity++ }';
  const { a } = data();
  await forRange(2, functionOf(text), { data: { a } });
  assert.deepEqual([...a], [10, 5, 30, 40]);
});

describe('refused by name:', () => {
  for (const [text, ...says] of [
    ['(i, { a }) => { a["x"] = 1 }', /a property cannot be assigned to/, /element of a typed array/],
    ['(i, { a }) => { a["01"] = 1 }', /a property cannot be assigned to/],
    ['(i, { a }) => { a.length = 1 }', /a property cannot be assigned to/],
    ['(i) => { const w = [1]; w.NaN = 1 }', /a property cannot be assigned to/],
    ['(i, { a }) => { a[undefined] = 1 }', /undefined is used as an index/, /use a number/],
    ['(i, { a }) => { a[true] = 1 }', /a boolean is used as an index/, /use a number/],
    ['(i, { a }) => { a[0] = a.x === undefined }', /cannot use `x` of arrays/],
    ['(i, { t }) => { t["0"] = 1 }', /this array is a constant/],
  ]) {
    test(text, () =>
      rejects(() => forRange(2, functionOf(text), { data: data() }), 'ERR_UNSUPPORTED', ...says),
    );
  }
});
