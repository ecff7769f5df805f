'use strict';

// `shared` and `share`: arrays on shared memory in one word. They return at once, and throw.

const assert = require('node:assert/strict');
const { describe, test } = require('node:test');
const { types } = require('node:util');
const vm = require('node:vm');
const { share, shared, sum } = require('../..');
const { VIEWS } = require('../helpers/views.js');

const isBigInt = (View) => /Big/.test(View.name);

function throws(call, code, ...says) {
  assert.throws(call, (error) => {
    assert.equal(error.code, code, error.stack);
    assert.ok(error instanceof (code === 'ERR_OUT_OF_RANGE' ? RangeError : TypeError));
    for (const pattern of says) assert.match(error.message, pattern);
    return true;
  });
}

function isFresh(array, View, elements) {
  assert.ok(types.isSharedArrayBuffer(array.buffer));
  assert.equal(Object.getPrototypeOf(array), View.prototype);
  assert.equal(array.byteOffset, 0);
  assert.equal(array.byteLength, array.buffer.byteLength);
  assert.deepEqual([...array], elements);
}

describe('shared', () => {
  for (const View of VIEWS) {
    const of = (...numbers) => (isBigInt(View) ? numbers.map(BigInt) : numbers);
    test(`a ${View.name} of a length, and of elements of any kind`, () => {
      isFresh(shared(View, 0), View, []);
      isFresh(shared(View, 3), View, of(0, 0, 0));
      const elements = of(1, 2, 100);
      function* generate() {
        yield* elements;
      }
      for (const source of [elements, new Set(elements), View.from(elements), generate()]) {
        isFresh(shared(View, source), View, elements);
      }
      isFresh(shared(View, []), View, []);
      const many = Array.from({ length: 1000 }, (_, i) => of(i % 100)[0]);
      isFresh(shared(View, many.values()), View, many);
    });
  }

  test('elements are converted as by an assignment, from other classes too', () => {
    isFresh(shared(Uint8ClampedArray, [300, -5, 1.5]), Uint8ClampedArray, [255, 0, 2]);
    isFresh(shared(Int8Array, new Float64Array([300, -1.5])), Int8Array, [44, -1]);
    isFresh(shared(BigUint64Array, [-1n, 2n ** 64n]), BigUint64Array, [2n ** 64n - 1n, 0n]);
    isFresh(shared(BigInt64Array, new BigUint64Array([2n ** 64n - 1n])), BigInt64Array, [-1n]);
  });

  test('a class of another realm, and one that is derived', async () => {
    const Other = vm.runInNewContext('Float64Array');
    const array = shared(Other, [1, 2]);
    assert.equal(Object.getPrototypeOf(array), Other.prototype);
    assert.equal(await sum(array), 3);
    class Samples extends Float32Array {}
    assert.ok(shared(Samples, 2) instanceof Samples);
    isFresh(shared(Float64Array, vm.runInNewContext('[1, 2]')), Float64Array, [1, 2]);
  });

  test('refuses what is no class of typed arrays', () => {
    const liar = Object.assign(function Liar() {}, { BYTES_PER_ELEMENT: 8 });
    class OnOwn extends Float64Array {
      constructor() {
        super(2);
      }
    }
    const wrong = [undefined, null, 'Float64Array', Array, DataView, {}, new Float64Array(1), () => {}, liar];
    const arrow = Object.assign(() => {}, { BYTES_PER_ELEMENT: 8 });
    const method = Object.assign({ method() {} }.method, { BYTES_PER_ELEMENT: 1 });
    for (const Type of [...wrong, arrow, method, OnOwn, new Proxy(Float64Array, {})]) {
      throws(() => shared(Type, 2), 'ERR_INVALID_ARG_TYPE', /"Type"/, /Float64Array/);
      throws(() => shared(Type, [1]), 'ERR_INVALID_ARG_TYPE', /"Type"/);
    }
  });

  test('what a class of the program throws is thrown', () => {
    const thrown = new Error('mine');
    class Throwing extends Float64Array {
      constructor() {
        throw thrown;
      }
    }
    assert.throws(
      () => shared(Throwing, 2),
      (error) => error === thrown,
    );
  });

  test('refuses lengths that are none, or for which there is no memory', () => {
    for (const length of [-1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53, 2 ** 52]) {
      throws(() => shared(Float64Array, length), 'ERR_OUT_OF_RANGE', /"length"/);
    }
  });

  test('refuses elements that are no numbers, and says which', () => {
    throws(() => shared(Float64Array, [1, '2']), 'ERR_INVALID_ARG_TYPE', /elements\[1\]/, /string/);
    throws(() => shared(Float64Array, new Array(2)), 'ERR_INVALID_ARG_TYPE', /elements\[0\]/, /undefined/);
    throws(
      () => shared(Float64Array, new Set([1n])),
      'ERR_INVALID_ARG_TYPE',
      /elements\[0\]/,
      /BigInt64Array/,
    );
    throws(() => shared(BigInt64Array, [1]), 'ERR_INVALID_ARG_TYPE', /elements\[0\]/, /bigint/);
    throws(() => shared(BigInt64Array, new Float64Array(1)), 'ERR_INVALID_ARG_TYPE', /of bigints/);
    throws(() => shared(Float64Array, new BigInt64Array(1)), 'ERR_INVALID_ARG_TYPE', /of numbers/);
    for (const source of [undefined, null, '12', {}, { length: 2 }, 5n, Promise.resolve([1])]) {
      throws(() => shared(Float64Array, source), 'ERR_INVALID_ARG_TYPE', /"elements"/);
    }
  });

  test('what an iterator throws is thrown, and an iterator that is not wanted any more is closed', () => {
    const thrown = new Error('mine');
    const throwing = (function* () {
      yield 1;
      throw thrown;
    })();
    assert.throws(
      () => shared(Float64Array, throwing),
      (error) => error === thrown,
    );
    let isClosed = false;
    const closing = (function* () {
      try {
        yield 'text';
      } finally {
        isClosed = true;
      }
    })();
    throws(() => shared(Float64Array, closing), 'ERR_INVALID_ARG_TYPE');
    assert.ok(isClosed);
  });

  test('an array that changes while it is read gives what was there', () => {
    const array = [1, 2, 3];
    Object.defineProperty(array, 0, {
      get() {
        array.length = 2;
        return 7;
      },
    });
    isFresh(shared(Float64Array, array), Float64Array, [7, 2]);
  });
});

