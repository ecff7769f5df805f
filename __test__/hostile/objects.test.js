'use strict';

// Objects that lie about what they are. What decides is what they are inside, and nothing that JavaScript can override.

const assert = require('node:assert/strict');
const { describe, test } = require('node:test');
const { types } = require('node:util');
const vm = require('node:vm');
const allcores = require('../..');
const { CALLS, ON_VIEWS, resolves, start } = require('../helpers/calls.js');
const { asBigInts, finalSlots } = require('../helpers/oracle.js');
const { rejects } = require('../helpers/rejects.js');
const { VIEWS } = require('../helpers/views.js');

const { sum, sumIntoSharedBuffer, sumRange } = allcores;

const BYTES = 64;
const memory = () => new SharedArrayBuffer(BYTES);

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

/** The names of what a view says of itself. */
const NAMES = [
  'length',
  'byteLength',
  'byteOffset',
  'buffer',
  'BYTES_PER_ELEMENT',
  'constructor',
  'then',
  'x',
];

/** Calls every row that takes a view with a view that `lie` has made of an honest one. */
async function onViews(tamper) {
  for (const row of ON_VIEWS) {
    const clean = new row.View(memory());
    const made = row.on(tamper(new row.View(clean.buffer), row.View) ?? clean, clean);
    await resolves(row, made, start(allcores, row, made));
  }
}

describe('views', () => {
  test('own properties that lie, or throw', async () => {
    for (const description of [lie(1), lie(1e9), lie(-1), lie(null), explode]) {
      await onViews((view) => {
        for (const name of NAMES) Object.defineProperty(view, name, description);
        for (const symbol of [Symbol.toStringTag, Symbol.iterator, Symbol.toPrimitive]) {
          Object.defineProperty(view, symbol, description);
        }
        return view;
      });
    }
  });

  test('a subclass whose getters lie', async () => {
    for (const row of ON_VIEWS) {
      class Liar extends row.View {
        get length() {
          return 1000;
        }
        get byteLength() {
          return 2 ** 40;
        }
        get byteOffset() {
          return 4096;
        }
        get buffer() {
          return new ArrayBuffer(8);
        }
        get [Symbol.toStringTag]() {
          return row.View === Uint8Array ? 'Float64Array' : 'Uint8Array';
        }
        static get [Symbol.species]() {
          throw new Error('species was read');
        }
      }
      // Not at the beginning of its memory, nor to the end.
      const shared = memory();
      const size = row.View.BYTES_PER_ELEMENT;
      const clean = new row.View(shared, size, BYTES / size - 2);
      const made = row.on(new Liar(shared, size, BYTES / size - 2), clean);
      await resolves(row, made, start(allcores, row, made));
    }
  });

  test('a swapped prototype', async () => {
    const prototypes = [...VIEWS, DataView, ArrayBuffer, Array, Object].map(({ prototype }) => prototype);
    for (const prototype of [...prototypes, null]) {
      await onViews((view) => Object.setPrototypeOf(view, prototype));
    }
    const other = new Float64Array(buffer());
    Object.setPrototypeOf(other, Int32Array.prototype);
    await rejects(() => sumIntoSharedBuffer(other, 100), 'ERR_INVALID_ARG_TYPE');
  });

  test('rejects with ERR_NOT_SHARED for memory that is not shared, whatever it says', async () => {
    for (const row of ON_VIEWS) {
      const call = (view) => () => start(allcores, row, row.on(view, new row.View(BYTES)));
      const view = new row.View(BYTES);
      Object.defineProperty(view, 'buffer', lie(memory()));
      await rejects(call(view), 'ERR_NOT_SHARED');
      const other = new row.View(BYTES);
      Object.setPrototypeOf(other.buffer, SharedArrayBuffer.prototype);
      await rejects(call(other), 'ERR_NOT_SHARED');
    }
    await onViews((view) => {
      Object.setPrototypeOf(view.buffer, ArrayBuffer.prototype);
      return view;
    });
  });

  test('rejects with ERR_INVALID_ARG_TYPE for an object with every property of a view', async () => {
    for (const row of ON_VIEWS) {
      const shared = memory();
      const fake = Object.create(row.View.prototype, {
        length: lie(BYTES / row.View.BYTES_PER_ELEMENT),
        byteLength: lie(BYTES),
        byteOffset: lie(0),
        buffer: lie(shared),
        [Symbol.toStringTag]: lie(row.View.name),
      });
      const made = row.on(fake, new row.View(BYTES));
      await rejects(() => start(allcores, row, made), 'ERR_INVALID_ARG_TYPE');
      assert.ok(new Uint8Array(shared).every((byte) => byte === 0));
    }
  });

  test('rejects with ERR_INVALID_ARG_TYPE for a proxy, and runs none of its traps', async () => {
    const traps = [];
    const handler = new Proxy({}, { get: (_target, trap) => void traps.push(trap) });
    for (const row of ON_VIEWS) {
      for (const target of [new row.View(memory()), memory(), [1], {}]) {
        const made = row.on(new Proxy(target, handler), new row.View(BYTES));
        await rejects(() => start(allcores, row, made), 'ERR_INVALID_ARG_TYPE');
      }
    }
    assert.deepEqual(traps, []);
  });

  test('views that take no more properties, or have some of their own, are as good as any', async () => {
    await onViews((view) => Object.preventExtensions(view));
    await onViews((view) => Object.assign(view, { then: () => assert.fail('then was called') }));
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

  test('views of every class, and on buffers of another realm', async () => {
    for (const row of ON_VIEWS) {
      const clean = new row.View(make(`new SharedArrayBuffer(${BYTES})`));
      realm.buffer = clean.buffer;
      for (const view of [clean, make(`new ${row.View.name}(buffer)`)]) {
        const made = row.on(view, clean);
        await resolves(row, made, start(allcores, row, made));
      }
      const made = row.on(make(`new ${row.View.name}(${BYTES})`), new row.View(BYTES));
      await rejects(() => start(allcores, row, made), 'ERR_NOT_SHARED');
    }
    await rejects(() => sum(make('[1, 2]')), 'ERR_INVALID_ARG_TYPE', /array/);
    await rejects(() => sum(make('new DataView(new SharedArrayBuffer(8))')), 'ERR_INVALID_ARG_TYPE');
  });

  test('options of another realm, for every call', async () => {
    for (const row of CALLS) {
      const made = row.make('small');
      await resolves(row, made, start(allcores, row, made, make('({ threads: 1 })')));
      if (`${row.params}` === 'target,options') continue;
      for (const options of ['[1]', '(() => 5)']) {
        // Where a body may stand in the place of the options, a function is one.
        if (options === '(() => 5)' && !row.params.includes('body')) continue;
        await rejects(
          () => start(allcores, row, row.make('small'), make(options)),
          'ERR_INVALID_ARG_TYPE',
          /\boptions\b/,
        );
      }
    }
  });

  test('rejects with ERR_INVALID_ARG_TYPE for a Number object of another realm', async () => {
    await rejects(() => sumRange(make('Object(5)')), 'ERR_INVALID_ARG_TYPE');
  });

  test('our functions called from another realm give promises and errors of ours', async () => {
    Object.assign(realm, { sum, sumRange });
    const promises = [make('sumRange(100)'), make('sum(new Float64Array(new SharedArrayBuffer(8)))')];
    for (const promise of promises) assert.ok(types.isPromise(promise) && promise instanceof Promise);
    assert.deepEqual(await Promise.all(promises), [4950, 0]);
    await rejects(() => make('sumRange(-1)'), 'ERR_OUT_OF_RANGE');
  });
});
