'use strict';

// A program that breaks the language's own objects. After we are loaded that changes nothing for us; before, we work
// or say why not. Each case is a child process, so that what it breaks is broken there only.

const assert = require('node:assert/strict');
const { describe, test } = require('node:test');
const { assertEnd, runChild, startChild } = require('../helpers/child.js');

/** What native code says before it dies. */
const DEATH = /panicked|FATAL|Check failed|Assertion/;

/** What useEverything says of a call that resolved, but wrongly. */
const WRONG_ANSWER = /resolved with /;

/** What Node says when it swallows an exception that our code has thrown at native code. */
const SWALLOWED = /N-API/;

/** [what is broken, the code that breaks it, 'no require' if Node itself can load no more files then] */
const POISONS = [
  ['Promise', `globalThis.Promise = class { constructor() { throw new Error('poison'); } };`],
  ['Promise is gone', 'delete globalThis.Promise;'],
  ['Promise.prototype.then', 'Promise.prototype.then = poison;'],
  [
    'Promise.withResolvers, resolve and reject',
    'Promise.withResolvers = Promise.resolve = Promise.reject = poison;',
  ],
  ['Promise[Symbol.species]', 'Object.defineProperty(Promise, Symbol.species, { get: poison });'],
  ['Object.prototype.then', `Object.defineProperty(Object.prototype, 'then', { get: poison });`],
  ['Atomics.notify', 'Atomics.notify = poison;'],
  ['Atomics.store and load', 'Atomics.store = Atomics.load = poison;'],
  ['Atomics is gone', 'delete globalThis.Atomics;'],
  ['SharedArrayBuffer', 'globalThis.SharedArrayBuffer = class {};'],
  ['SharedArrayBuffer is gone', 'delete globalThis.SharedArrayBuffer;'],
  [
    'SharedArrayBuffer.prototype.byteLength',
    `Object.defineProperty(SharedArrayBuffer.prototype, 'byteLength', { get: () => 1e9 });`,
  ],
  ['SharedArrayBuffer[Symbol.hasInstance]', `define(SharedArrayBuffer, Symbol.hasInstance, () => true);`],
  ['Int32Array and BigInt64Array', 'globalThis.Int32Array = globalThis.BigInt64Array = class {};'],
  [
    'the getters of all typed arrays',
    `for (const name of ['length', 'byteLength', 'byteOffset', 'buffer'])
      Object.defineProperty(TypedArray.prototype, name, { get: () => 1e9 });`,
  ],
  [
    'the tag of all typed arrays',
    `Object.defineProperty(TypedArray.prototype, Symbol.toStringTag, { get: () => 'Int8Array' });`,
  ],
  [
    'the iterator of all typed arrays',
    'TypedArray.prototype[Symbol.iterator] = TypedArray.prototype.values = poison;',
  ],
  ['Function.prototype.call', 'Function.prototype.call = poison;'],
  // Not Function.prototype.apply: without it Node 20 cannot even exit.
  ['Function.prototype.bind', 'Function.prototype.bind = poison;'],
  ['Reflect.apply', 'Reflect.apply = poison;'],
  ['Array.prototype[Symbol.iterator]', 'Array.prototype[Symbol.iterator] = poison;'],
  [
    'Array.prototype.push, map and join',
    'Array.prototype.push = Array.prototype.map = Array.prototype.join = poison;',
  ],
  ['Array.isArray', 'Array.isArray = () => true;'],
  [
    'elements of Array.prototype',
    `Object.defineProperty(Array.prototype, 5, { set: poison, get: poison });`,
    'no require',
  ],
  ['Object.prototype.signal', `Object.prototype.signal = 'poison';`, 'no require'],
  ['Object.prototype.threads', 'Object.prototype.threads = 1e9;'],
  [
    'the fields of property descriptors',
    `for (const name of ['get', 'set', 'value', 'writable']) define(Object.prototype, name, 5);`,
  ],
  ['Object.prototype.__proto__', 'delete Object.prototype.__proto__;'],
  [
    'Object.defineProperty, assign, freeze',
    'Object.defineProperty = Object.assign = Object.freeze = poison;',
  ],
  ['Object.create and getPrototypeOf', 'Object.create = Object.getPrototypeOf = poison;'],
  [
    'Number and its checks',
    'Number.isInteger = Number.isSafeInteger = () => false; globalThis.Number = poison;',
  ],
  ['BigInt', 'BigInt.asIntN = BigInt.asUintN = poison; globalThis.BigInt = poison;'],
  ['BigInt.prototype.toString', 'BigInt.prototype.toString = BigInt.prototype.valueOf = poison;'],
  ['String', 'String.prototype.includes = String.prototype.startsWith = poison; globalThis.String = poison;'],
  ['Math', 'Math.floor = Math.min = Math.max = Math.trunc = poison;'],
  [
    'Map and Set',
    'Map.prototype.get = Map.prototype.set = Map.prototype.delete = Set.prototype.add = poison;',
  ],
  [
    'WeakMap and WeakRef',
    'WeakMap.prototype.get = WeakMap.prototype.set = poison; globalThis.WeakRef = poison;',
  ],
  ['Error', `const E = Error; globalThis.Error = globalThis.TypeError = globalThis.RangeError = poison;`],
  ['Error.captureStackTrace', 'Error.captureStackTrace = poison;'],
  [
    'util',
    `const u = require('node:util'); u.inspect = poison; for (const n in u.types) u.types[n] = () => false;`,
  ],
  [
    'EventTarget.prototype',
    'EventTarget.prototype.addEventListener = EventTarget.prototype.removeEventListener = poison;',
  ],
  [
    'the getters of AbortSignal',
    `for (const name of ['aborted', 'reason'])
      Object.defineProperty(AbortSignal.prototype, name, { get: poison });`,
  ],
  ['queueMicrotask', 'globalThis.queueMicrotask = poison;'],
];

