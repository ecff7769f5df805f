'use strict';

// Every kind of bad input to sum(view): always a rejected promise, with the right class, a stable code, and a message that
// names the argument and shows what arrived. What decides is what an object is inside, and nothing that it says of itself.

const assert = require('node:assert/strict');
const { describe, test } = require('node:test');
const { types } = require('node:util');
const vm = require('node:vm');
const { sum, sumIntoSharedBuffer, threads } = require('../..');
const { rejects } = require('../helpers/rejects.js');
const { VIEWS, same } = require('../helpers/views.js');

const memory = () => new SharedArrayBuffer(64);
const one = (View) => (/Big/.test(View.name) ? 1n : 1);
const ones = (View) => new View(memory()).fill(one(View));
/** Eight or more ones. */
const total = (View) => one(View) * (/Big/.test(View.name) ? 8n : 64 / View.BYTES_PER_ELEMENT);

const lie = (value) => ({ get: () => value, configurable: true });
const explode = {
  get() {
    throw new Error('a getter was called');
  },
  configurable: true,
};

const touchy = {
  toString() {
    throw new Error('toString was called');
  },
  get [Symbol.toStringTag]() {
    throw new Error('toStringTag was read');
  },
  valueOf() {
    throw new Error('valueOf was called');
  },
};

const revoked = (() => {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
})();

