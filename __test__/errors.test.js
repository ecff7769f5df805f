'use strict';

// Every kind of bad input against every argument: always a rejected promise, with the right class, a stable code, and
// a message that names the argument and shows what arrived.

const assert = require('node:assert/strict');
const { describe, test } = require('node:test');
const { sum, sumIntoSharedBuffer, sumRange, threads } = require('..');
const { startLong } = require('./helpers/jobs.js');
const { rejects } = require('./helpers/rejects.js');

const revoked = (() => {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
})();

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

/** [what it is, the value, what the message shows of it] */
const PRIMITIVES = [
  ['null', null, /null/],
  ['a string', '10', /string|'10'|"10"/],
  ['an empty string', '', /string|''|""/],
  ['a boolean', true, /boolean|true/],
  ['a symbol', Symbol('seven'), /symbol/i],
];

const OBJECTS = [
  ['an array', [5], /array/i],
  ['a function', () => 5, /function/i],
  ['a class', class Five {}, /function|class|Five/],
  ['a date', new Date(), /Date|object/],
];

const NOT_OPTIONS = [
  ...PRIMITIVES,
  ['a number', 5, /number|5/],
  ['a BigInt', 5n, /bigint|5n/],
  ...OBJECTS.slice(0, 3),
];

const BAD_NUMBERS = [
  ['negative', -1, /-1/],
  ['a little negative', -Number.MIN_VALUE, /-5e-324/],
  ['fractional', 1.5, /1\.5/],
  ['NaN', Number.NaN, /NaN/],
  ['infinite', Number.POSITIVE_INFINITY, /Infinity/],
  ['minus infinity', Number.NEGATIVE_INFINITY, /-Infinity/],
  ['2^53', 2 ** 53, /9007199254740992|9_007_199_254_740_992/],
  ['huge', 1e300, /1e\+?300/],
  ['a negative BigInt', -1n, /-1/],
];

function slots(View = Int32Array, length = 4) {
  return new View(new SharedArrayBuffer(length * View.BYTES_PER_ELEMENT));
}

describe('num of sumRange', () => {
  const notNumbers = [
    ...PRIMITIVES,
    ...OBJECTS,
    ['undefined', undefined, /undefined/],
    ['an object', {}, /object/i],
    ['a Number object', Object(5), /Number|object/],
    ['an object without a prototype', Object.create(null), /object/i],
    ['an object that throws when it is shown', touchy, /./],
    ['a revoked proxy', revoked, /./],
  ];
  for (const [what, num, shown] of notNumbers) {
    test(`${what} is the wrong type`, async () => {
      await rejects(() => sumRange(num), 'ERR_INVALID_ARG_TYPE', /num\b/, /number/, /bigint/i, shown);
    });
  }

  test('no argument at all is the wrong type', async () => {
    await rejects(() => sumRange(), 'ERR_INVALID_ARG_TYPE', /num\b/, /undefined/);
  });

  for (const [what, num, shown] of [
    ...BAD_NUMBERS,
    ['2^64', 2n ** 64n, /18_?446_?744_?073_?709_?551_?616/],
  ]) {
    test(`${what} is out of range`, async () => {
      await rejects(() => sumRange(num), 'ERR_OUT_OF_RANGE', /num\b/, shown);
    });
  }

  test('a BigInt of thousands of digits is out of range, and the message stays readable', async () => {
    const error = await rejects(() => sumRange(10n ** 20_000n), 'ERR_OUT_OF_RANGE', /num\b/);
    assert.ok(error.message.length < 30_000);
  });
});

describe('num of sumIntoSharedBuffer', () => {
  for (const [what, num, shown] of [...PRIMITIVES, ...OBJECTS.slice(0, 3)]) {
    test(`${what} is the wrong type`, async () => {
      const view = slots().fill(9);
      await rejects(() => sumIntoSharedBuffer(view, num), 'ERR_INVALID_ARG_TYPE', shown);
      await rejects(() => sumIntoSharedBuffer(view, num, {}), 'ERR_INVALID_ARG_TYPE', /num\b/, shown);
      assert.deepEqual([...view], [9, 9, 9, 9]);
    });
  }

  for (const [what, num, shown] of BAD_NUMBERS) {
    test(`${what} is out of range`, async () => {
      for (const View of [Int32Array, BigInt64Array]) {
        const view = slots(View);
        await rejects(() => sumIntoSharedBuffer(view, num), 'ERR_OUT_OF_RANGE', /num\b/, shown);
        assert.ok(view.every((slot) => Number(slot) === 0));
      }
    });
  }
});

