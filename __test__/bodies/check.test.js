'use strict';

// Before a compiled body runs first, it is compared with the function: what the comparison finds in its values.

const assert = require('node:assert/strict');
const { describe, test } = require('node:test');
const { forRange, map, random, sum, sumIntoSharedBuffer, sumRange } = require('../..');
const { opaque } = require('../helpers/opaque.js');
const { rejects } = require('../helpers/rejects.js');
const { shared } = require('../helpers/views.js');

const f64 = (values) => shared(Float64Array, values);

describe('a captured variable that has another value than in data', () => {
  test('a number: index, expected and actual value', async () => {
    const step = opaque(3);
    const error = await rejects(
      () => sumRange(100, (i) => i * step, { data: { step: 2 } }),
      'ERR_DIFFERS',
      /returns 297 at index 99, and its compiled form 198/,
      /takes step from its surroundings/,
    );
    assert.equal(error.index, 99);
    assert.equal(error.expected, 297);
    assert.equal(error.actual, 198);
    assert.equal(Object.hasOwn(error, 'cause'), false);
  });

  test('of several dimensions and with from: the indices are those of the call', async () => {
    const step = opaque(3);
    const grid = await rejects(
      () => sumRange([2, 3], (i, j) => i + j * step, { data: { step: 2 } }),
      'ERR_DIFFERS',
      /at index \[1, 2\]/,
    );
    assert.deepEqual([grid.index, grid.expected, grid.actual], [[1, 2], 7, 5]);
    const late = await rejects(
      () => sumRange(50, (i) => (i >= 40 ? step : 0), { from: 40, data: { step: 2 } }),
      'ERR_DIFFERS',
    );
    assert.ok(late.index >= 40 && late.index < 50);
  });

  test('of element bodies: the index is that of the element', async () => {
    const limit = opaque(5);
    const view = f64([1, 2, 3, 4, 9]);
    const body = (x) => (x > limit ? 1 : 0);
    for (const call of [sum, map]) {
      const error = await rejects(() => call(view, body, { data: { limit: 10 } }), 'ERR_DIFFERS');
      assert.deepEqual([error.index, error.expected, error.actual], [4, 1, 0]);
    }
  });

  test('a table, an array, a helper function', async () => {
    const table = [1, 2, 3];
    const list = f64([1, 2, 3]);
    const helper = (x) => x + 1;
    const other = { table: [1, 2, 4], list: f64([1, 2, 4]), helper: (x) => x + 2 };
    await rejects(() => sumRange(3, (i) => table[i], { data: other }), 'ERR_DIFFERS', /table/);
    await rejects(() => sumRange(3, (i) => list[i], { data: other }), 'ERR_DIFFERS', /list/);
    await rejects(() => sumRange(3, (i) => helper(i), { data: other }), 'ERR_DIFFERS', /helper/);
    assert.equal(
      await sumRange(3, (i) => table[i] + list[i] + helper(i), { data: { table, list, helper } }),
      18,
    );
  });

  test('the sign of zero, and NaN', async () => {
    const zero = opaque(0);
    const error = await rejects(
      () => sumRange(3, (i) => i * zero, { data: { zero: -0 } }),
      'ERR_DIFFERS',
      /-0/,
    );
    assert.ok(Object.is(error.expected, 0) && Object.is(error.actual, -0));
    const nan = opaque(Number.NaN);
    assert.equal(await sumRange(3, (i) => (nan > i ? 1 : 2), { data: { nan } }), 6);
    assert.ok(Number.isNaN(await sumRange(3, (i) => i * nan, { data: { nan } })));
  });

  test('that is no number at all', async () => {
    const text = opaque('text');
    const error = await rejects(
      () => sumRange(3, (i) => text * i + 1 || text, { data: { text: 1 } }),
      'ERR_DIFFERS',
    );
    assert.equal(error.expected, 'text');
  });

  test('seen far from the first indices: powers of two and between', async () => {
    const limit = opaque(2 ** 40);
    for (const data of [{ limit: 2 ** 39 }, { limit: 2 ** 41 }]) {
      const controller = new AbortController();
      const call = sumRange(2 ** 52, (i) => (i < limit ? 1 : 0), { data, signal: controller.signal });
      controller.abort();
      await rejects(() => call, 'ERR_DIFFERS');
    }
  });
});