describe('view', () => {
  const notViews = [
    ['undefined', undefined, /undefined/],
    ['null', null, /null/],
    ['a number', 5, /number|5/],
    ['NaN', Number.NaN, /NaN/],
    ['a BigInt', 5n, /bigint|5n/],
    ['a string', '10', /string|'10'/],
    ['a boolean', true, /boolean|true/],
    ['a symbol', Symbol('seven'), /symbol/i],
    ['a function', () => 5, /function/],
    ['a class of views', Float64Array, /function/],
    ['an array', [1, 2, 3], /array/],
    ['an empty array', [], /array/],
    ['an object', {}, /object/],
    ['an object without a prototype', Object.create(null), /object/],
    ['something like an array', { length: 4, buffer: memory(), byteOffset: 0, 0: 1 }, /object/],
    ['an iterable', new Set([1, 2]), /Set|object/],
    ['a generator', [1, 2][Symbol.iterator](), /object/],
    ['a SharedArrayBuffer', memory(), /SharedArrayBuffer|object/],
    ['an ArrayBuffer', new ArrayBuffer(64), /ArrayBuffer|object/],
    ['a DataView', new DataView(memory()), /DataView|object/],
    ['a DataView on an ArrayBuffer', new DataView(new ArrayBuffer(8)), /DataView|object/],
    [
      'a WebAssembly.Memory',
      new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true }),
      /Memory|object/,
    ],
    ['a child of the prototype', Object.create(Float64Array.prototype), /./],
    ['a child of a view', Object.create(ones(Float64Array)), /./],
    ['the prototype of a class', Float64Array.prototype, /./],
    ['the prototype of all views', Object.getPrototypeOf(Float64Array.prototype), /./],
    ['a proxy of a view', new Proxy(ones(Float64Array), {}), /Proxy/],
    ['a revoked proxy', revoked, /./],
    ['an object that throws when it is shown', touchy, /./],
    ['a promise of a view', Promise.resolve(ones(Float64Array)), /Promise|object/],
    ['a Number object', Object(5), /Number|object/],
    ['a date', new Date(), /Date|object/],
  ];
  for (const [what, view, shown] of notViews) {
    test(`${what} is the wrong type`, async () => {
      const says = [/"view"/, /typed array/, /SharedArrayBuffer/, shown];
      await rejects(() => sum(view), 'ERR_INVALID_ARG_TYPE', ...says);
      await rejects(() => sum(view, { threads: 1 }), 'ERR_INVALID_ARG_TYPE', ...says);
    });
  }

  test('no argument at all is the wrong type', async () => {
    await rejects(() => sum(), 'ERR_INVALID_ARG_TYPE', /"view"/, /undefined/);
  });

  for (const View of VIEWS) {
    test(`${View.name} on an ArrayBuffer is not shared, and the message shows how to share it`, async () => {
      const says = [
        /"view"/,
        new RegExp(`\\b${View.name}\\b`),
        new RegExp(`new ${View.name}\\(new SharedArrayBuffer\\(view\\.byteLength\\)\\)`),
        /\.set\(view\)/,
      ];
      const view = new View(8).fill(one(View));
      const error = await rejects(() => sum(view), 'ERR_NOT_SHARED', ...says);
      await rejects(() => sum(new View(0)), 'ERR_NOT_SHARED', ...says);
      await rejects(() => sum(view.subarray(1, 3), { threads: 1 }), 'ERR_NOT_SHARED', ...says);
      // The remedy is a program that works.
      const remedy = error.message.match(/const shared = .*/)[0];
      const shared = vm.runInThisContext(`(view) => { ${remedy}; return shared; }`)(view);
      same(await sum(shared), one(View) * (/Big/.test(View.name) ? 8n : 8));
    });
  }

  test('a Buffer on an ArrayBuffer is not shared', async () => {
    for (const buffer of [Buffer.alloc(8), Buffer.from('text'), Buffer.alloc(0), Buffer.allocUnsafe(10)]) {
      await rejects(() => sum(buffer), 'ERR_NOT_SHARED', /Uint8Array/, /new SharedArrayBuffer\(/);
    }
  });

  test('a resizable ArrayBuffer is not shared, even if it has shrunk from under its view', async () => {
    const buffer = new ArrayBuffer(64, { maxByteLength: 128 });
    const views = [new Float64Array(buffer), new Float64Array(buffer, 32, 4), new Uint8Array(buffer, 63)];
    for (const view of views) await rejects(() => sum(view), 'ERR_NOT_SHARED');
    buffer.resize(8);
    for (const view of views) await rejects(() => sum(view), 'ERR_NOT_SHARED');
    buffer.resize(0);
    for (const view of views) await rejects(() => sum(view), 'ERR_NOT_SHARED');
  });

  test('a detached ArrayBuffer is not shared', async () => {
    const view = new Float64Array(8);
    structuredClone(view.buffer, { transfer: [view.buffer] });
    assert.equal(view.length, 0);
    await rejects(() => sum(view), 'ERR_NOT_SHARED', /Float64Array/);
    const wasm = new WebAssembly.Memory({ initial: 1 });
    const old = new Int32Array(wasm.buffer);
    await rejects(() => sum(old), 'ERR_NOT_SHARED', /Int32Array/);
    wasm.grow(1);
    await rejects(() => sum(old), 'ERR_NOT_SHARED', /Int32Array/);
  });
});

