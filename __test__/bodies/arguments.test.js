'use strict';

// The arguments of calls with a body that no other call has: what they mean, and what is refused.

const assert = require('node:assert/strict');
const { describe, test } = require('node:test');
const allcores = require('../..');
const { rejects } = require('../helpers/rejects.js');
const { BIGINTS, FLOATS, INTEGERS, shared } = require('../helpers/views.js');

const { count, explain, findIndex, forRange, map, sum, sumIntoSharedBuffer, sumRange } = allcores;

const MAX = 2 ** 53 - 1;
const f64 = (values) => shared(Float64Array, values);

/** The indices with which forRange calls a body, in order. */
async function indicesOf(num, options) {
  const seen = new Int32Array(new SharedArrayBuffer(4 * 1000));
  const mark = (i, { seen }) => {
    seen[i] = 1;
  };
  await forRange(num, mark, { ...options, data: { seen } });
  return [...seen.keys()].filter((i) => seen[i] === 1);
}

describe('num', () => {
  test('may be a BigInt, and the sum is a number', async () => {
    assert.equal(await sumRange(1000n, (i) => i), 499_500);
    assert.deepEqual(await indicesOf(3n), [0, 1, 2]);
  });

  test('may be 0, and then the body is not called', async () => {
    let calls = 0;
    const count = () => {
      calls++;
      return 1;
    };
    await rejects(() => sumRange(5, count), 'ERR_UNSUPPORTED');
    assert.equal(await sumRange(0, (i) => i), 0);
    assert.equal(await sumRange([0, 5], (i, j) => i + j), 0);
    assert.equal(calls, 0);
  });

  test('of several dimensions: every tuple once, as loops within each other have them', async () => {
    const out = new Int32Array(new SharedArrayBuffer(4 * 24));
    await forRange(
      [2, 3, 4],
      (i, j, k, { out }) => {
        out[(i * 3 + j) * 4 + k] += 1 + 100 * i + 10 * j + k;
      },
      { data: { out } },
    );
    const expected = [];
    for (let i = 0; i < 2; i++)
      for (let j = 0; j < 3; j++) for (let k = 0; k < 4; k++) expected.push(1 + 100 * i + 10 * j + k);
    assert.deepEqual([...out], expected);
    assert.equal(await sumRange([3, 4n], (i, j) => i * 10 + j), 3 * 6 + 4 * 30);
  });

  for (const [what, num, code, says] of [
    ['an empty array', [], 'ERR_INVALID_ARG_TYPE', /array: it has 0 elements/],
    ['one dimension', [5], 'ERR_INVALID_ARG_TYPE', /array: it has 1 element/],
    [
      'four dimensions',
      [1, 1, 1, 1],
      'ERR_INVALID_ARG_TYPE',
      /array: it has 4 elements; for more dimensions make one of several/,
    ],
    ['a typed array', f64([2, 2]), 'ERR_INVALID_ARG_TYPE', /Float64Array/],
    ['a dimension that is a string', [2, '2'], 'ERR_INVALID_ARG_TYPE', /"num\[1\]".*'2'/],
    ['a hole', new Array(2), 'ERR_INVALID_ARG_TYPE', /"num\[0\]".*undefined/],
    ['a negative dimension', [2, -1], 'ERR_OUT_OF_RANGE', /"num\[1\]".*-1/],
    ['a fractional dimension', [0.5, 2], 'ERR_OUT_OF_RANGE', /"num\[0\]".*0\.5/],
    ['a dimension beyond 2^53', [2, 2n ** 53n], 'ERR_OUT_OF_RANGE', /"num\[1\]"/],
    ['a product of 2^53', [2 ** 27, 2 ** 26], 'ERR_OUT_OF_RANGE', /product/],
    ['an enormous product', [MAX, MAX, MAX], 'ERR_OUT_OF_RANGE', /product/],
  ]) {
    test(`of several dimensions: ${what} is refused`, async () => {
      await rejects(() => sumRange(num, (i, j) => i + j), code, /num/, says);
      await rejects(() => forRange(num, (i, j) => i + j), code, /num/, says);
    });
  }

  test('of several dimensions: the largest product', async () => {
    const controller = new AbortController();
    const call = sumRange([2 ** 26, 2 ** 26], (i, j) => i + j, { signal: controller.signal });
    controller.abort();
    await rejects(() => call, 'ABORT_ERR');
    assert.equal(await sumRange([MAX, 0, MAX], (i, j, k) => i + j + k), 0);
  });

  test('without a body, the message for an array says that it needs one', async () => {
    await rejects(() => sumRange([2, 3]), 'ERR_INVALID_ARG_TYPE', /pass a body too/);
  });

  test('of several dimensions is none for slots', async () => {
    const slots = new Int32Array(new SharedArrayBuffer(16));
    await rejects(
      () => sumIntoSharedBuffer(slots, [2, 2], (i) => i),
      'ERR_INVALID_ARG_TYPE',
      /one dimension/,
    );
  });
});

