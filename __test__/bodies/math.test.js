'use strict';

// The functions of Math: with this engine's bits, or with those that are the same everywhere, or refused.

const assert = require('node:assert/strict');
const { describe, test } = require('node:test');
const { explain, map, random, sumRange } = require('../..');
const { runChild } = require('../helpers/child.js');
const { isNode, orSkip } = require('../helpers/engine-bits.js');
const { opaque } = require('../helpers/opaque.js');
const { rejects } = require('../helpers/rejects.js');
const { same, shared } = require('../helpers/views.js');

/** Arguments of all magnitudes and signs, and the special ones. */
const ARGUMENTS = [
  ...[0, -0, 1, -1, 0.5, 2, 10, Math.PI, 1e-310, 1e308, Number.NaN, Number.POSITIVE_INFINITY, -1 / 0],
  ...Array.from({ length: 300 }, (_, k) => (random(1, k) - 0.5) * 10 ** ((k % 40) - 20)),
];

const UNARY = `acos acosh asin asinh atan atanh cbrt cos cosh exp expm1 log log10 log1p log2 sin sinh tan tanh
  abs ceil floor fround round sign sqrt trunc clz32`.split(/\s+/);
const BINARY = ['atan2', 'pow', 'hypot', 'imul', 'max', 'min'];

describe('every function of Math has the bits of this engine', () => {
  const view = shared(Float64Array, ARGUMENTS);
  for (const name of UNARY) {
    test(name, async (t) => {
      const results = await orSkip(t, () => map(view, new Function('x', `return Math.${name}(x)`)));
      if (results === undefined) return;
      for (const [i, x] of ARGUMENTS.entries()) same(results[i], Math[name](x), `${name}(${x})`);
    });
  }
  for (const name of BINARY) {
    test(name, async (t) => {
      const body = new Function('x', 'i', '{ view }', `return Math.${name}(x, view[(i * 7) % view.length])`);
      const results = await orSkip(t, () => map(view, body, { data: { view } }));
      if (results === undefined) return;
      for (const [i, x] of ARGUMENTS.entries()) {
        const y = ARGUMENTS[(i * 7) % ARGUMENTS.length];
        same(results[i], Math[name](x, y), `${name}(${x}, ${y})`);
      }
    });
  }
});

describe('random', () => {
  test('known answers: those of Philox4x32-10', () => {
    // The first and second word of the test vectors of Random123, as the double that they make.
    const double = (a, b) => ((a >>> 5) * 2 ** 26 + (b >>> 6)) / 2 ** 53;
    assert.equal(random(0, 0, 0), double(0x6627e8d5, 0xe169c58d));
    assert.equal(random(0, 0), random(0, 0, 0));
    const words = (low, high) => high * 2 ** 32 + low;
    // Words of 53 bits: no double has all 64.
    assert.ok(random(words(1, 2), words(3, 4), words(5, 6)) !== random(1, 3, 5));
  });

  test('in a body it is the same, bit by bit, whatever the arguments', async () => {
    const count = 2000;
    const view = new Float64Array(new SharedArrayBuffer(8 * count));
    const seeds = [0, 1, -1, 0.5, 2 ** 32, 2 ** 53, -(2 ** 40), 1e300, Number.NaN, -1 / 0];
    for (const seed of seeds) {
      const results = await map(view, (_x, i, { seed }) => random(seed, i * 1e7 - 5e9, i / 3), {
        data: { seed },
      });
      for (let i = 0; i < count; i++) same(results[i], random(seed, i * 1e7 - 5e9, i / 3));
    }
  });

  test('is from 0 to 1, 1 excluded, and refuses what is no number', () => {
    for (let i = 0; i < 1000; i++) assert.ok(random(3, i) >= 0 && random(3, i) < 1);
    for (const args of [[], ['1', 2], [1, undefined], [1, 2n], [1, 2, null], [{}, 1]]) {
      assert.throws(() => random(...args), { code: 'ERR_INVALID_ARG_TYPE', name: 'TypeError' });
    }
    assert.throws(() => random(1, '2'), /"i" argument must be of type number/);
  });
});

const skip = isNode ? false : 'this engine has bits of its own';