describe('a function that does something else', () => {
  test('throws: the cause is what it threw', async () => {
    const error = await rejects(
      () => sumRange(5, new Function('i', 'return i * nowhere'), { data: { nowhere: 2 } }),
      'ERR_DIFFERS',
      /throws ReferenceError: nowhere is not defined at index 0/,
      /takes nowhere from its surroundings/,
    );
    assert.ok(error.cause instanceof ReferenceError);
    assert.equal(error.expected, undefined);
    assert.equal(error.actual, 0);
    const mine = Symbol('mine');
    const thrower = () => {
      throw mine;
    };
    const other = await rejects(
      () => sumRange(5, (i) => thrower(i), { data: { thrower: (x) => x } }),
      'ERR_DIFFERS',
      /throws type symbol/,
    );
    assert.equal(other.cause, mine);
  });

  test('a shadowed Math', async () => {
    const shadow = new Function('Math', 'return (i) => Math.floor(i / 2)');
    assert.equal(await sumRange(10, shadow(Math)), 20);
    await rejects(() => sumRange(10, shadow({ floor: (x) => x })), 'ERR_DIFFERS', /replaced.*Math/);
  });

  test('calls us, and is still compared', async () => {
    const inner = [];
    const helper = (x) => {
      inner.push(sumRange(10, (i) => i));
      return x;
    };
    assert.equal(await sumRange(10, (i) => helper(i), { data: { helper: (x) => x } }), 45);
    assert.ok(inner.length > 0);
    for (const result of await Promise.all(inner)) assert.equal(result, 45);
  });
});

test('values of every kind that a sum takes: booleans, numbers, elements beyond the end', async () => {
  const view = f64([1, 2]);
  assert.equal(await sumRange(10, (i) => i > 6), 3);
  assert.ok(Number.isNaN(await sumRange(3, (i, { view }) => view[i], { data: { view } })));
  assert.equal(await sumRange(3, (i, { view }) => view[i] ?? 5, { data: { view } }), 8);
  assert.equal(
    await sumRange(5, (i) => random(1, i)),
    [0, 1, 2, 3, 4].reduce((t, i) => t + random(1, i), 0),
  );
});

describe('a captured function that stores where the one in data does not', () => {
  const numbers = (length) => new Float64Array(new SharedArrayBuffer(8 * length)).fill(1);
  const refuses = (body, data) =>
    rejects(() => forRange(20, body, { data }), 'ERR_DIFFERS', /from its surroundings/);

  for (const length of [8, 2 ** 14]) {
    test(`an array of ${length} elements that the body reads`, async () => {
      const view = numbers(length);
      const helper = opaque((a, i) => {
        a[i] = 7;
        return a[i];
      });
      const out = numbers(20);
      const data = { view, out, helper: (a, i) => a[i] };
      const body = (i, { view, out }) => {
        out[i] = helper(view, i);
      };
      const error = await refuses(body, data);
      assert.equal(error.expected, 7);
      await refuses((i, { view, out }) => {
        out[i] = helper(view, i) > 0 ? 1 : 2;
      }, data);
      assert.ok(view.every((number) => number === 1) && out.every((number) => number === 1));
    });

    test(`an array of ${length} elements that the body does not use`, async () => {
      const unused = numbers(length);
      const helper = opaque((all, i) => {
        all.deep.unused[i & 7] = 7;
        return 1;
      });
      const out = numbers(20);
      const body = (i, { all, out }) => {
        out[i] = helper(all, i);
      };
      const data = { all: { deep: { unused } }, out, helper: () => 1 };
      const error = await refuses(body, data);
      assert.match(error.message, /stores to all\.deep\.unused\[\d\] 7/);
      assert.ok(unused.every((number) => number === 1));
    });

    test(`the buffer of an array of ${length} elements`, async () => {
      const view = numbers(length);
      const helper = opaque((a) => {
        new Float64Array(a.buffer).fill(7);
        return 1;
      });
      const data = { view, helper: (a) => 1 + 0 * a[0] };
      await rejects(() => sumRange(20, (_, { view }) => helper(view) + view[0], { data }), 'ERR_DIFFERS');
      assert.ok(view.every((number) => number === 1));
    });
  }

  test('a table, also one of rows', async () => {
    const [table, rows] = [
      [1, 2],
      [
        [1, 2],
        [3, 4],
      ],
    ];
    const util = {
      helper: opaque((t, r) => {
        t[0] = 7;
        r[1][0] = 7;
        return t[0];
      }),
    };
    const data = { table, rows, util: { helper: (t, r) => t[0] + 0 * r[1][0] } };
    await rejects(
      () => sumRange(20, (_, { table, rows }) => util.helper(table, rows), { data }),
      'ERR_DIFFERS',
    );
    assert.deepEqual(
      [table, rows],
      [
        [1, 2],
        [
          [1, 2],
          [3, 4],
        ],
      ],
    );
  });

  test('the same function stores where it may', async () => {
    const view = numbers(20);
    const helper = (a, i) => {
      a[i] = 2 * i;
    };
    await forRange(20, (i, { view }) => helper(view, i), { data: { view, helper } });
    assert.deepEqual(
      view,
      Float64Array.from({ length: 20 }, (_, i) => 2 * i),
    );
  });
});

test('slots are not touched by a difference', async () => {
  const slots = new Int32Array(new SharedArrayBuffer(16));
  const step = opaque(3);
  await rejects(() => sumIntoSharedBuffer(slots, 9, (i) => i * step, { data: { step: 2 } }), 'ERR_DIFFERS');
  assert.deepEqual([...slots], [0, 0, 0, 0]);
  assert.equal(await sumIntoSharedBuffer(slots, 9, (i) => i * step, { data: { step } }), 108);
});
