'use strict';

// The functions of Math as machine code computes them, for many indices at once: with this engine's bits, at numbers at which they could
// go wrong. And the texts that they are made of, as this engine runs them.

const assert = require('node:assert/strict');
const path = require('node:path');
const v8 = require('node:v8');
const { pathToFileURL } = require('node:url');
const { describe, test } = require('node:test');
const { explain, map, random } = require('../..');
const { isNode, orSkip } = require('../helpers/engine-bits.js');
const { scale } = require('../helpers/scale.js');

/** More than it takes for a body without loops to become machine code. */
const COUNT = Math.max(4096, scale(200_000));

const FILES = ['cbrt', 'exp', 'hyperbolic', 'inverse', 'log', 'pow', 'trig'];
const TEXTS = path.join(__dirname, '../../crates/kernel/src/expand');

const BINARY = ['atan2', 'pow'];
const UNARY =
  `acos acosh asin asinh atan atanh cbrt cos cosh exp expm1 log log10 log1p log2 sin sinh tan tanh`.split(
    ' ',
  );

/** The high words at which fdlibm branches. */
const BREAKS =
  `3c900000 3e200000 3e300000 3e400000 3fd2bec4 3fd33333 3fd62e42 3fda827a 3fdc0000 3fe00000 3fe59428 3fe60000 3fe6a09c
  3fe6b851 3fe90000 3fe921fb 3fef3333 3ff00000 3ff0a2b2 3ff30000 3ff3988e 3ff6147a 3ff6a09e 3ff921fb 3ffbb67a 40000000 4002d97c
  40038000 40360000 4043687a 40862e42 413921fb 41b00000 43400000 44100000`.split(/\s+/);

const double = new Float64Array(1);
const bits = new BigInt64Array(double.buffer);

/** The number that is so many numbers away. */
function near(x, by) {
  double[0] = x;
  bits[0] += BigInt(by);
  return double[0];
}

const ofWord = (word) => Number.parseInt(word, 16);

/** Numbers of every kind, always the same. */
function numberOf(k) {
  const [u, v] = [random(7, k), random(8, k)];
  const by = Math.floor(v * 65) - 32;
  const sign = random(9, k) < 0.5 ? -1 : 1;
  switch (k % 8) {
    case 0:
      bits[0] = BigInt.asIntN(64, (BigInt(Math.floor(u * 2 ** 32)) << 32n) | BigInt(Math.floor(v * 2 ** 32)));
      return double[0];
    case 1:
      bits[0] = BigInt(ofWord(BREAKS[Math.floor(u * BREAKS.length)])) << 32n;
      return sign * near(double[0], by);
    case 2:
      return sign * near((Math.floor(u * 1e6) * Math.PI) / 4, by);
    case 3:
      return sign * near(Math.floor(u * 2100) * Math.LN2 * 0.5, by);
    case 4:
      return sign * u * 10 ** Math.floor(v * 20 - 10);
    case 5:
      return (u - 0.5) * 1500;
    case 6:
      return sign * u;
    default:
      return (
        [0, 1, 2, 0.5, 5e-324, 2 ** -1022, Number.MAX_VALUE, Number.POSITIVE_INFINITY, Number.NaN][k % 9] *
        sign
      );
  }
}

/** The first that differs, and how. */
function difference(found, expected, args) {
  for (let k = 0; k < found.length; k++) {
    if (!Object.is(found[k], expected(k))) return `of ${args(k)}: ${found[k]}, not ${expected(k)}`;
  }
  return undefined;
}

describe('in vectors, functions of Math have the bits of this engine', () => {
  const shared = (next) => {
    const view = new Float64Array(new SharedArrayBuffer(8 * COUNT));
    for (let k = 0; k < COUNT; k++) view[k] = next(k);
    return view;
  };
  const x = shared(numberOf);
  const y = shared((k) => numberOf(k * 5 + 3));

  for (const name of UNARY) {
    test(name, async (t) => {
      const body = new Function('x', `return Math.${name}(x)`);
      const found = await orSkip(t, () => map(x, body));
      if (found)
        assert.equal(
          difference(
            found,
            (k) => Math[name](x[k]),
            (k) => x[k],
          ),
          undefined,
        );
    });
  }
  for (const name of BINARY) {
    test(name, async (t) => {
      const body = new Function('x', 'i', '{ y }', `return Math.${name}(x, y[i])`);
      const found = await orSkip(t, () => map(x, body, { data: { y } }));
      if (!found) return;
      const expected = (k) => Math[name](x[k], y[k]);
      assert.equal(
        difference(found, expected, (k) => [x[k], y[k]]),
        undefined,
      );
    });
  }

  test('with constants too', async (t) => {
    for (const number of [7, 1.5, 0.3, 100, 1e-5]) {
      // NaN would hide all the others.
      const names = UNARY.filter((name) => Number.isFinite(Math[name](number)));
      const body = new Function(
        'x',
        `return x + ${names.map((name) => `Math.${name}(${number})`).join('+')}`,
      );
      const found = await orSkip(t, () => map(x, body));
      if (!found) return;
      assert.equal(
        difference(
          found,
          (k) => body(x[k]),
          (k) => x[k],
        ),
        undefined,
        `${number}`,
      );
    }
  });

  test('and random has those of allcores', async () => {
    const found = await map(x, (x, i, { y }) => random(y[i], x, i), { data: { y } });
    const expected = (k) => random(y[k], x[k], k);
    assert.equal(
      difference(found, expected, (k) => [y[k], x[k], k]),
      undefined,
    );
  });

  test('explain says so', { skip: !isNode }, () => {
    const { text, engine } = explain((i) => Math.sin(i) + Math.expm1(i) + random(1, i));
    if (engine !== 'machine code') return;
    assert.match(text, /Math\.sin in vectors/);
    assert.match(text, /Math\.expm1 in vectors/);
    assert.match(text, /random in vectors/);
  });
});

describe('texts are what they are compiled to', () => {
  // Maglev of Node 26.10 has other numbers than V8's interpreter and its other compilers: log(758609.8028402852) of the text is 0.297 off.
  if (isNode && Number(process.versions.node.split('.')[0]) >= 26) v8.setFlagsFromString('--no-maglev');

  for (const file of FILES) {
    test(file, { skip: !isNode }, async () => {
      const text = await import(pathToFileURL(path.join(TEXTS, `${file}.mjs`)).href);
      const names = Object.keys(text).filter((name) => [...UNARY, ...BINARY].includes(name));
      assert.ok(names.length > 0);
      for (const name of names) {
        // The engine's pow is another one since Node 24.
        if (name === 'pow' && Number(process.versions.node.split('.')[0]) >= 24) continue;
        for (let k = 0; k < COUNT / 20; k++) {
          const args = [numberOf(k), numberOf(k * 5 + 3)].slice(0, BINARY.includes(name) ? 2 : 1);
          if (!Object.is(text[name](...args), Math[name](...args))) {
            assert.fail(`${name}(${args}): ${text[name](...args)}, not ${Math[name](...args)}`);
          }
        }
      }
    });
  }

  test('random', { skip: !isNode }, async () => {
    const { philox } = await import(pathToFileURL(path.join(TEXTS, 'random.mjs')).href);
    for (let k = 0; k < COUNT / 20; k++) {
      const args = [numberOf(k), numberOf(k * 5 + 3), numberOf(k * 7 + 1)];
      assert.equal(philox(...args), random(...args), `${args}`);
    }
  });
});