describe('a program that has replaced a function of Math', { skip }, () => {
  test('before its first use: refused, with a remedy; and it works once the function is back', async () => {
    await runChild(async (root) => {
      const assert = require('node:assert/strict');
      const { explain, sumRange } = require(root);
      const { rejects } = require(`${root}/__test__/helpers/rejects.js`);
      const { sin } = Math;
      const body = (i) => Math.sin(i) + Math.cos(i);
      const expected = body(0) + body(1) + body(2);
      const replacements = [
        (x) => sin(x) + 1e-16,
        (x) => x,
        () => 'text',
        () => {
          throw new Error('mine');
        },
        undefined,
      ];
      for (const replacement of replacements) {
        Math.sin = replacement;
        const error = await rejects(
          () => sumRange(10, body),
          'ERR_UNSUPPORTED',
          /Math\.sin/,
          /math: 'portable'/,
        );
        assert.deepEqual([error.line, error.column, error.snippet.split('\n')[0]], [1, 8, String(body)]);
        const [{ message, line, column, helper }] = explain(body).refusals;
        assert.match(message, /Math\.sin/);
        assert.deepEqual([line, column, helper], [1, 8, '']);
        const { refusals } = explain((i, { body }) => 1 + body(i), { data: { body } });
        assert.deepEqual([refusals[0].line, refusals[0].column, refusals[0].helper], [1, 8, 'body']);
        assert.match(explain(body, { math: 'portable' }).unchecked, /Math\.sin/);
        // What needs no library is not affected.
        assert.equal(await sumRange(10, (i) => Math.sqrt(i * i)), 45);
        assert.ok(Math.abs((await sumRange(3, body, { math: 'portable' })) - expected) < 1e-9);
      }
      Math.sin = sin;
      assert.ok(Math.abs((await sumRange(3, body)) - expected) < 1e-9);
    });
  });

  test('hypot, which is made of other operations: the same', async () => {
    await runChild(async (root) => {
      const assert = require('node:assert/strict');
      const { explain, sumRange } = require(root);
      const { rejects } = require(`${root}/__test__/helpers/rejects.js`);
      const { hypot } = Math;
      const body = (i) => Math.hypot(i, 0.1);
      for (const replacement of [(x, y) => Math.sqrt(x * x + y * y), () => 'text', undefined]) {
        Math.hypot = replacement;
        const says = [/no library here has the bits of the Math\.hypot/, /math: 'portable'/];
        const { line, column } = await rejects(() => sumRange(10, body), 'ERR_UNSUPPORTED', ...says);
        assert.deepEqual([line, column], [1, 8]);
        assert.match(explain(body, { math: 'portable' }).unchecked, /Math\.hypot/);
      }
      Math.hypot = hypot;
      assert.equal(await sumRange(1, body), 0.1);
    });
  });

  test('after its first use: a new function differs', async () => {
    await runChild(async (root) => {
      const { sumRange } = require(root);
      const { rejects } = require(`${root}/__test__/helpers/rejects.js`);
      await sumRange(10, (i) => Math.exp(-i));
      Math.exp = () => 5;
      const body = (i) => Math.exp(-i) + 1;
      const error = await rejects(() => sumRange(10, body), 'ERR_DIFFERS', /replaced Math\.exp\?/);
      require('node:assert/strict').equal(error.expected, 6);
    });
  });
});

test("math: 'portable' has bits of its own, and only where a library is used", { skip }, async () => {
  const portable = { math: 'portable' };
  assert.equal(
    await sumRange(1000, (i) => Math.sqrt(i) * Math.PI, portable),
    await sumRange(1000, (i) => Math.sqrt(i) * Math.PI),
  );
  const body = (i) => Math.sin(i) * Math.exp(-i / 100) + i ** 1.5;
  const here = await sumRange(1000, body);
  const everywhere = await sumRange(1000, body, portable);
  assert.ok(Math.abs(here - everywhere) < 1e-6, `${here} ${everywhere}`);
  assert.equal(everywhere, await sumRange(1000, body, portable));
  assert.equal(explain(body, portable).refusals.length, 0);
  // It is compared with the function all the same, in the bits of the engine.
  const step = opaque(3);
  await rejects(
    () => sumRange(10, (i) => Math.sin(i * step), { ...portable, data: { step: 2 } }),
    'ERR_DIFFERS',
  );
});
