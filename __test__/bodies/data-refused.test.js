'use strict';

// options.data: what a body cannot get by it, and how much it may hold.

const assert = require('node:assert/strict');
const { describe, test } = require('node:test');
const { sumRange } = require('../..');
const { rejects } = require('../helpers/rejects.js');
const { BIGINTS, shared } = require('../helpers/views.js');

/** One call of a body, for the index 0. */
const one = (body, data) => sumRange(1, body, { data });

describe('what it cannot get is refused only if it uses it', () => {
  class Point {}
  const hole = new Array(3).fill(1);
  delete hole[1];
  const cyclic = { x: 1 };
  cyclic.self = cyclic;
  const within = [1];
  within.push(within);
  const deepArray = [[[[[[[[[1]]]]]]]]];
  for (const [what, value, says] of [
    ['a string', 'text', /a string; pass a number for each option/],
    ['null', null, /null; leave it out/],
    ['a symbol', Symbol('s'), /a symbol/],
    ['a BigInt', 5n, /a bigint: convert it by Number\(x\)/],
    ['a Date', new Date(), /a Date: pass its getTime\(\)/],
    ['a Map', new Map(), /a Map: number its keys/],
    ['a Set', new Set(), /a Set: pass \[\.\.\.set\]/],
    ['a Promise', Promise.resolve(), /a Promise: await it\?/],
    ['an object of a class', new Point(), /a Point: pass \{ \.\.\.object \}/],
    ['a buffer', new SharedArrayBuffer(8), /a SharedArrayBuffer: pass a view on it/],
    ['a revoked proxy', revoked(), /a Proxy/],
    ['a proxy of a view', new Proxy(new Float64Array(1), {}), /a Proxy/],
    ...BIGINTS.map(({ View }) => [
      `a ${View.name}`,
      shared(View, [1n]),
      new RegExp(`a ${View.name}: pass Float64Array.from`),
    ]),
    ['a proxy of an array', lengthOf(-1), /a proxy of an array/],
    ['an array of strings', ['a', 'b'], /an array with a string at \[0\]/],
    ['an array of numbers and objects', [1, { x: 1 }], /an array of numbers and objects/],
    ['an array of views', [new Float64Array(1)], /an array with a Float64Array at \[0\]; give each a name/],
    ['an array with a hole', hole, /an array with a hole or undefined at \[1\]/],
    ['an array with null', [1, null], /an array with null at \[1\]/],
    ['a ragged array', [[1, 2], [3]], /an array of arrays of different lengths; pass one array/],
    ['an array of numbers and arrays', [1, [2]], /an array of numbers and arrays/],
    ['an array of arrays and numbers', [[2], 1], /an array of numbers and arrays/],
    ['a very deep array', deepArray, /arrays more than 8 deep/],
    ['an array in itself', within, /an array of numbers and arrays/],
    ['an object in itself', cyclic, undefined],
  ]) {
    test(what, async () => {
      assert.equal(await one((_i, { x }) => x, { x: 3, value }), 3);
      if (says)
        await rejects(() => one((_i, { value }) => value + 1, { value }), 'ERR_UNSUPPORTED', /`value`/, says);
      else
        await rejects(
          () => one((_i, { value }) => value.self.x, { value }),
          'ERR_UNSUPPORTED',
          /object that it is in/,
        );
    });
  }

  /** A proxy that says that it is of this length. */
  function lengthOf(length) {
    return new Proxy([], { get: (array, key) => (key === 'length' ? length : array[key]) });
  }

  function revoked() {
    const { proxy, revoke } = Proxy.revocable([], {});
    revoke();
    return proxy;
  }
});

describe('how much it may hold', () => {
  test('10 000 properties, wherever they are', async () => {
    const many = (count) => Object.fromEntries(Array.from({ length: count }, (_, i) => [`p${i}`, i]));
    assert.equal(await one((_i, { p9999 }) => p9999, many(10_000)), 9999);
    const says = [/options\.data/, /no more than 10000 properties/, /pass only what the body uses/];
    await rejects(
      () => one((_i, { p0 }) => p0, many(10_001)),
      'ERR_OUT_OF_RANGE',
      ...says,
      /options\.data\.p10000/,
    );
    const nested = { one: many(5000), 'the other': many(5000) };
    await rejects(
      () => one((i) => i, nested),
      'ERR_OUT_OF_RANGE',
      ...says,
      /options\.data\.the other\.p4998/,
    );
    const empty = Object.fromEntries(Array.from({ length: 20_000 }, (_, i) => [`p${i}`, {}]));
    await rejects(() => one((i) => i, empty), 'ERR_OUT_OF_RANGE', ...says);
  });

  test('objects 32 deep in each other', async () => {
    const nest = (depth) => (depth === 1 ? { x: 3 } : { p: nest(depth - 1) });
    assert.equal(await one((i) => i, nest(32)), 0);
    const says = [/options\.data/, /32 deep/, /options\.data(\.p){32}$/];
    await rejects(() => one((i) => i, nest(33)), 'ERR_OUT_OF_RANGE', ...says);
    const endless = new Proxy(
      {},
      {
        ownKeys: () => ['p'],
        getOwnPropertyDescriptor: () => ({ value: 1, enumerable: true, configurable: true }),
        get: () => endless,
      },
    );
    await rejects(() => one((i) => i, { x: endless }), ['ERR_OUT_OF_RANGE', 'ERR_UNSUPPORTED'], /./).catch(
      // An object in itself is no property that the body uses.
      async () => assert.equal(await one((i) => i, { x: endless }), 0),
    );
  });

  test('arrays of arrays that are shared, and multiply, are walked within limits', async () => {
    let array = [];
    for (let i = 0; i < 7; i++) array = new Array(1000).fill(array);
    assert.equal(await one((_i, { x }) => x, { x: 3, array }), 3);
    await rejects(
      () => one((_i, { array }) => array.length, { array }),
      'ERR_UNSUPPORTED',
      /more than 134217728 numbers/,
    );
    let object = {};
    for (let i = 0; i < 20; i++) object = { a: object, b: object };
    await rejects(() => one((i) => i, { object }), 'ERR_OUT_OF_RANGE', /10000 properties/);
  });
});

test('names are texts of Unicode', async () => {
  const astral = '\u{1f600}';
  assert.equal(await one((i, data) => i + data['\u{1f600}'] + data[''], { [astral]: 3, '': 4 }), 7);
  for (const name of ['\ud800', 'a\udc00b', '\udc00\ud800']) {
    await rejects(() => one((i) => i, { [name]: 3 }), 'ERR_OUT_OF_RANGE', /options\.data/, /lone surrogates/);
  }
});