describe('views that lie', () => {
  const NAMES = [
    'length',
    'byteLength',
    'byteOffset',
    'buffer',
    'BYTES_PER_ELEMENT',
    'constructor',
    'then',
    '0',
    'x',
  ];

  test('own properties that lie, or throw', async () => {
    for (const View of VIEWS) {
      for (const description of [lie(1), lie(1e9), lie(-1), lie(null), explode]) {
        const view = ones(View);
        for (const name of NAMES) if (name !== '0') Object.defineProperty(view, name, description);
        for (const symbol of [Symbol.toStringTag, Symbol.iterator, Symbol.toPrimitive]) {
          Object.defineProperty(view, symbol, description);
        }
        same(await sum(view), total(View), View.name);
      }
    }
  });

  test('a subclass whose getters lie', async () => {
    for (const View of VIEWS) {
      class Liar extends View {
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
          return View === Uint8Array ? 'Float64Array' : 'Uint8Array';
        }
        static get [Symbol.species]() {
          throw new Error('species was read');
        }
      }
      const buffer = memory();
      new View(buffer).fill(one(View));
      const size = View.BYTES_PER_ELEMENT;
      const view = new Liar(buffer, size, 64 / size - 2);
      same(await sum(view), /Big/.test(View.name) ? 6n : 64 / size - 2, View.name);
    }
  });

  test('a swapped prototype', async () => {
    for (const View of VIEWS) {
      for (const prototype of [
        ...VIEWS.map((other) => other.prototype),
        DataView.prototype,
        Array.prototype,
        null,
      ]) {
        const view = ones(View);
        Object.setPrototypeOf(view, prototype);
        same(await sum(view), total(View), View.name);
      }
    }
  });

  test('what is not shared is not, whatever it says', async () => {
    const view = new Float64Array(8);
    Object.defineProperty(view, 'buffer', lie(memory()));
    await rejects(() => sum(view), 'ERR_NOT_SHARED');
    Object.setPrototypeOf(view.buffer, SharedArrayBuffer.prototype);
    await rejects(() => sum(view), 'ERR_NOT_SHARED');
    const other = new Float64Array(8);
    Object.setPrototypeOf(other.buffer, SharedArrayBuffer.prototype);
    await rejects(() => sum(other), 'ERR_NOT_SHARED');
    const shared = ones(Float64Array);
    Object.setPrototypeOf(shared.buffer, ArrayBuffer.prototype);
    assert.equal(await sum(shared), 8);
  });

  test('an object with every property of a view is none', async () => {
    const fake = Object.create(Float64Array.prototype, {
      length: lie(8),
      byteLength: lie(64),
      byteOffset: lie(0),
      buffer: lie(memory()),
      [Symbol.toStringTag]: lie('Float64Array'),
    });
    await rejects(() => sum(fake), 'ERR_INVALID_ARG_TYPE');
  });

  test('a proxy is not looked into', async () => {
    const traps = [];
    const handler = new Proxy({}, { get: (_target, trap) => void traps.push(trap) });
    for (const target of [ones(Float64Array), memory(), [1], {}]) {
      await rejects(() => sum(new Proxy(target, handler)), 'ERR_INVALID_ARG_TYPE');
    }
    assert.deepEqual(traps, []);
  });

  test('frozen ones cannot be; those that take no more properties are as good as any', async () => {
    for (const View of VIEWS) same(await sum(Object.preventExtensions(ones(View))), total(View), View.name);
  });

  test('views and buffers of another realm are what they are', async () => {
    const realm = vm.createContext({ sum });
    const make = (code) => vm.runInContext(code, realm);
    for (const View of VIEWS) {
      const element = /Big/.test(View.name) ? '1n' : '1';
      const view = make(`new ${View.name}(new SharedArrayBuffer(64)).fill(${element})`);
      assert.ok(!(view instanceof View));
      same(await sum(view), total(View));
      same(await sum(new View(make('new SharedArrayBuffer(64)')).fill(one(View))), total(View));
      await rejects(() => sum(make(`new ${View.name}(8)`)), 'ERR_NOT_SHARED', new RegExp(View.name));
    }
    await rejects(() => sum(make('[1, 2]')), 'ERR_INVALID_ARG_TYPE', /array/);
    await rejects(() => sum(make('new DataView(new SharedArrayBuffer(8))')), 'ERR_INVALID_ARG_TYPE');
    await rejects(() => sum(ones(Float64Array), make('[1]')), 'ERR_INVALID_ARG_TYPE', /options/);
    assert.equal(await sum(ones(Float64Array), make('({ threads: 1 })')), 8);
    const promise = make('sum(new Float64Array(new SharedArrayBuffer(8)))');
    assert.ok(types.isPromise(promise) && promise instanceof Promise);
    assert.equal(await promise, 0);
  });
});

