'use strict';

// What is said of calls and bodies that are wrong in ways in which many people are: in terms of the call, with what to write
// instead, and once.

const assert = require('node:assert/strict');
const { describe, test } = require('node:test');
const { count, explain, forRange, map, mean, min, share, shared, sum, sumRange } = require('../..');

const view = share([1, 2, 3, 4]);

/** The message of the only rejection. */
async function messageOf(call, code) {
  let message;
  await assert.rejects(call, (error) => {
    assert.equal(error.code, code, error.stack);
    ({ message } = error);
    return true;
  });
  return message;
}

/** The only thing that is refused in a body. */
async function refusalOf(call) {
  const message = await messageOf(call, 'ERR_UNSUPPORTED');
  assert.equal(message.match(/^\d+:\d+: /gm)?.length, 1, message);
  return message;
}

describe('a body is told which indices it gets', () => {
  for (const [what, call, ...says] of [
    [
      'a parameter too many, and data apart',
      () => sumRange(10, (i, j, { k }) => i + j * k, { data: { k: 1 } }),
      /parameter too many.*`\(i, data\)`/,
      /\[n0, n1\]/,
      /`\(i, \{ k \}\)`/,
    ],
    ['a parameter too many', () => sumRange(10, (i, j, _d) => i + j), /`j` is `data` here/, /`\(i, data\)`/],
    [
      'no parameter for the index of an element',
      () => sum(view, (x, { k }) => x * k, { data: { k: 2 } }),
      /`\(x, i, data\)`/,
      /`\(x, i, \{ k \}\)`/,
    ],
    [
      'no parameter for the index of an element, and data read',
      () => map(view, (x, d) => x * d.k, { data: { k: 2 } }),
      /the body is called with `\(x, i, data\)`: `k` is in `data`/,
    ],
    [
      'one index of two',
      () => sumRange([3, 4], (i, { k }) => i * k, { data: { k: 1 } }),
      /`\(i, j, data\)`/,
      /`\(i, j, \{ k \}\)`/,
    ],
  ]) {
    test(what, async () => {
      const message = await refusalOf(call);
      for (const pattern of says) assert.match(message, pattern);
    });
  }
});

