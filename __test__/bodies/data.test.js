'use strict';

// options.data: what a body can get by it, and that it is read once, when the call is made.

const assert = require('node:assert/strict');
const { describe, test } = require('node:test');
const vm = require('node:vm');
const { random, sum, sumRange } = require('../..');
const { runChild } = require('../helpers/child.js');
const { rejects } = require('../helpers/rejects.js');
const { FLOATS, INTEGERS, shared } = require('../helpers/views.js');

/** One call of a body, for the index 0. */
const one = (body, data) => sumRange(1, body, { data });

describe('what a body can get', () => {
  test('numbers and booleans, as they are', async () => {
    for (const x of [
      0.1,
      -5,
      2 ** 60,
      Number.MIN_VALUE,
      Number.POSITIVE_INFINITY,
      Number.NEGATIVE_INFINITY,
    ]) {
      assert.equal(await one((_i, { x }) => x, { x }), x);
    }
    assert.equal(await one((_i, { x }) => (Number.isNaN(x) ? 2 : 1), { x: Number.NaN }), 2);
    assert.equal(await one((_i, { x }) => 1 / x, { x: -0 }), Number.NEGATIVE_INFINITY);
    assert.equal(await one((_i, { yes, no }) => (yes ? 1 : 0) + (no ? 10 : 0), { yes: true, no: false }), 1);
  });

  test('by its parameter or by name, destructured or not, and names from a destructured object', async () => {
    const data = { a: 1, p: { b: 2, q: { c: 3 } } };
    const { a, p } = data;
    assert.equal(await one((_i, data) => data.a + data.p.b + data.p.q.c, data), 6);
    assert.equal(await one((_i, { a, p: { b, q } }) => a + b + q.c, data), 6);
    assert.equal(await one((_i, { a: x, p: y }) => x + y.b, data), 3);
    assert.equal(await one(() => a + p.b + p.q.c, data), 6);
  });

  test('typed arrays of every type on shared memory, in place', async () => {
    for (const { View } of [...INTEGERS, ...FLOATS]) {
      const x = shared(View, [1, 2, 3], 1);
      assert.equal(await sumRange(4, (i, { x }) => (i < x.length ? x[i] : 10), { data: { x } }), 16);
      x[1] = 7;
      assert.equal(await sumRange(4, (i, { x }) => (i < x.length ? x[i] : 10), { data: { x } }), 21);
    }
  });

  test('typed arrays of every type on private memory, as they are at the call', async () => {
    for (const { View } of [...INTEGERS, ...FLOATS]) {
      const x = new View([1, 2, 3]);
      const call = sumRange(3e6, (i, { x }) => x[i % 3], { data: { x } });
      x.fill(0);
      assert.equal(await call, 6e6, View.name);
      assert.equal(await sumRange(3, (i, { x }) => x[i], { data: { x } }), 0);
    }
    const detached = new Float64Array(4);
    structuredClone(detached.buffer, { transfer: [detached.buffer] });
    assert.equal(await one((_i, { x }) => x.length, { x: detached }), 0);
    const shrunk = new Uint8Array(new ArrayBuffer(8, { maxByteLength: 8 }), 4, 2);
    shrunk.buffer.resize(2);
    assert.equal(await one((_i, { x }) => x.length, { x: shrunk }), 0);
  });

  test('plain arrays of numbers, nested too', async () => {
    const body = (i, { list, matrix, cube, none }) =>
      list[i] + 10 * matrix[i][1] + 100 * cube[1][i][0] + none.length + matrix.length + matrix[0].length;
    const data = {
      list: [1, 2],
      matrix: [
        [1, 2],
        [3, 4],
      ],
      cube: [
        [[1], [2]],
        [[3], [4]],
      ],
      none: [],
    };
    assert.equal(await sumRange(2, body, { data }), 3 + 60 + 700 + 8);
    data.matrix[1][1] = 5;
    assert.equal(await sumRange(2, body, { data }), 3 + 70 + 700 + 8);
    data.matrix.push([0, 0]);
    assert.equal(await sumRange(2, body, { data }), 3 + 70 + 700 + 10);
    assert.equal(await one((_i, { list }) => list[2] ?? 5, { list: [1, 2] }), 5);
  });

  test('functions, and what these take from data, by name', async () => {
    const square = (x) => x * x;
    const norm = (x, y) => Math.sqrt(square(x) + square(y));
    assert.equal(await one((_i, { norm }) => norm(3, 4), { norm, square }), 5);
    assert.equal(await one(() => norm(3, 4), { norm, square }), 5);
    const tools = {
      twice(x) {
        return 2 * x;
      },
    };
    assert.equal(await one((_i, { tools }) => tools.twice(4), { tools }), 8);
    assert.equal(await one((_i, { max, abs }) => max(1, abs(-2)), { max: Math.max, abs: Math.abs }), 2);
  });

  test('random, under its own name and under another', async () => {
    const expected = random(7, 0) + random(7, 0, 3);
    assert.equal(await one((i) => random(7, i) + random(7, i, 3), { random }), expected);
    assert.equal(await one((i, { random }) => random(7, i) + random(7, i, 3), { random }), expected);
    assert.equal(await one((i, { dice }) => dice(7, i) + dice(7, i, 3), { dice: random }), expected);
    assert.equal(
      await one((i, { our }) => our.random(7, i) + our.random(7, i, 3), { our: { random } }),
      expected,
    );
  });

  test('a property that is undefined is one that is not there', async () => {
    assert.equal(await one((_i, { x = 5 }) => x, { x: undefined }), 5);
    await rejects(() => one((_i, { x }) => x, { x: undefined }), 'ERR_UNSUPPORTED', /`x`/);
  });

  test('objects without a prototype, of another realm, and of proxies; names of all kinds', async () => {
    const bare = Object.assign(Object.create(null), { x: 3 });
    const proxy = new Proxy({ x: 3, y: new Proxy([4], {}) }, {});
    assert.equal(await one((_i, { x }) => x, bare), 3);
    assert.equal(await one((_i, { x, y }) => x + y[0], proxy), 7);
    assert.equal(await one((_i, { x, y }) => x + y[1], vm.runInNewContext('({ x: 3, y: [1, 2] })')), 5);
    assert.equal(
      await one((_i, { z }) => z[0] + z.length, vm.runInNewContext('({ z: new Int8Array([5]) })')),
      6,
    );
    const odd = Object.assign(Object.create(null), { 'a b': 1, '': 2, 0: 3, π: 4, constructor: 6, ';)(': 7 });
    Object.defineProperty(odd, '__proto__', { value: 5, enumerable: true });
    assert.equal(
      await one(
        (_i, { 'a b': a, '': b, 0: c, π, ['__proto__']: d, constructor: e, ';)(': f }) =>
          a + b + c + π + d + e + f,
        odd,
      ),
      28,
    );
  });

  test('only what is its own and enumerable', async () => {
    const data = Object.create({ x: 1 });
    await rejects(() => one((_i, { x }) => x, data), 'ERR_UNSUPPORTED', /`x`/);
    Object.defineProperty(data, 'x', { value: 1, enumerable: false });
    await rejects(() => one((_i, { x }) => x, data), 'ERR_UNSUPPORTED', /`x`/);
  });
});

