'use strict';

// Values in the wrong place: refused, named as what they are, with what to do instead; and in no time, however large.

const assert = require('node:assert/strict');
const { describe, test } = require('node:test');
const { sum, sumIntoSharedBuffer, sumRange } = require('../..');
const { rejects } = require('../helpers/rejects.js');

const slots = () => new Int32Array(new SharedArrayBuffer(16)).fill(7);

class Config {}

const NOT_OPTIONS = [
  [Promise.resolve(5), /a Promise: await it\?/],
  [Object(5), /a Number object: pass the number itself/, /a Number object/],
  [Object(5n), /a BigInt object/],
  [new Date(), /a Date/],
  [new Map(), /a Map/],
  [new AbortController().signal, /an AbortSignal: pass \{ signal \}/],
  [new AbortController(), /an AbortController: pass \{ signal: controller\.signal \}/],
  [new Float64Array(2), /a Float64Array/],
  [new SharedArrayBuffer(8), /a SharedArrayBuffer/],
  [new Config(), /a Config/],
  [[5], /an array/],
];

describe('in the place of num, and of options', () => {
  for (const [value, asNum, asOptions = asNum] of NOT_OPTIONS) {
    test(`${asNum.source}`, async () => {
      const view = slots();
      await rejects(() => sumIntoSharedBuffer(view, value), 'ERR_INVALID_ARG_TYPE', /"num"/, asNum);
      for (const call of [
        () => sumIntoSharedBuffer(view, 5, value),
        () => sumRange(5, value),
        () => sum(view, value),
      ]) {
        await rejects(call, 'ERR_INVALID_ARG_TYPE', /"body"/, asOptions);
      }
      await rejects(() => sumRange(5, (i) => i, value), 'ERR_INVALID_ARG_TYPE', /"options"/, asOptions);
      assert.deepEqual([...view], [7, 7, 7, 7]);
    });
  }

  test('a function is no num, and no options', async () => {
    const view = slots();
    const body = (i) => i;
    await rejects(() => sumIntoSharedBuffer(view, body), 'ERR_INVALID_ARG_TYPE', /"num"/, /a function/);
    await rejects(() => sumRange(5, body, body), 'ERR_INVALID_ARG_TYPE', /"options"/, /a function/);
    await rejects(() => sumRange(5, undefined, body), 'ERR_INVALID_ARG_TYPE', /"options"/, /a function/);
    assert.deepEqual([...view], [7, 7, 7, 7]);
  });

  test('an object that is no options', async () => {
    const view = slots();
    for (const object of [{ num: 5 }, { threads: 1, num: 5 }, { thread: 2 }]) {
      await rejects(
        () => sumIntoSharedBuffer(view, object),
        'ERR_INVALID_ARG_TYPE',
        /'num'|'thread'/,
        /signal, threads/,
      );
    }
    assert.deepEqual([...view], [7, 7, 7, 7]);
  });

  test('an object that no literal makes', async () => {
    const view = slots();
    const stranger = Object.create({ num: 5 });
    const disguised = Object.setPrototypeOf(Promise.resolve(5), null);
    const date = Object.setPrototypeOf(new Date(), Object.prototype);
    const objects = [[5].values(), new Map([[1, 2]]).keys(), '5'[Symbol.iterator](), Math, Config.prototype];
    const args = (function () {
      // biome-ignore lint/complexity/noArguments: what is tested
      return arguments;
    })();
    const keyed = [{ [Symbol.toPrimitive]: () => 5 }, Object.defineProperty({}, 'num', { value: 5 })];
    for (const object of [...objects, ...keyed, stranger, disguised, date, args]) {
      await rejects(() => sumIntoSharedBuffer(view, object), 'ERR_INVALID_ARG_TYPE', /"num"/);
    }
    assert.deepEqual([...view], [7, 7, 7, 7]);
    view[3] = 3;
    assert.equal(await sumIntoSharedBuffer(view, {}), 3);
    view[3] = 3;
    assert.equal(await sumIntoSharedBuffer(view, Object.assign(Object.create(null), { threads: 1 })), 3);
  });

  test('a class with a name that would spoil the message', async () => {
    const { Evil } = { Evil: class {} };
    Object.defineProperty(Evil, 'name', { value: 'a\nb\u001b[31m' });
    const { message } = await rejects(() => sumRange(new Evil()), 'ERR_INVALID_ARG_TYPE', /unnamed class/);
    assert.ok(!message.includes('\n'));
  });

  test('a revoked proxy', async () => {
    const { proxy, revoke } = Proxy.revocable({}, {});
    revoke();
    await rejects(() => sumRange(5, proxy), 'ERR_INVALID_ARG_TYPE', /a Proxy/);
    await rejects(() => sumIntoSharedBuffer(slots(), proxy), 'ERR_INVALID_ARG_TYPE', /a Proxy/);
  });
});

test('in the place of a view or a signal', async () => {
  for (const [view, says] of [
    [[1, 2, 3], /an array: copy it to shared memory: share\(array\)$/],
    [new ArrayBuffer(8), /an ArrayBuffer: .*share\(new Float64Array\(buffer\)\)/],
    [new SharedArrayBuffer(8), /a SharedArrayBuffer: pass a view on it/],
    [new DataView(new SharedArrayBuffer(8)), /a DataView: pass a typed array on its buffer/],
    [Promise.resolve(), /a Promise: await it\?/],
  ]) {
    await rejects(() => sum(view), 'ERR_INVALID_ARG_TYPE', says);
  }
  const signal = new AbortController();
  await rejects(() => sumRange(5, { signal }), 'ERR_INVALID_ARG_TYPE', /an AbortController: pass its signal/);
});

test('what is huge is not written out', async () => {
  const text = 'x'.repeat(2 ** 28);
  const bits = 1n << (1n << 24n);
  for (const [call, code, says] of [
    [() => sumRange(bits), 'ERR_OUT_OF_RANGE', /more than 40 digits/],
    [() => sumRange(-bits), 'ERR_OUT_OF_RANGE', /negative .*more than 40 digits/],
    [() => sumRange(5, bits), 'ERR_INVALID_ARG_TYPE', /more than 40 digits/],
    [() => sumRange(text), 'ERR_INVALID_ARG_TYPE', /268435456 characters/],
    [() => sumRange(Symbol(text)), 'ERR_INVALID_ARG_TYPE', /268435456 characters/],
    [
      () => sumIntoSharedBuffer(slots(), { [text.slice(0, 10_000)]: 1 }),
      'ERR_INVALID_ARG_TYPE',
      /10000 characters/,
    ],
  ]) {
    const { message } = await rejects(call, code, says);
    assert.ok(message.length < 300, message);
  }
});