describe('share', () => {
  for (const View of VIEWS) {
    test(`copies a ${View.name}, on whatever memory`, () => {
      const elements = isBigInt(View) ? [1n, 2n, 3n] : [1, 2, 3];
      const own = View.from(elements);
      isFresh(share(own), View, elements);
      isFresh(share(own.subarray(1, 2)), View, elements.slice(1, 2));
      const copy = share(share(own));
      isFresh(copy, View, elements);
      own[0] = own[1];
      assert.equal(copy[0], elements[0]);
    });
  }

  test('copies an array of numbers, and a Buffer', () => {
    isFresh(share([0.5, -0, Number.NaN]), Float64Array, [0.5, -0, Number.NaN]);
    isFresh(share([]), Float64Array, []);
    isFresh(share(Buffer.from('ab')), Uint8Array, [97, 98]);
    isFresh(share(vm.runInNewContext('new Int16Array([5])')), Int16Array, [5]);
  });

  test('copies a view whose buffer may grow', () => {
    const growing = new Float64Array(new SharedArrayBuffer(16, { maxByteLength: 64 })).fill(2);
    isFresh(share(growing), Float64Array, [2, 2]);
  });

  test('refuses a view whose buffer is gone, or ends before it; one without elements is none of these', () => {
    const detached = new Float64Array(2);
    structuredClone(detached.buffer, { transfer: [detached.buffer] });
    const shrunk = new Uint8Array(new ArrayBuffer(8, { maxByteLength: 8 }), 4, 2);
    shrunk.buffer.resize(2);
    for (const view of [detached, shrunk]) {
      throws(() => share(view), 'ERR_OUT_OF_RANGE', /"array"/, /detached or has shrunk/);
      throws(() => shared(Int8Array, view), 'ERR_OUT_OF_RANGE', /"elements"/, /detached or has shrunk/);
    }
    isFresh(share(new Float64Array(0)), Float64Array, []);
    isFresh(share(new Uint8Array(new ArrayBuffer(8, { maxByteLength: 8 }), 8)), Uint8Array, []);
  });

  test('refuses everything else', () => {
    const proxies = [new Proxy([1], {}), new Proxy(new Float64Array(1), {})];
    for (const array of [undefined, null, 5, 'ab', {}, new Set([1]), new SharedArrayBuffer(8), ...proxies]) {
      throws(() => share(array), 'ERR_INVALID_ARG_TYPE', /"array"/);
    }
    throws(() => share([[1, 2]]), 'ERR_INVALID_ARG_TYPE', /array\[0\]/, /array/);
    const remedy = /array\[1\].*bigint \(1n\): pass shared\(BigInt64Array, array\)$/;
    throws(() => share([0, 1n]), 'ERR_INVALID_ARG_TYPE', remedy);
    isFresh(shared(BigInt64Array, [0n, 1n]), BigInt64Array, [0n, 1n]);
  });
});