describe('target', () => {
  const shared = new SharedArrayBuffer(64);
  const notTargets = [
    ...PRIMITIVES,
    ...OBJECTS,
    ['undefined', undefined, /undefined/],
    ['a number', 5, /number|5/],
    ['an object', {}, /object/i],
    ['something like an array', { length: 4, buffer: shared, byteOffset: 0 }, /object/i],
    ['a child of the prototype', Object.create(Int32Array.prototype), /./],
    ['the prototype', SharedArrayBuffer.prototype, /./],
    ['a DataView', new DataView(shared), /DataView|object/],
    ['a Buffer', Buffer.from(shared), /Buffer|Uint8Array/],
    [
      'a WebAssembly.Memory',
      new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true }),
      /Memory|object/,
    ],
    ['a proxy of a view', new Proxy(new Int32Array(shared), {}), /./],
    ['a proxy of a buffer', new Proxy(shared, {}), /./],
    ['an object that throws when it is shown', touchy, /./],
    ['a revoked proxy', revoked, /./],
  ];
  for (const [what, target, shown] of notTargets) {
    test(`${what} is the wrong type`, async () => {
      const says = [/target\b/, /SharedArrayBuffer/, /Int32Array/, /BigInt64Array/, shown];
      await rejects(() => sumIntoSharedBuffer(target, 10), 'ERR_INVALID_ARG_TYPE', ...says);
      await rejects(() => sumIntoSharedBuffer(target), 'ERR_INVALID_ARG_TYPE', ...says);
    });
  }

  const otherViews = [Int8Array, Uint8Array, Uint8ClampedArray, Int16Array, Uint16Array, Uint32Array];
  for (const View of [...otherViews, Float32Array, Float64Array, BigUint64Array]) {
    test(`a ${View.name} is the wrong type`, async () => {
      const says = [/target\b/, /Int32Array/, new RegExp(View.name)];
      await rejects(() => sumIntoSharedBuffer(new View(shared), 10), 'ERR_INVALID_ARG_TYPE', ...says);
      // Not shared and of the wrong type: either may be said.
      const plain = new View(new ArrayBuffer(64));
      await rejects(() => sumIntoSharedBuffer(plain, 10), ['ERR_INVALID_ARG_TYPE', 'ERR_NOT_SHARED']);
    });
  }

  for (const [what, target] of [
    ['an ArrayBuffer', new ArrayBuffer(64)],
    ['an empty ArrayBuffer', new ArrayBuffer(0)],
    ['an Int32Array on an ArrayBuffer', new Int32Array(16)],
    ['a BigInt64Array on an ArrayBuffer', new BigInt64Array(16)],
  ]) {
    test(`${what} is not shared, and the message shows how to make one that is`, async () => {
      await rejects(() => sumIntoSharedBuffer(target, 10), 'ERR_NOT_SHARED', /new SharedArrayBuffer\(/);
      await rejects(() => sumIntoSharedBuffer(target), 'ERR_NOT_SHARED', /new SharedArrayBuffer\(/);
    });
  }

  for (const bytes of [0, 1, 3, 4, 7, 9, 10, 15, 17]) {
    test(`a SharedArrayBuffer of ${bytes} bytes has the wrong size`, async () => {
      const target = new SharedArrayBuffer(bytes);
      const says = [/target\b/, new RegExp(`\\b${bytes}\\b`)];
      await rejects(() => sumIntoSharedBuffer(target, 0), 'ERR_OUT_OF_RANGE', ...says);
      await rejects(() => sumIntoSharedBuffer(target), 'ERR_OUT_OF_RANGE', ...says);
    });
  }

  for (const View of [Int32Array, BigInt64Array]) {
    for (const length of [0, 1]) {
      test(`a ${View.name} of ${length} slots is too short`, async () => {
        const says = [/target\b/, new RegExp(`\\b${length}\\b`)];
        await rejects(() => sumIntoSharedBuffer(slots(View, length), 0), 'ERR_OUT_OF_RANGE', ...says);
        const atTheEnd = new View(new SharedArrayBuffer(64), 64 - length * View.BYTES_PER_ELEMENT, length);
        await rejects(() => sumIntoSharedBuffer(atTheEnd), 'ERR_OUT_OF_RANGE', ...says);
      });
    }
  }
});

/** Both functions, called with these options. */
const CALLS = [
  ['sumRange(num, options)', (options) => sumRange(10, options)],
  ['sumRange(bigint, options)', (options) => sumRange(10n, options)],
  [
    'sumIntoSharedBuffer(target, num, options)',
    (options, view = slots()) => sumIntoSharedBuffer(view, 10, options),
  ],
];