/**
 * Uses every part of the API the way a program would, and exits with 0 if every answer is right. It takes what it needs
 * itself before anything is broken, and `await` does not look at what can be broken.
 */
function useEverything(root, poison, when, how) {
  const { defineProperty } = Object;
  const complain = (text) => {
    process.exitCode = 1;
    process._rawDebug(text);
  };
  const TheError = Error;
  const broken = () => {
    throw new TheError('poison');
  };
  const define = (object, key, value) =>
    defineProperty(object, key, { __proto__: null, value, configurable: true });
  const buffer = new SharedArrayBuffer(16);
  const narrow = new Int32Array(new SharedArrayBuffer(16));
  const wide = new BigInt64Array(new SharedArrayBuffer(32));
  const long = new BigInt64Array(new SharedArrayBuffer(8 * 2 ** 20));
  const [controller, idle] = [new AbortController(), new AbortController()];
  const [aborted, unaborted] = [
    { __proto__: null, signal: controller.signal },
    { __proto__: null, signal: idle.signal },
  ];
  const threads = (count) => ({ __proto__: null, threads: count });
  const isPromise = require('node:util').types.isPromise;
  const TypedArray = Object.getPrototypeOf(Int32Array);
  const doubles = new Float64Array(new SharedArrayBuffer(2 ** 18)).fill(0.5);
  const tenth = new Float32Array(new SharedArrayBuffer(40)).fill(0.1);
  const bigints = new BigUint64Array(new SharedArrayBuffer(16)).fill(2n ** 64n - 1n);
  const many = new BigInt64Array(new SharedArrayBuffer(2 ** 18)).fill(2n ** 62n);
  const plain = new Float64Array(4);
  // Every form of every call, and where it has them, on the pool and on this thread.
  const { CALLS, argumentsOf } = require(`${root}/__test__/helpers/calls.js`);
  const { apply } = Reflect;
  const { isArray } = Array;
  const { inspect } = require('node:util');
  const rows = [];
  for (const row of CALLS) {
    // A promise that is resolved with an object, or an array, looks for a method `then`.
    if (row.fn === 'map' && poison.includes("'then'")) continue;
    for (const size of row.sizes[0] === 'inline' ? ['small', 'inline'] : ['small']) {
      const made = row.make(size);
      if (Array.isArray(made.expected) && poison.includes("'then'")) continue;
      rows.push({ fn: row.fn, made, args: argumentsOf(made) });
    }
  }
  let left = 24 + rows.length;
  process.on('exit', () => {
    if (left !== 0) complain(`${left} calls were not settled`);
    const slots = [narrow[0], narrow[1], narrow[2], narrow[3], wide[2], wide[3]];
    const right = [528, 1617, 2805, 0, 2805n, 0n];
    for (let i = 0; i < 6; i++) if (slots[i] !== right[i]) complain(`slot ${i} holds ${slots[i]}`);
  });

  if (when === 'after') require(root);
  // What calls with a body need is loaded with the first of them.
  if (when === 'after' && how === 'no require') require(root).sumRange(0, (i) => i);
  new Function('poison', 'define', 'TypedArray', 'require', poison)(broken, define, TypedArray, require);
  const allcores = require(root);
  const { sum, sumRange, sumIntoSharedBuffer } = allcores;

  // An index over two dimensions is an array.
  const isSame = (a, b) =>
    a === b || (isArray(a) && isArray(b) && a.length === b.length && a[0] === b[0] && a[1] === b[1]);

  const check = async (promise, expected) => {
    if (!isPromise(promise)) complain(`no promise for ${expected}`);
    let seen;
    let how = 'resolved';
    try {
      seen = await promise;
    } catch (error) {
      seen = error?.code ?? error;
      how = 'rejected';
    }
    left--;
    // The first call on that memory may have been refused.
    if (expected === 'ERR_BUFFER_BUSY' && seen === 10n) how = 'was free,';
    if (!isSame(seen, expected))
      complain(`${how} with ${seen?.stack ?? seen} instead of ${inspect(expected)}`);
  };
  check(sumRange(10_000), 49_995_000);
  check(sumRange(10_000n), 49_995_000n);
  check(sumRange(100, threads(1)), 4950);
  check(sumIntoSharedBuffer(buffer, 100), 4950);
  check(sumIntoSharedBuffer(narrow, 100), 4950);
  check(sumIntoSharedBuffer(wide, 100, threads(1)), 4950n);
  check(sumIntoSharedBuffer(long, 5, threads(1)), 10n);
  check(sumIntoSharedBuffer(long, 5), 'ERR_BUFFER_BUSY');
  check(sum(doubles), 2 ** 14);
  check(sum(doubles, threads(1)), 2 ** 14);
  check(sum(doubles, unaborted), 2 ** 14);
  check(sum(tenth), 1.0000000149011612);
  check(sum(bigints), 2n ** 65n - 2n);
  check(sum(many), 2n ** 77n);
  check(sum(plain), 'ERR_NOT_SHARED');
  check(sum({}), 'ERR_INVALID_ARG_TYPE');
  check(sumRange(-1), 'ERR_OUT_OF_RANGE');
  check(sumRange('1'), 'ERR_INVALID_ARG_TYPE');
  check(sumRange(5, threads(0)), 'ERR_OUT_OF_RANGE');
  check(sumRange(5, { __proto__: null, signal: {} }), 'ERR_INVALID_ARG_TYPE');
  check(sumIntoSharedBuffer({}, 5), 'ERR_INVALID_ARG_TYPE');
  check(sumRange(5, unaborted), 10);
  check(sumRange(5, aborted), 'ABORT_ERR');
  controller.abort();
  check(sumRange(5, aborted), 'ABORT_ERR');
  for (let i = 0; i < rows.length; i++) {
    const { fn, made, args } = rows[i];
    check(apply(allcores[fn], undefined, args), made.expected);
  }
}