describe('options', () => {
  const notOptions = [
    ['null', null, /null/],
    ['a string', '10', /string|'10'/],
    ['an empty string', '', /string|''/],
    ['a boolean', true, /boolean|true/],
    ['false', false, /boolean|false/],
    ['a symbol', Symbol('seven'), /symbol/i],
    ['a number', 2, /number|2/],
    ['a BigInt', 5n, /bigint|5n/],
    ['an array', [5], /array/i],
    ['a function', () => 5, /function/i],
  ];
  for (const [what, options, shown] of notOptions) {
    test(`${what} is the wrong type`, async () => {
      await rejects(() => sum(ones(Float64Array), options), 'ERR_INVALID_ARG_TYPE', /"options"/, shown);
    });
  }

  test('undefined, an empty object, and one of undefined properties are none', async () => {
    const options = { signal: undefined, threads: undefined };
    for (const each of [undefined, {}, Object.create(null), options]) {
      assert.equal(await sum(ones(Float64Array), each), 8);
    }
  });

  const imitation = { aborted: false, reason: undefined, addEventListener() {}, removeEventListener() {} };
  const notSignals = [
    ...notOptions,
    ['an object', {}, /object/i],
    ['something like a signal', imitation, /object/i],
    ['an EventTarget', new EventTarget(), /EventTarget|object/],
    ['an AbortController', new AbortController(), /AbortController|object/],
    ['a child of the prototype', Object.create(AbortSignal.prototype), /./],
    ['an object that throws when it is shown', touchy, /./],
  ];
  for (const [what, signal, shown] of notSignals) {
    test(`${what} is no signal`, async () => {
      const says = [/"options\.signal"/, /AbortSignal/, shown];
      await rejects(() => sum(ones(Float64Array), { signal }), 'ERR_INVALID_ARG_TYPE', ...says);
    });
  }

  test('a proxy of a signal is as good as the signal, or refused, as Node pleases', async () => {
    const signal = new Proxy(new AbortController().signal, {});
    const [result] = await Promise.allSettled([sum(ones(Float64Array), { signal })]);
    if (result.status === 'fulfilled') assert.equal(result.value, 8);
    else assert.equal(result.reason.code, 'ERR_INVALID_ARG_TYPE');
  });

  for (const [what, count, shown] of [
    ...notOptions.filter(([what]) => what !== 'a number'),
    ['a Number object', Object(1), /Number|object/],
  ]) {
    test(`${what} is no number of threads`, async () => {
      const says = [/"options\.threads"/, /number/, shown];
      await rejects(() => sum(ones(Float64Array), { threads: count }), 'ERR_INVALID_ARG_TYPE', ...says);
    });
  }

  const { NaN: nan, POSITIVE_INFINITY: inf } = Number;
  for (const count of [0, -0, -1, 1.5, nan, inf, -inf, threads + 1, 2 ** 32 + 1, 1e300]) {
    test(`${Object.is(count, -0) ? '-0' : count} threads are out of range`, async () => {
      const says = [
        /"options\.threads"/,
        new RegExp(`\\b${threads}\\b`),
        new RegExp(String(count).replace('+', '\\+')),
      ];
      await rejects(() => sum(ones(Float64Array), { threads: count }), 'ERR_OUT_OF_RANGE', ...says);
    });
  }

  test('every number of threads there may be is right', async () => {
    for (let count = 1; count <= threads; count++)
      assert.equal(await sum(ones(Float64Array), { threads: count }), 8);
  });

  test('a third argument is ignored, and so is `this`', async () => {
    assert.equal(await sum(ones(Float64Array), undefined, 5), 8);
    assert.equal(await sum.call({ threads: 0 }, ones(Float64Array)), 8);
    assert.equal(await sum.call(undefined, ones(Float64Array)), 8);
  });

  test('each property is read once, and nothing else', async () => {
    const reads = [];
    const options = new Proxy(
      { threads: 1 },
      {
        get(target, name) {
          reads.push(name);
          return target[name];
        },
      },
    );
    await sum(ones(Float64Array), options);
    assert.deepEqual(reads.sort(), ['signal', 'threads']);
  });

  test('what a getter throws is what the promise is rejected with', async () => {
    const mine = new Error('mine');
    for (const name of ['signal', 'threads']) {
      let promise;
      const options = {
        get [name]() {
          throw mine;
        },
      };
      assert.doesNotThrow(() => {
        promise = sum(ones(Float64Array), options);
      });
      await assert.rejects(promise, (error) => error === mine);
    }
    await assert.rejects(sum(ones(Float64Array), revoked), TypeError);
  });

  test('a getter that grows the memory or writes to it: the call sees one state of it', async () => {
    const buffer = new SharedArrayBuffer(64, { maxByteLength: 2 ** 20 });
    const view = new Float64Array(buffer).fill(1);
    const result = await sum(view, {
      get threads() {
        buffer.grow(2 ** 20);
        view.fill(2);
        return 1;
      },
    });
    assert.equal(result, 2 * 2 ** 17, 'the memory is looked at last');
  });

  test('a getter that detaches an ArrayBuffer, or calls again', async () => {
    const view = new Float64Array(8);
    const detach = {
      get threads() {
        structuredClone(view.buffer, { transfer: [view.buffer] });
        return 1;
      },
    };
    await rejects(() => sum(view, detach), 'ERR_NOT_SHARED');
    const shared = ones(Float64Array);
    let inner;
    const again = {
      get threads() {
        inner = sum(shared);
        return 1;
      },
    };
    assert.equal(await sum(shared, again), 8);
    assert.equal(await inner, 8);
  });
});

