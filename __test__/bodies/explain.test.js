'use strict';

// explain: what a body is compiled to, all that is refused, and whether it is compared with the function. It runs nothing.

const assert = require('node:assert/strict');
const { describe, test } = require('node:test');
const { explain, forRange, sum, sumRange } = require('../..');
const { empty, shared } = require('../helpers/views.js');

describe('of a body that can be compiled', () => {
  test('there is a text with its lines, and no refusal', () => {
    const out = empty(Float64Array, 10);
    const body = (i, { out, step }) => {
      const x = (i + 0.5) * step;
      out[i] = 4 / (1 + x * x);
      return x;
    };
    const explained = explain(body, { data: { out, step: 0.1 } });
    assert.deepEqual(Object.keys(explained).sort(), [
      'block',
      'bytes',
      'checked',
      'engine',
      'isa',
      'refusals',
      'returns',
      'text',
      'unchecked',
    ]);
    const { text, refusals, returns, checked, unchecked } = explained;
    for (const line of ['const x = (i + 0.5) * step;', 'step: a number', 'out: float64'])
      assert.ok(text.includes(line), text);
    assert.deepEqual(
      { refusals, returns, checked, unchecked },
      { refusals: [], returns: true, checked: true, unchecked: undefined },
    );
    assert.ok(out.every((element) => element === 0));
  });

  test('for a view, and for more dimensions', () => {
    const view = shared(Uint8Array, [1, 2]);
    assert.match(explain((x, i) => x * i, { view }).text, /uint8/);
    const grid = (i, j, k) => i + j + k;
    assert.equal(explain(grid, { dimensions: 3 }).refusals.length, 0);
    assert.ok(explain(grid, { dimensions: 2 }).refusals.length > 0);
  });

  test('that has no value on every path: it is one for forRange', async () => {
    const out = empty(Int32Array, 10);
    const body = (i, { out }) => {
      if (i > 5) return;
      out[i] = 1;
    };
    const { refusals, returns, text } = explain(body, { data: { out } });
    assert.deepEqual([refusals, returns], [[], false]);
    assert.match(text, /refused in a sum or a map/);
    await forRange(10, body, { data: { out } });
    await assert.rejects(sumRange(10, body, { data: { out } }), { code: 'ERR_UNSUPPORTED' });
  });
});

test('of a body that cannot: all that is refused, with places, and nothing is thrown', async () => {
  const body = new Function('i', "const name = 'text';\nreturn name + new Date() + /x/ + nothing;");
  const { refusals, text, checked, unchecked } = explain(body);
  assert.ok(refusals.length >= 4);
  for (const { message, line, column, snippet } of refusals) {
    assert.ok(message.length > 10 && line >= 2 && column >= 1);
    assert.match(snippet, /\n *\^+$/);
    assert.ok(text.includes(message), text);
  }
  assert.ok(refusals.some(({ message }) => message.includes('`nothing`')));
  assert.deepEqual([checked, typeof unchecked], [false, 'string']);
  const error = await sumRange(1, body).catch((error) => error);
  assert.deepEqual(
    { line: error.line, column: error.column, snippet: error.snippet },
    { line: refusals[0].line, column: refusals[0].column, snippet: refusals[0].snippet },
  );
});

test('refusals in a helper function say in which', () => {
  const helper = (x) => `${x}`;
  const { refusals } = explain((i) => helper(i), { data: { helper } });
  assert.equal(refusals[0].helper, 'helper');
});

test('runs neither the function nor a call', async () => {
  let calls = 0;
  const count = (x) => {
    calls++;
    return x;
  };
  explain((i) => count(i), { data: { count: (x) => x } });
  assert.equal(calls, 0);
  const body = (x) => x;
  const view = shared(Float64Array, [1, 2]);
  explain(body, { view, onProgress: () => assert.fail() });
  assert.equal(await sum(view, body), 3);
});

describe('arguments that are wrong are thrown at once', () => {
  const body = (i) => i;
  for (const [what, args, code, says] of [
    ['no function', ['i => i'], 'ERR_INVALID_ARG_TYPE', /"body".*pass the function itself/],
    ['options that are none', [body, 5], 'ERR_INVALID_ARG_TYPE', /"options"/],
    ['options that are null', [body, null], 'ERR_INVALID_ARG_TYPE', /"options"/],
    ['data that are none', [body, { data: 5 }], 'ERR_INVALID_ARG_TYPE', /options\.data/],
    ['a view on an ArrayBuffer', [body, { view: new Float64Array(1) }], 'ERR_NOT_SHARED', /options\.view/],
    ['no view', [body, { view: [1] }], 'ERR_INVALID_ARG_TYPE', /options\.view/],
    ['4 dimensions', [body, { dimensions: 4 }], 'ERR_OUT_OF_RANGE', /options\.dimensions/],
    ['half a dimension', [body, { dimensions: 0.5 }], 'ERR_OUT_OF_RANGE', /options\.dimensions/],
    ['a text for dimensions', [body, { dimensions: '2' }], 'ERR_INVALID_ARG_TYPE', /options\.dimensions/],
    ['another math', [body, { math: 'fast' }], 'ERR_OUT_OF_RANGE', /options\.math/],
  ]) {
    test(what, () => {
      assert.throws(
        () => explain(...args),
        (error) => error.code === code && says.test(error.message),
      );
    });
  }

  test('and what a getter throws', () => {
    const mine = new Error('mine');
    const data = Object.defineProperty({}, 'x', {
      enumerable: true,
      get() {
        throw mine;
      },
    });
    assert.throws(
      () => explain(body, { data }),
      (error) => error === mine,
    );
  });
});
