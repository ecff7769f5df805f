'use strict';

// Objects that lie about what they are. What decides is what they are inside, and nothing that JavaScript can override.

const assert = require('node:assert/strict');
const { describe, test } = require('node:test');
const { types } = require('node:util');
const vm = require('node:vm');
const { sumIntoSharedBuffer, sumRange } = require('../..');
const { asBigInts, finalSlots } = require('../helpers/oracle.js');
const { rejects } = require('../helpers/rejects.js');

/** The call works on the true memory: `slots` shows it as it is. */
async function works(target, slots) {
  assert.equal(Number(await sumIntoSharedBuffer(target, 100)), 4950);
  assert.deepEqual(asBigInts(slots), finalSlots(100, slots.length));
}

const buffer = () => new SharedArrayBuffer(24);
const lie = (value) => ({ get: () => value, configurable: true });
const explode = {
  get() {
    throw new Error('a getter was called');
  },
  configurable: true,
};

describe('views', () => {
  test('own properties that lie, or throw', async () => {
    for (const description of [lie(1), lie(1e9), lie(-1), lie(null), explode]) {
      for (const View of [Int32Array, BigInt64Array]) {
        const view = new View(buffer());
        const slots = new View(view.buffer);
        for (const name of [
          'length',
          'byteLength',
          'byteOffset',
          'buffer',
          'BYTES_PER_ELEMENT',
          'constructor',
        ]) {
          Object.defineProperty(view, name, description);
        }
        Object.defineProperty(view, Symbol.toStringTag, description);
        await works(view, slots);
      }
    }
  });

  test('a subclass whose getters lie', async () => {
    class Liar extends Int32Array {
      get length() {
        return 1000;
      }
      get byteOffset() {
        return 4096;
      }
      get buffer() {
        return new ArrayBuffer(8);
      }
      get [Symbol.toStringTag]() {
        return 'Uint8Array';
      }
      static get [Symbol.species]() {
        throw new Error('species was read');
      }
    }
    const shared = buffer();
    await works(new Liar(shared, 4, 5), new Int32Array(shared, 4, 5));
  });

  test('a swapped prototype', async () => {
    for (const prototype of [
      Float64Array.prototype,
      BigInt64Array.prototype,
      ArrayBuffer.prototype,
      Object.prototype,
      null,
    ]) {
      const view = new Int32Array(buffer());
      const slots = new Int32Array(view.buffer);
      Object.setPrototypeOf(view, prototype);
      await works(view, slots);
    }
    const other = new Float64Array(buffer());
    Object.setPrototypeOf(other, Int32Array.prototype);
    await rejects(() => sumIntoSharedBuffer(other, 100), 'ERR_INVALID_ARG_TYPE');
    const plain = new Int32Array(6);
    Object.setPrototypeOf(plain, Object.getPrototypeOf(new Int32Array(buffer())));
    Object.defineProperty(plain, 'buffer', lie(buffer()));
    await rejects(() => sumIntoSharedBuffer(plain, 100), 'ERR_NOT_SHARED');
  });

  test('an object with every property of a view is none', async () => {
    const shared = buffer();
    const fake = Object.create(Int32Array.prototype, {
      length: lie(6),
      byteLength: lie(24),
      byteOffset: lie(0),
      buffer: lie(shared),
      [Symbol.toStringTag]: lie('Int32Array'),
    });
    await rejects(() => sumIntoSharedBuffer(fake, 100), 'ERR_INVALID_ARG_TYPE');
    assert.deepEqual([...new Int32Array(shared)], [0, 0, 0, 0, 0, 0]);
  });

  test('a proxy is not looked into', async () => {
    const traps = [];
    const handler = new Proxy({}, { get: (_target, trap) => void traps.push(trap) });
    for (const target of [new Int32Array(buffer()), buffer(), {}]) {
      await rejects(() => sumIntoSharedBuffer(new Proxy(target, handler), 10), 'ERR_INVALID_ARG_TYPE');
    }
    assert.deepEqual(traps, []);
  });

  test('frozen, sealed and extended ones are as good as any', async () => {
    const view = Object.preventExtensions(new Int32Array(buffer()));
    await works(view, view);
    const extended = Object.assign(new Int32Array(buffer()), { then: () => assert.fail('then was called') });
    await works(extended, extended);
  });
});

describe('buffers', () => {
  test('own properties that lie, or throw', async () => {
    for (const description of [lie(8), lie(1e9), lie(7), explode]) {
      const shared = buffer();
      const slots = new Int32Array(shared);
      for (const name of ['byteLength', 'maxByteLength', 'growable', 'slice', 'constructor']) {
        Object.defineProperty(shared, name, description);
      }
      Object.defineProperty(shared, Symbol.toStringTag, description);
      await works(shared, slots);
    }
  });

  test('a subclass, and a swapped prototype', async () => {
    class Mine extends SharedArrayBuffer {
      get byteLength() {
        return 3;
      }
    }
    const mine = new Mine(24);
    await works(mine, new Int32Array(mine));
    for (const prototype of [ArrayBuffer.prototype, Int32Array.prototype, null]) {
      const shared = buffer();
      const slots = new Int32Array(shared);
      Object.setPrototypeOf(shared, prototype);
      await works(shared, slots);
    }
    const plain = new ArrayBuffer(24);
    Object.setPrototypeOf(plain, SharedArrayBuffer.prototype);
    await rejects(() => sumIntoSharedBuffer(plain, 100), ['ERR_NOT_SHARED', 'ERR_INVALID_ARG_TYPE']);
  });
});

describe('other realms', () => {
  const realm = vm.createContext({});
  const make = (code) => vm.runInContext(code, realm);

  test('views and buffers of another realm are what they are', async () => {
    for (const code of [
      'new Int32Array(new SharedArrayBuffer(24))',
      'new BigInt64Array(new SharedArrayBuffer(24))',
    ]) {
      const view = make(code);
      assert.ok(!(view instanceof Int32Array) && !(view instanceof BigInt64Array));
      await works(view, view);
    }
    const shared = make('new SharedArrayBuffer(24)');
    await works(shared, new Int32Array(shared));
    await works(new Int32Array(shared), new Int32Array(shared));
    await rejects(() => sumIntoSharedBuffer(make('new ArrayBuffer(24)'), 10), 'ERR_NOT_SHARED');
    await rejects(() => sumIntoSharedBuffer(make('new Int32Array(6)'), 10), 'ERR_NOT_SHARED');
    await rejects(
      () => sumIntoSharedBuffer(make('new Uint32Array(6)'), 10),
      ['ERR_INVALID_ARG_TYPE', 'ERR_NOT_SHARED'],
    );
  });

  test('options and functions of another realm', async () => {
    assert.equal(await sumRange(100, make('({ threads: 1 })')), 4950);
    await rejects(() => sumRange(100, make('(() => 5)')), 'ERR_INVALID_ARG_TYPE');
    await rejects(() => sumRange(100, make('[1]')), 'ERR_INVALID_ARG_TYPE');
    await rejects(() => sumRange(make('Object(5)')), 'ERR_INVALID_ARG_TYPE');
  });

  test('our functions called from another realm give promises and errors of ours', async () => {
    realm.sumRange = sumRange;
    const promise = make('sumRange(100)');
    assert.ok(types.isPromise(promise) && promise instanceof Promise);
    assert.equal(await promise, 4950);
    await rejects(() => make('sumRange(-1)'), 'ERR_OUT_OF_RANGE');
  });
});