describe('broken after we are loaded: nothing changes', { concurrency: 2 }, () => {
  for (const [what, poison, how] of POISONS) {
    test(what, async () => {
      // Node's own code may complain to stderr about what was broken; a wrong answer of ours is exit code 1.
      const result = await runChild(useEverything, { args: [poison, 'after', how] }, { stderr: /(?:)/ });
      assert.doesNotMatch(result.stderr, DEATH);
      assert.doesNotMatch(result.stderr, SWALLOWED);
    });
  }
});

describe('broken before we are loaded: it works, or it says why not, and never crashes', {
  concurrency: 2,
}, () => {
  for (const [what, poison] of POISONS) {
    test(what, async () => {
      const result = await startChild(useEverything, { args: [poison, 'before'] }).done;
      assert.equal(result.signal, null, result.stderr);
      assert.ok(result.code === 0 || result.code === 1, `code ${result.code}\n${result.stderr}`);
      if (result.code === 1) {
        // The reason is an error, thrown at load or by a call, or what a call is rejected with. No answer is wrong.
        assert.match(result.stderr, /\w*Error\b.*: |^error: |\bpoison\b|rejected with ERR_/m);
        assert.doesNotMatch(result.stderr, WRONG_ANSWER);
      }
      assert.doesNotMatch(result.stderr, DEATH);
      assert.doesNotMatch(result.stderr, SWALLOWED);
    });
  }
});

test('a program may freeze everything before it loads us', async () => {
  const result = await startChild(
    async (root) => {
      for (const name of [
        'Object',
        'Array',
        'Promise',
        'Function',
        'Error',
        'Atomics',
        'SharedArrayBuffer',
        'AbortSignal',
      ]) {
        Object.freeze(globalThis[name]);
        if (globalThis[name].prototype) Object.freeze(globalThis[name].prototype);
      }
      console.log(await require(root).sumRange(10_000));
    },
    { execArgv: ['--disable-proto=delete'] },
  ).done;
  assertEnd(result, { stdout: '49995000' });
});