test('a sum is never -0, as a total that begins with 0 never is', async () => {
  const view = f64([-0, -0]);
  for (const call of [
    () => sumRange(0, (i) => i),
    () => sumRange(5, (i) => -0 * i),
    () => sumRange([0, 3], (i, j) => i + j),
    () => sum(view, (x) => x),
    () => sum(view.subarray(2), (x) => x),
    () => sumIntoSharedBuffer(new Int32Array(new SharedArrayBuffer(16)), 5, (i) => -0 * i),
  ]) {
    assert.equal(await call(), 0);
  }
});

describe('from', () => {
  test('is the first index', async () => {
    assert.deepEqual(await indicesOf(8, { from: 5 }), [5, 6, 7]);
    assert.deepEqual(await indicesOf(8, { from: 5n }), [5, 6, 7]);
    assert.equal(await sumRange(8, (i) => i, { from: 5 }), 18);
    const slots = new Int32Array(new SharedArrayBuffer(12));
    assert.equal(await sumIntoSharedBuffer(slots, 9, (i) => i, { from: 5 }), 26);
    assert.deepEqual([...slots], [11, 15, 0]);
  });

  test('at num or beyond makes an empty range', async () => {
    for (const from of [8, 9, MAX]) assert.equal(await sumRange(8, (i) => i, { from }), 0);
    assert.deepEqual(await indicesOf(8, { from: 100 }), []);
  });

  test('may be 0 everywhere, and nothing else where there is no range', async () => {
    const view = f64([1, 2, 3]);
    assert.equal(await sum(view, (x) => x, { from: 0 }), 6);
    assert.equal(await sumRange([2, 2], (i, j) => i + j, { from: 0 }), 4);
    await rejects(() => sum(view, (x) => x, { from: 1 }), 'ERR_OUT_OF_RANGE', /options\.from/, /subarray/);
    await rejects(() => map(view, (x) => x, { from: 1 }), 'ERR_OUT_OF_RANGE', /options\.from/, /subarray/);
    await rejects(() => sumRange([2, 2], (i, j) => i + j, { from: 1 }), 'ERR_OUT_OF_RANGE', /dimension/);
  });
});

describe('the body', () => {
  test('may be left out where there is a sum without it, and options are then where they can be', async () => {
    const controller = new AbortController();
    controller.abort();
    const aborted = { signal: controller.signal };
    const slots = () => new Int32Array(new SharedArrayBuffer(16));
    assert.equal(await sumRange(10, undefined, { threads: 1 }), 45);
    await rejects(() => sumRange(10, undefined, aborted), 'ABORT_ERR');
    await rejects(() => sum(f64([1]), undefined, aborted), 'ABORT_ERR');
    await rejects(() => sumIntoSharedBuffer(slots(), 10, undefined, aborted), 'ABORT_ERR');
    assert.equal(await sumIntoSharedBuffer(slots(), undefined, undefined, { threads: 1 }), 0);
  });

  test('after the options is refused: it would not be called', async () => {
    const says = /options.*function: pass it before the options/;
    await rejects(() => sumRange(10, {}, (i) => i), 'ERR_INVALID_ARG_TYPE', says);
    await rejects(() => sum(f64([1]), {}, (x) => x), 'ERR_INVALID_ARG_TYPE', says);
    const slots = new Int32Array(new SharedArrayBuffer(16));
    await rejects(() => sumIntoSharedBuffer(slots, 10, {}, (i) => i), 'ERR_INVALID_ARG_TYPE', says);
  });

  test('in the place of num is refused', async () => {
    const slots = new Int32Array(new SharedArrayBuffer(16));
    await rejects(() => sumIntoSharedBuffer(slots, (i) => i), 'ERR_INVALID_ARG_TYPE', /pass num before it/);
    assert.deepEqual([...slots], [0, 0, 0, 0]);
  });

  test('of sumIntoSharedBuffer without num takes it from the last slot', async () => {
    const slots = new Int32Array(new SharedArrayBuffer(12));
    slots[2] = 6;
    assert.equal(await sumIntoSharedBuffer(slots, undefined, (i) => 2 * i), 30);
    assert.deepEqual([...slots], [6, 24, 0]);
    slots[2] = -4;
    await rejects(() => sumIntoSharedBuffer(slots, undefined, (i) => i), 'ERR_OUT_OF_RANGE');
  });

  test('of forRange and map must be there', async () => {
    for (const options of [undefined, {}]) {
      await rejects(() => forRange(5, options), 'ERR_INVALID_ARG_TYPE', /"body"/);
      await rejects(() => map(f64([1]), options), 'ERR_INVALID_ARG_TYPE', /"body"/);
    }
    assert.throws(() => explain(), { code: 'ERR_INVALID_ARG_TYPE' });
  });

  const bound = ((i) => i).bind(undefined);
  const { method } = {
    method(i) {
      return i;
    },
  };
  class Five {
    static five(i) {
      return i;
    }

    five(i) {
      return i;
    }
  }

  for (const [what, body] of [
    ['an arrow function', (i) => i],
    [
      'a function expression',
      function own(i) {
        const own = i;
        return own;
      },
    ],
    ['a method', method],
    ['a static method', Five.five],
    ['a function of the Function constructor', new Function('i', 'return i')],
  ]) {
    test(`may be ${what}`, async () => assert.equal(await sumRange(10, body), 45));
  }

  for (const [what, body] of [
    ['a class', Five],
    ['a bound function', bound],
    ['a function of the engine', Math.abs],
    ['a proxy of a function', new Proxy((i) => i, {})],
    ['an async function', async (i) => i],
    [
      'a generator',
      function* (i) {
        yield i;
      },
    ],
  ]) {
    test(`cannot be ${what}`, async () => {
      const { line, column, snippet } = await rejects(() => sumRange(10, body), 'ERR_UNSUPPORTED');
      assert.ok(line >= 1 && column >= 1 && typeof snippet === 'string');
    });
  }
});