describe('the order of the checks', () => {
  const signal = AbortSignal.abort();

  test('what the view is comes before the options, and both before an aborted signal', async () => {
    await rejects(() => sum([1], null), 'ERR_INVALID_ARG_TYPE', /"view"/);
    await rejects(() => sum([1], { signal }), 'ERR_INVALID_ARG_TYPE', /"view"/);
    await rejects(() => sum(ones(Float64Array), { signal, threads: 0 }), 'ERR_OUT_OF_RANGE');
    await rejects(() => sum(ones(Float64Array), { signal, threads: '1' }), 'ERR_INVALID_ARG_TYPE');
    await rejects(() => sum(ones(Float64Array), { signal }), 'ABORT_ERR');
    await rejects(() => sum(new Float64Array(8), { signal }), ['ABORT_ERR', 'ERR_NOT_SHARED']);
  });

  test('a bad option is refused, whatever memory it comes with', async () => {
    await rejects(() => sum(new Float64Array(8), { threads: 0 }), ['ERR_OUT_OF_RANGE', 'ERR_NOT_SHARED']);
    await rejects(() => sum(new Float64Array(new SharedArrayBuffer(0)), { threads: 0 }), 'ERR_OUT_OF_RANGE');
  });
});

test('memory that another call fills may be summed meanwhile: nobody is busy', async () => {
  const slots = new BigInt64Array(new SharedArrayBuffer(8 * (2 ** 18 + 1)));
  const fill = sumIntoSharedBuffer(slots, 2 ** 19);
  const calls = [sum(slots), sum(slots), sum(slots.subarray(5))];
  const expected = 2n ** 18n * (2n ** 19n - 1n);
  assert.equal(await fill, expected);
  // The last slot is the request while the other call runs.
  for (const result of await Promise.all(calls))
    assert.ok(result >= 0n && result <= expected + 2n ** 19n, `${result}`);
  assert.equal(await sum(slots), expected);
});

test('a thousand refused calls leave nothing in flight, and the next ones are right', async () => {
  const refused = [];
  for (let i = 0; i < 250; i++) {
    refused.push(
      sum(new Float64Array(1)),
      sum(null),
      sum(ones(Int8Array), 5),
      sum(ones(Int8Array), { threads: -1 }),
    );
  }
  for (const { status, reason } of await Promise.allSettled(refused)) {
    assert.equal(status, 'rejected');
    assert.match(reason.code, /^ERR_(NOT_SHARED|INVALID_ARG_TYPE|OUT_OF_RANGE)$/);
  }
  for (const View of VIEWS) same(await sum(ones(View)), total(View));
});
