'use strict';

// Code of the program that runs while a listener is added or removed, or while calls settle: it may call us, abort, or throw.
// No call loses its answer or its abort for it, and no listener stays.

const assert = require('node:assert/strict');
const { getEventListeners } = require('node:events');
const { test } = require('node:test');
const { sumIntoSharedBuffer, sumRange } = require('../..');
const { runChild } = require('../helpers/child.js');
const { within } = require('../helpers/handshake.js');
const { rejects } = require('../helpers/rejects.js');

/** Node calls this method of a target when a listener is added, and the other when one is removed. */
const hook = (name) =>
  Object.getOwnPropertySymbols(EventTarget.prototype).find((symbol) => symbol.description === name);

/** Runs `act` the first time that Node calls the hook. */
function once(signal, name, act) {
  const symbol = hook(name);
  signal[symbol] = function (...args) {
    delete signal[symbol];
    act();
    return EventTarget.prototype[symbol].apply(this, args);
  };
}

const skip = hook('kNewListener') && hook('kRemoveListener') ? false : 'no such hooks in this runtime';

test('a call on the same signal while the listener is added: both are aborted together', {
  skip,
}, async () => {
  const controller = new AbortController();
  const { signal } = controller;
  const slots = new SharedArrayBuffer(8 * 1024);
  let inner;
  once(signal, 'kNewListener', () => {
    inner = sumRange(20, { signal });
  });
  const outer = sumIntoSharedBuffer(slots, 10, { signal });
  const strangers = Array.from({ length: 50 }, (_, i) => sumRange(i));
  controller.abort('why');
  for (const call of [outer, inner]) assert.equal((await rejects(() => call, 'ABORT_ERR')).cause, 'why');
  await within(Promise.all(strangers), 'the other calls');
  assert.equal(getEventListeners(signal, 'abort').length, 0);
});

test('a call on the same signal while the listener is added: both are answered', { skip }, async () => {
  const { signal } = new AbortController();
  let inner;
  once(signal, 'kNewListener', () => {
    inner = sumRange(20, { signal });
  });
  const outer = sumRange(10, { signal });
  const strangers = Array.from({ length: 50 }, (_, i) => sumRange(i));
  assert.deepEqual(await within(Promise.all([outer, inner]), 'both calls'), [45, 190]);
  await within(Promise.all(strangers), 'the other calls');
  assert.equal(getEventListeners(signal, 'abort').length, 0);
});

test('an abort while the listener is added is not lost', { skip }, async () => {
  const controller = new AbortController();
  once(controller.signal, 'kNewListener', () => controller.abort('early'));
  const slots = new Int32Array(new SharedArrayBuffer(16)).fill(5);
  const error = await rejects(() => sumIntoSharedBuffer(slots, 10, controller), 'ERR_INVALID_ARG_TYPE');
  assert.match(error.message, /AbortController/);
  const call = () => sumIntoSharedBuffer(slots, 10, { signal: controller.signal });
  assert.equal((await rejects(call, 'ABORT_ERR')).cause, 'early');
  assert.deepEqual([...slots], [5, 5, 5, 5]);
  assert.equal(getEventListeners(controller.signal, 'abort').length, 0);
});

test('a hook that throws while the listener is added refuses the call, and that call only', {
  skip,
}, async () => {
  const controller = new AbortController();
  const { signal } = controller;
  let inner;
  once(signal, 'kNewListener', () => {
    inner = sumRange(20, { signal });
    throw new Error('mine');
  });
  const error = await rejects(() => sumRange(10, { signal }), 'ERR_INVALID_ARG_TYPE', /AbortSignal/);
  assert.equal(error.cause.message, 'mine');
  assert.equal(await within(inner, 'the inner call'), 190);
  assert.equal(getEventListeners(signal, 'abort').length, 0);
});

test('a hook that calls and throws while the listener is removed keeps no call from its answer', {
  skip,
}, async () => {
  const { signal } = new AbortController();
  const first = sumRange(10, { signal });
  const strangers = Array.from({ length: 50 }, (_, i) => sumRange(i));
  let inner;
  once(signal, 'kRemoveListener', () => {
    inner = sumRange(20, { signal });
    throw new Error('mine');
  });
  assert.equal(await within(first, 'the call'), 45);
  assert.equal(await within(inner, 'the call that was made in the hook'), 190);
  await within(Promise.all(strangers), 'the other calls');
});

test('the warning about too many listeners may call us', async () => {
  await runChild(async (root) => {
    const assert = require('node:assert/strict');
    const events = require('node:events');
    const { sumRange } = require(root);
    const controller = new AbortController();
    const { signal } = controller;
    events.setMaxListeners(1, signal);
    signal.addEventListener('abort', () => {});
    let inner;
    process.emitWarning = () => {
      inner ??= sumRange(20, { signal });
    };
    const outer = sumRange(10, { signal });
    const others = Array.from({ length: 100 }, () => sumRange(5));
    assert.deepEqual(await Promise.all([outer, inner, ...others]), [45, 190, ...others.map(() => 10)]);
    assert.equal(events.getEventListeners(signal, 'abort').length, 1);
  });
});

test('one abort of many calls makes one error', async () => {
  const controller = new AbortController();
  const calls = Array.from({ length: 100 }, () => sumRange(10, { signal: controller.signal }));
  controller.abort();
  const reasons = (await Promise.allSettled(calls)).map(({ reason }) => reason);
  assert.equal(new Set(reasons).size, 1);
  assert.equal(reasons[0].code, 'ABORT_ERR');
});