describe('it is read once', () => {
  test('each getter, and none again for the check', async () => {
    const reads = [];
    const note = (name, value) => {
      reads.push(name);
      return value;
    };
    for (let call = 0; call < 3; call++) {
      const data = {
        get x() {
          return note('x', 3);
        },
        get unused() {
          return note('unused', 'text');
        },
        p: {
          get y() {
            return note('p.y', 4);
          },
        },
        get table() {
          return note('table', [1, 5]);
        },
      };
      reads.length = 0;
      assert.equal(await sumRange(2, (i, { x, p, table }) => x + p.y + table[i], { data }), 20);
      assert.deepEqual(reads, ['x', 'unused', 'p.y', 'table']);
    }
  });

  test('what it holds may change right after the call', async () => {
    const data = { x: 1, list: [1], p: { y: 1 } };
    const call = sumRange(1e6, (_i, { x, list, p }) => x + list[0] + p.y, { data });
    Object.assign(data, { x: 5, p: undefined });
    data.list[0] = 7;
    assert.equal(await call, 3e6);
  });

  test('a getter that throws: the promise is rejected with what it threw', async () => {
    const mine = new Error('mine');
    const thrower = () => {
      throw mine;
    };
    const keys = new Proxy({}, { ownKeys: thrower });
    const element = new Proxy([1], { get: thrower });
    const getter = Object.defineProperty({}, 'x', { get: thrower, enumerable: true });
    for (const data of [keys, getter, { p: keys }, { p: getter }, { element }]) {
      let call;
      assert.doesNotThrow(() => {
        call = one((i) => i, data);
      });
      await assert.rejects(call, (error) => error === mine);
    }
    assert.equal(await one((i) => i, {}), 0);
  });

  test('a getter that makes calls of its own, with data of their own', async () => {
    const inner = [];
    const data = {
      a: 1,
      get b() {
        inner.push(one((_i, { c, d }) => c + d, { c: 10, d: 20 }));
        return 2;
      },
      c: 3,
    };
    assert.equal(await one((_i, { a, b, c }) => a + 10 * b + 100 * c, data), 321);
    assert.deepEqual(await Promise.all(inner), [30]);
  });

  test('an array that changes while it is read is refused', async () => {
    const body = (_i, { table, x }) => table[0] + x;
    const idle = (_i, { x }) => x;
    assert.equal(await one(body, { table: [1], x: 1 }), 2);
    let length = 1;
    const table = new Proxy([1], { get: (array, key) => (key === 'length' ? length++ : array[key]) });
    assert.equal(await one(idle, { table, x: 1 }), 1);
    length = 'long';
    await rejects(() => one(body, { table, x: 1 }), 'ERR_UNSUPPORTED', /proxy/);
  });
});