for (const [call, start] of CALLS) {
  describe(`options of ${call}`, () => {
    for (const [what, options, shown] of NOT_OPTIONS) {
      test(`${what} is the wrong type`, async () => {
        await rejects(() => start(options), 'ERR_INVALID_ARG_TYPE', /options\b/, shown);
      });
    }

    const imitation = { aborted: false, reason: undefined, addEventListener() {}, removeEventListener() {} };
    const notSignals = [
      ...NOT_OPTIONS,
      ['an object', {}, /object/i],
      ['something like a signal', imitation, /object/i],
      ['an EventTarget', new EventTarget(), /EventTarget|object/],
      ['an AbortController', new AbortController(), /AbortController|object/],
      ['a child of the prototype', Object.create(AbortSignal.prototype), /./],
      ['an object that throws when it is shown', touchy, /./],
    ];
    for (const [what, signal, shown] of notSignals) {
      test(`${what} is no signal`, async () => {
        await rejects(() => start({ signal }), 'ERR_INVALID_ARG_TYPE', /signal\b/, /AbortSignal/, shown);
      });
    }

    const notCounts = NOT_OPTIONS.filter(([what]) => what !== 'a number');
    for (const [what, count, shown] of [...notCounts, ['a Number object', Object(1), /Number|object/]]) {
      test(`${what} is no number of threads`, async () => {
        await rejects(() => start({ threads: count }), 'ERR_INVALID_ARG_TYPE', /threads\b/, shown);
      });
    }

    for (const count of [
      0,
      -0,
      -1,
      1.5,
      Number.NaN,
      Number.POSITIVE_INFINITY,
      threads + 1,
      2 ** 32 + 1,
      1e300,
    ]) {
      test(`${Object.is(count, -0) ? '-0' : count} threads are out of range`, async () => {
        const limit = new RegExp(`\\b${threads}\\b`);
        const shown = new RegExp(String(count).replace('+', '\\+?'));
        await rejects(() => start({ threads: count }), 'ERR_OUT_OF_RANGE', /threads\b/, limit, shown);
      });
    }
  });
}

test('the stack begins with class and message, and says who called', async () => {
  // No `return sumRange(-1)`: in Bun, a call in tail position leaves no trace of its function.
  let refused;
  const callers = [
    function ofIndex() {
      refused = sumRange(-1);
    },
    function ofNative() {
      refused = sum(new Float64Array(8));
    },
    function ofNativeWithSignal() {
      refused = sum(new Float64Array(8), { signal: new AbortController().signal });
    },
  ];
  for (const caller of callers) {
    caller();
    const { message, name, stack } = await rejects(() => refused, ['ERR_OUT_OF_RANGE', 'ERR_NOT_SHARED']);
    assert.ok(stack.startsWith(`${name}: ${message}\n`), stack);
    assert.match(stack, new RegExp(`at ${caller.name} \\(`));
  }
});

test('nothing that is refused touches the target', async () => {
  const view = slots();
  view.set([1, 2, 3, 4]);
  const signal = AbortSignal.abort();
  const bad = [
    [-1],
    ['1'],
    [10, null],
    [10, { threads: 0 }],
    [10, { signal: {} }],
    [10, { signal }],
    [{ signal }],
  ];
  for (const args of bad) {
    await assert.rejects(sumIntoSharedBuffer(view, ...args));
    assert.deepEqual([...view], [1, 2, 3, 4]);
  }
  assert.equal(await sumIntoSharedBuffer(view), 6);
});

describe('the order of the checks', () => {
  const signal = AbortSignal.abort();
  const view = () => slots().fill(100);

  test('arguments come before an aborted signal', async () => {
    await rejects(() => sumRange('5', { signal }), 'ERR_INVALID_ARG_TYPE');
    await rejects(() => sumRange(-5, { signal }), 'ERR_OUT_OF_RANGE');
    await rejects(() => sumRange(5, { signal, threads: 0 }), 'ERR_OUT_OF_RANGE');
    await rejects(() => sumIntoSharedBuffer({}, 5, { signal }), 'ERR_INVALID_ARG_TYPE');
    await rejects(() => sumIntoSharedBuffer(view(), 1.5, { signal }), 'ERR_OUT_OF_RANGE');
    await rejects(() => sumIntoSharedBuffer(new SharedArrayBuffer(4), 1, { signal }), 'ERR_OUT_OF_RANGE');
  });

  test('an aborted signal comes before what only the memory can tell', async () => {
    await rejects(() => sumIntoSharedBuffer(slots(Int32Array, 2), 10 ** 9, { signal }), 'ABORT_ERR');
    await rejects(() => sumIntoSharedBuffer(view().fill(-1), { signal }), 'ABORT_ERR');
    await rejects(
      () => sumIntoSharedBuffer(new Int32Array(4), 10, { signal }),
      ['ABORT_ERR', 'ERR_NOT_SHARED'],
    );
    const { call, part, total } = startLong(sumIntoSharedBuffer);
    await rejects(() => sumIntoSharedBuffer(part, 10, { signal }), 'ABORT_ERR');
    assert.equal(await call, total);
  });

  test('a sum that does not fit comes before a busy target', async () => {
    const { call, part, total } = startLong(sumIntoSharedBuffer);
    await rejects(() => sumIntoSharedBuffer(part, 10 ** 9), 'ERR_OUT_OF_RANGE', /slot 0/);
    await rejects(() => sumIntoSharedBuffer(part, 11), 'ERR_BUFFER_BUSY');
    assert.equal(await call, total);
  });
});