test('a total outside of the body is not looked for in data, nor accepted there', async () => {
  let total = 0;
  const add = (i) => {
    total += i;
  };
  for (const options of [undefined, { data: { total } }]) {
    const message = await refusalOf(() => forRange(3, add, options));
    assert.match(message, /`total` is not declared in the body/);
    assert.match(message, /return the term and use `sumRange`, or use `Atomics.add`/);
    assert.doesNotMatch(message, /data: \{/);
  }
});

describe('one mistake is refused once', () => {
  for (const [source, says] of [
    ['function () { return arguments[0]; }', /no `arguments`/],
    ['(...a) => a[0]', /no rest parameters/],
    ['(i) => { const [a, ...rest] = [i, 1]; return rest[0]; }', /the rest of an array/],
    ['(i) => { try { return i; } finally { } }', /there is no `try`/],
    ["(i) => { if (i > 1) throw new Error('x'); return 1; }", /a body cannot throw/],
    ['(i) => i + new Date()', /`new Date` cannot be used: a body has no input or output.*before the call/],
    ["(i) => new Map([['a', i]]).size", /`new Map` cannot be used: a body has no maps/],
    ["(i) => { const e = new Error('x'); return i; }", /`new Error` cannot be used.*return NaN/],
  ]) {
    test(source, async () => {
      assert.match(await refusalOf(() => sumRange(3, new Function(`return ${source}`)())), says);
    });
  }
});

test('null and undefined are no values of a body that has one, and elements beyond the end are NaN', async () => {
  for (const body of [
    () => null,
    () => undefined,
    () => void 0,
    (i) => (i > 1 ? null : i),
    (i) => {
      const none = null;
      return i > 5 ? i : none;
    },
  ]) {
    const calls = [() => sumRange(3, body), () => map(view, body), () => min(3, body), () => count(3, body)];
    for (const call of calls) {
      const message = await messageOf(call, 'ERR_UNSUPPORTED');
      assert.match(message, /the body returns (null|undefined|a number or null) here/);
    }
    await forRange(3, body);
  }
  const message = await refusalOf(() => sumRange(3, (i) => (i > 1 ? i : undefined)));
  assert.match(
    message,
    /1:21: the body returns undefined here; return a number or a boolean on every path\n/,
  );
  assert.ok(Number.isNaN(await sumRange(9, (i, { view }) => view[i], { data: { view } })));
});

test('what every object inherits is no property of data, unless data has one of its own', async () => {
  for (const body of [
    (_i, d) => (d.constructor ? 1 : 0),
    (_i, d) => (d.toString ? 1 : 0),
    // biome-ignore lint/suspicious/noProto: that is the point
    (_i, d) => (d.__proto__ === undefined ? 1 : 0),
    (_i, { valueOf: v = 1 }) => (v ? 1 : 0),
    (_i, { p }) => (p.hasOwnProperty ? 1 : 0),
  ]) {
    const message = await refusalOf(() => sumRange(10, body, { data: { p: { x: 1 } } }));
    assert.match(message, /of objects, which all of them inherit; give the property another name/);
  }
  assert.equal(await sumRange(10, (_i, d) => d.constructor, { data: { constructor: 2 } }), 20);
  assert.equal(await sumRange(10, (_i, { toString: t = 1 }) => t, { data: { toString: 3 } }), 30);
});

describe('a call of another function than the one that is meant says which', () => {
  for (const [what, call, code, ...says] of [
    ['numbers in an array', () => mean([1.5, 2.5], (x) => x), 'ERR_OUT_OF_RANGE', /pass share\(array\)/],
    [
      'numbers in an array, to be summed',
      () => sumRange([1.5, 2.5], (x) => x),
      'ERR_OUT_OF_RANGE',
      /sum\(share\(array\), body\)/,
    ],
    ['the habit of Math.min', () => min(3, 2, 1), 'ERR_INVALID_ARG_TYPE', /share\(\[a, b\]\)/, /Math\.min/],
    [
      'a view for a count',
      () => sumRange(view, (i) => i),
      'ERR_INVALID_ARG_TYPE',
      /sum\(view\)/,
      /map\(view, body\)/,
    ],
    ['a view for a count, without a body', () => sumRange(view), 'ERR_INVALID_ARG_TYPE', /sum\(view\)/],
    [
      'a count for a view',
      () => sum(10, (i) => i),
      'ERR_INVALID_ARG_TYPE',
      /sumRange\(num, body\)/,
      /forRange/,
    ],
    [
      'a count for a map',
      () => map(10, (i) => i),
      'ERR_INVALID_ARG_TYPE',
      /sumRange\(num, body\)/,
      /forRange/,
    ],
    ['a count for a view, without a body', () => sum(10n), 'ERR_INVALID_ARG_TYPE', /sumRange\(num\)/],
  ]) {
    test(what, async () => {
      const message = await messageOf(call, code);
      for (const pattern of says) assert.match(message, pattern);
    });
  }
});

test('an array that grows has room for 256 elements, and says so', async () => {
  const grow = (i, { n }) => {
    const a = [i];
    for (let k = 1; k < n; k++) a.push(k);
    return a.length;
  };
  assert.equal(await sumRange(3, grow, { data: { n: 256 } }), 768);
  const message = await messageOf(() => sumRange(3, grow, { data: { n: 257 } }), 'ERR_OUT_OF_RANGE');
  assert.match(message, /element 256/);
  assert.match(message, /grows by push has room for 256 elements/);
});

test('explain says how many indices are side by side: those of the machine code, where there is some', () => {
  const a = shared(Float64Array, 8);
  for (const [body, data] of [
    [(i) => Math.sqrt(i), {}],
    [(i, { a }) => a[i] * 2, { a }],
    [
      (i, { a }) => {
        while (Atomics.load(a, 0) < i);
        return 1;
      },
      { a: shared(Int32Array, 8) },
    ],
  ]) {
    const { block, engine, text, refusals } = explain(body, { data });
    assert.deepEqual(refusals, []);
    const code = /machine code.* bytes, (\d+|one) ind/.exec(text);
    assert.equal(engine === 'machine code', code !== null, text);
    if (code === null) assert.ok(block >= 1);
    else assert.equal(block, code[1] === 'one' ? 1 : Number(code[1]), text);
  }
});