describe('a parameter too many is data', () => {
  const view = f64([1, 2]);
  for (const [what, call, name, remedy] of [
    ['over a range', () => sumRange(5, (i, j) => i * j), 'j', /`\(i, data\)`.*`\[n0, n1\]`.*`\{ j \}`/],
    ['over two dimensions', () => forRange([2, 2], (y, x, z) => y * x * z), 'z', /`\[n0, n1, n2\]`/],
    ['over elements', () => sum(view, (x, i, k) => x * i * k), 'k', /`\(x, i, data\)`.*`\{ k \}`/],
    [
      'with data',
      () => map(view, (x, _, scale) => x * scale, { data: { scale: 2 } }),
      'scale',
      /`\{ scale \}`/,
    ],
  ]) {
    test(`${what}: the message says so, once, and what to write instead`, async () => {
      const error = await rejects(
        call,
        'ERR_UNSUPPORTED',
        new RegExp(`\`${name}\` is \`data\` here`),
        remedy,
      );
      assert.equal(error.message.match(/is `data` here/g).length, 1);
    });
  }
});

test('what a body returns: the message says that booleans are right, too', async () => {
  const says = /return a number or a boolean on every path/;
  for (const body of [
    (i) => {
      if (i > 3) return true;
    },
    () => {},
    (i) => [i],
    (i) => ({ i }),
  ]) {
    await rejects(() => sumRange(5, body), 'ERR_UNSUPPORTED', says);
    await rejects(() => count(5, body), 'ERR_UNSUPPORTED', says);
    await rejects(() => findIndex(5, body), 'ERR_UNSUPPORTED', says);
  }
});

describe('views', () => {
  for (const { View } of [...INTEGERS, ...FLOATS]) {
    test(`${View.name}: its elements and their indices are what the body gets`, async () => {
      const view = shared(View, [1, 2, 3, 0], 1);
      assert.equal(await sum(view, (x, i) => x * (i + 1)), 14);
      const doubled = await map(view, (x) => 2 * x);
      assert.equal(Object.getPrototypeOf(doubled), View.prototype);
      assert.ok(doubled.buffer instanceof SharedArrayBuffer);
      assert.deepEqual([...doubled], [2, 4, 6, 0]);
    });
  }

  for (const { View } of BIGINTS) {
    test(`${View.name}: refused, since a body computes with numbers`, async () => {
      const view = shared(View, [1n, 2n]);
      for (const call of [() => sum(view, (x) => x), () => map(view, (x) => x)]) {
        await rejects(call, 'ERR_INVALID_ARG_TYPE', /"view"/, new RegExp(View.name), /numbers/);
      }
    });
  }

  test('map stores into the array that it is given, as any store does', async () => {
    const view = f64([-1, 0.5, 300, Number.NaN]);
    const into = shared(Uint8ClampedArray, [9, 9, 9, 9]);
    assert.equal(await map(view, (x) => x, { into }), into);
    assert.deepEqual([...into], [0, 0, 255, 0]);
    assert.equal(await map(view, (x) => -x, { into: view }), view);
    assert.deepEqual([...view], [1, -0.5, -300, Number.NaN]);
  });

  test('an option that only another call has is ignored', async () => {
    assert.equal(await sumRange(5, (i) => i, { into: 'nowhere', dimensions: 7 }), 10);
  });
});
