'use strict';

// The functions of Math in loop bodies have the bits that this engine's own have, whatever its libraries are; and where no
// library has them, they are refused.

const assert = require('node:assert/strict');
const { describe, test } = require('node:test');
const { runChild } = require('../helpers/child.js');
const { scale } = require('../helpers/scale.js');
const { UNARY, inputs } = require('../../crates/kernel/tests/oracle/doubles.js');
const native = require('../../native.js');

const FUNCTIONS = [...UNARY, 'atan2', 'pow'];

/** Calls a function with one list of arguments after the other. */
function results(f, list) {
  const calls = Array.from({ length: list.length / f.length }, (_, call) => call * f.length);
  return calls.map((start) => (f.length === 1 ? f(list[start]) : f(list[start], list[start + 1])));
}

const adopt = (name, f = Math[name]) => native.adopt(name, results(f, native.probes(name)));

/** What a compiled body returns for the indices below `count`, with `list` as its array `a`. */
function run(source, list, count) {
  const a = new Float64Array(new SharedArrayBuffer(list.byteLength));
  a.set(list);
  const body = native.compile('i1', true, source, 'o(0asfloat64;)', ['a']);
  const indices = Float64Array.from({ length: count }, (_, index) => index);
  const answers = native.checkBody(body, indices, new Float64Array(0), [a], false, 1000);
  // For each index: that it has run, the value, and that nothing was stored.
  return Array.from(indices, (index) => {
    assert.deepEqual([answers[3 * index], answers[3 * index + 2]], [0, 0]);
    return answers[3 * index + 1];
  });
}

test('every function has a library with the bits of this engine', () => {
  assert.deepEqual(
    FUNCTIONS.filter((name) => !adopt(name)),
    [],
  );
});

describe('the bits are those of this engine', () => {
  const CHUNK = 5000;
  for (const name of FUNCTIONS) {
    test(name, (context) => {
      if (!adopt(name)) return context.skip('no library has them');
      const f = Math[name];
      const source =
        f.length === 1
          ? `(i, { a }) => Math.${name}(a[i])`
          : `(i, { a }) => Math.${name}(a[2 * i], a[2 * i + 1])`;
      for (let done = 0; done < scale(CHUNK, 200 * CHUNK); done += CHUNK) {
        const list = inputs(f.length, CHUNK);
        const [expected, actual] = [results(f, list), run(source, list, CHUNK)];
        const wrong = expected.findIndex((result, call) => !Object.is(result, actual[call]));
        const values = list.slice(wrong * f.length, (wrong + 1) * f.length);
        assert.equal(wrong, -1, `${name}(${values}) is ${expected[wrong]}, not ${actual[wrong]}`);
      }
    });
  }

  test('and ** is pow', (context) => {
    if (!adopt('pow')) return context.skip('no library has them');
    const list = inputs(2, CHUNK);
    const expected = results((x, y) => x ** y, list);
    assert.deepEqual(run('(i, { a }) => a[2 * i] ** a[2 * i + 1]', list, CHUNK), expected);
  });
});

test('a changed function is refused, and what has been adopted stays', () => {
  assert.equal(adopt('tanh'), true);
  for (const changed of [
    (x) => Math.tanh(x) + 1e-16,
    (x) => x,
    (x) => String(x),
    (_) => undefined,
    (_) => 1n,
  ]) {
    assert.equal(adopt('tanh', changed), false);
  }
  assert.equal(native.adopt('tanh', []), false);
  assert.equal(adopt('tanh'), true);
});

test('what is no function of Math has no probes and no library', () => {
  for (const name of ['', 'Sin', 'sqrt', 'constructor']) {
    assert.equal(native.probes(name).length, 0);
    assert.equal(native.adopt(name, []), false);
  }
});

test('before a function is adopted, bodies have the portable one only', async () => {
  await runChild(async (root) => {
    const assert = require('node:assert/strict');
    const native = require(`${root}/native.js`);
    const body = native.compile('i1', true, 'i => Math.tanh(i)', 'o()', []);
    const check = (portable) => {
      const answers = native.checkBody(body, new Float64Array([1]), new Float64Array(0), [], portable, 0);
      return ArrayBuffer.isView(answers) ? [...answers] : answers;
    };
    assert.equal(check(false).code, 'ERR_INVALID_ARG_TYPE');
    assert.deepEqual(check(true), [0, 0.7615941559557649, 0]);
    const probes = Array.from(native.probes('tanh'));
    const wrong = probes.map(Math.sinh);
    assert.equal(native.adopt('tanh', wrong), false);
    assert.equal(check(false).code, 'ERR_INVALID_ARG_TYPE');
    assert.equal(native.adopt('tanh', probes.map(Math.tanh)), true);
    assert.deepEqual(check(false), [0, Math.tanh(1), 0]);
  });
});