describe('a program that breaks prototypes', () => {
  test('does not change what is read', async () => {
    const result = await runChild(
      async (root) => {
        const { sumRange, sum } = require(root);
        const view = new Float64Array(new SharedArrayBuffer(80)).fill(1);
        const data = {
          __proto__: null,
          x: 2,
          p: { y: 3 },
          list: [1, 2, 3, 4, 5, 6, 7, 8],
          view,
          own: new Int8Array([5]),
          f: (x) => 2 * x,
        };
        const body = (i, { x, p, list, view, own, f }) => x + p.y + list[i] + view[i] + own[0] + f(i);
        await sumRange(8, body, { __proto__: null, data });
        const { defineProperty: define } = Object;
        const poison = () => {
          throw new Error('poison');
        };
        for (let i = 0; i < 20; i++)
          define(Array.prototype, i, { __proto__: null, set: poison, get: poison });
        for (const name of ['x', 'y', 'data', 'shape', 'texts', 'kind', 'place', 'value', 'from', 'math']) {
          define(Object.prototype, name, { __proto__: null, set: poison, get: poison });
        }
        for (const name of ['length', 'byteLength', 'buffer']) {
          define(Object.getPrototypeOf(Int8Array.prototype), name, { __proto__: null, get: poison });
        }
        Array.prototype[Symbol.iterator] = Map.prototype.get = WeakMap.prototype.get = poison;
        Object.keys = Array.isArray = poison;
        const other = { __proto__: null, ...data, x: 3 };
        // The same function with the same data, with other data, and a function that is new.
        const all = async (data) => {
          const first = await sumRange(8, body, { __proto__: null, data });
          const second = await sum(view, (e, i, { p }) => e + i + p.y, { __proto__: null, data });
          return `${first} ${second}`;
        };
        process._rawDebug(`${await all(data)}, ${await all(other)}`);
        process.exit();
      },
      {},
      { stderr: /(?:)/ },
    );
    assert.match(result.stderr, /^180 85, 188 85$/m);
  });
});

test('the view of an element body may be in data too', async () => {
  const view = shared(Float64Array, [1, 2, 3]);
  assert.equal(await sum(view, (x, i, { view }) => x * view[i], { data: { view } }), 14);
});
