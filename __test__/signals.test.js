'use strict';

// The signal belongs to the caller: listeners are always removed, nothing of the caller's is replaced, and no other
// listener can keep an abort from us.

const assert = require('node:assert/strict');
const { getEventListeners } = require('node:events');
const { describe, test } = require('node:test');
const { sum, sumIntoSharedBuffer, sumRange } = require('..');
const { runChild } = require('./helpers/child.js');
const { spin } = require('./helpers/handshake.js');
const { gcUntil } = require('./helpers/gc.js');
const { longTarget, startLong } = require('./helpers/jobs.js');
const { rejects } = require('./helpers/rejects.js');
const { scale } = require('./helpers/scale.js');

const listeners = (signal) => getEventListeners(signal, 'abort').length;
const slots = () => new Int32Array(new SharedArrayBuffer(16));

describe('listeners', () => {
  test('are gone when the promise is settled, however it is settled', async () => {
    const controller = new AbortController();
    const { signal } = controller;
    await sumRange(10, { signal });
    assert.equal(listeners(signal), 0, 'resolved');
    await sumIntoSharedBuffer(slots(), 10, { signal });
    assert.equal(listeners(signal), 0, 'resolved');
    const long = startLong(sumIntoSharedBuffer);
    await rejects(() => sumIntoSharedBuffer(long.part, 10, { signal }), 'ERR_BUFFER_BUSY');
    await long.call;
    assert.equal(listeners(signal), 0, 'busy');
    await rejects(() => sumIntoSharedBuffer(slots(), 10 ** 9, { signal }), 'ERR_OUT_OF_RANGE');
    await rejects(() => sumIntoSharedBuffer(new Int32Array(4), 10, { signal }), 'ERR_NOT_SHARED');
    await rejects(() => sumRange(-1, { signal }), 'ERR_OUT_OF_RANGE');
    await rejects(() => sumRange(1, { signal, threads: 0 }), 'ERR_OUT_OF_RANGE');
    assert.equal(listeners(signal), 0, 'refused');
    const call = sumRange(10, { signal });
    controller.abort();
    await rejects(() => call, 'ABORT_ERR');
    assert.equal(listeners(signal), 0, 'aborted');
    await rejects(() => sumRange(10, { signal }), 'ABORT_ERR');
    assert.equal(listeners(signal), 0, 'aborted before');
  });

  test('of the caller stay', async () => {
    const controller = new AbortController();
    let heard = 0;
    controller.signal.addEventListener('abort', () => heard++);
    const onabort = () => heard++;
    controller.signal.onabort = onabort;
    await sumRange(10, { signal: controller.signal });
    assert.equal(controller.signal.onabort, onabort);
    const call = sumRange(10, { signal: controller.signal });
    controller.abort();
    await rejects(() => call, 'ABORT_ERR');
    assert.equal(heard, 2);
  });

  test('thousands of calls on one signal, at once and one after the other, warn of no leak', async () => {
    await runChild(
      async (root, atOnce, inTurn) => {
        const assert = require('node:assert/strict');
        const { getEventListeners } = require('node:events');
        const { sum, sumIntoSharedBuffer, sumRange } = require(root);
        const controller = new AbortController();
        const { signal } = controller;
        process.on('warning', (warning) => assert.fail(`${warning}`));
        const view = new Float64Array(new SharedArrayBuffer(64)).fill(1);
        const slots = () => new SharedArrayBuffer(8);
        const start = (i) =>
          [
            () => sumRange(10, { signal }),
            () => sumIntoSharedBuffer(slots(), 10, { signal }),
            () => sum(view, { signal }),
          ][i % 3]();
        await Promise.all(Array.from({ length: atOnce }, (_, i) => start(i)));
        assert.equal(getEventListeners(signal, 'abort').length, 0);
        for (let i = 0; i < inTurn; i++) await start(i);
        assert.equal(getEventListeners(signal, 'abort').length, 0);
        const calls = Array.from({ length: atOnce }, (_, i) => start(i));
        assert.ok(getEventListeners(signal, 'abort').length <= 1);
        controller.abort();
        for (const { reason } of await Promise.allSettled(calls)) assert.equal(reason.code, 'ABORT_ERR');
        assert.equal(getEventListeners(signal, 'abort').length, 0);
        // Warnings are emitted in a later turn.
        await new Promise(setImmediate);
      },
      { args: [scale(1000), scale(10_000)] },
    );
  });

  test('the signal can be collected when the call is over', async () => {
    const gone = [];
    const registry = new FinalizationRegistry((name) => gone.push(name));
    await (async () => {
      const controller = new AbortController();
      registry.register(controller.signal, 'signal');
      await sumRange(10, { signal: controller.signal });
    })();
    assert.ok(await gcUntil(() => gone.length === 1), 'something still holds it');
  });
});

describe('other listeners', () => {
  test('that stop the event first do not keep it from us', async () => {
    const controller = new AbortController();
    controller.signal.addEventListener('abort', (event) => event.stopImmediatePropagation());
    const view = slots();
    const call = sumIntoSharedBuffer(view, 10, { signal: controller.signal });
    controller.abort();
    await rejects(() => call, 'ABORT_ERR');
    assert.equal(view[3], -1);
  });

  test('that throw do not keep it from us', async () => {
    await runChild(async (root) => {
      const assert = require('node:assert/strict');
      const { sumRange } = require(root);
      const thrown = [];
      process.on('uncaughtException', (error) => thrown.push(error.message));
      const controller = new AbortController();
      controller.signal.addEventListener('abort', () => {
        throw new Error('from a listener');
      });
      const call = sumRange(10, { signal: controller.signal });
      controller.abort();
      await assert.rejects(call, { name: 'AbortError', code: 'ABORT_ERR' });
      assert.deepEqual(thrown, ['from a listener']);
    });
  });

  test('that call us again get answers', async () => {
    const controller = new AbortController();
    const { signal } = controller;
    const inner = [];
    signal.addEventListener('abort', () => {
      inner.push(sumRange(10));
      inner.push(rejects(() => sumRange(10, { signal }), 'ABORT_ERR'));
      // This listener came first: the outer call still holds the target.
      inner.push(rejects(() => sumIntoSharedBuffer(long.part, 10), 'ERR_BUFFER_BUSY'));
    });
    const long = startLong(sumIntoSharedBuffer, { signal });
    controller.abort();
    await rejects(() => long.call, 'ABORT_ERR');
    assert.equal(await inner[0], 45);
    await Promise.all(inner);
    assert.equal(long.view[long.last], -1n);
  });

  test('an event without an abort leaves no call hanging', async () => {
    const { signal } = new AbortController();
    const calls = [sumRange(1000, { signal }), sumIntoSharedBuffer(slots(), 1000, { signal })];
    signal.dispatchEvent(new Event('abort'));
    const results = await Promise.all(calls.map((call) => call.catch((error) => error)));
    for (const result of results) {
      assert.ok(result === 499_500 || result.code === 'ABORT_ERR', `${result}`);
    }
    assert.equal(listeners(signal), 0);
  });
});

describe('signals of every make', () => {
  test('AbortSignal.timeout()', async () => {
    const { view, num, last } = longTarget(2 ** 20);
    // From a setImmediate callback the next phase of the event loop is the timers': the timeout comes before the
    // completion, however fast the pool is.
    await new Promise(setImmediate);
    const signal = AbortSignal.timeout(1);
    const call = sumIntoSharedBuffer(view, num, { signal });
    spin(30);
    const error = await rejects(() => call, 'ABORT_ERR');
    assert.equal(error.cause, signal.reason);
    assert.equal(error.cause.name, 'TimeoutError');
    assert.equal(view[last], -1n);
  });

  test('a timeout that has not come changes nothing, and keeps no process alive', async () => {
    // Longer than the limit of a child process.
    await runChild(
      async (root) => {
        const { sumRange } = require(root);
        console.log(await sumRange(10, { signal: AbortSignal.timeout(2 ** 31 - 1) }));
      },
      {},
      { stdout: '45' },
    );
  });

  test('AbortSignal.any()', { skip: AbortSignal.any ? false : 'not in this version of Node' }, async () => {
    const [one, two] = [new AbortController(), new AbortController()];
    const signal = AbortSignal.any([one.signal, two.signal]);
    assert.equal(await sumRange(10, { signal }), 45);
    const call = sumRange(10, { signal });
    two.abort('two');
    const error = await rejects(() => call, 'ABORT_ERR');
    assert.equal(error.cause, 'two');
    assert.equal(listeners(signal), 0);
  });

  test('AbortSignal.any() of AbortSignal.timeout() and another, during sums', {
    skip: AbortSignal.any ? false : 'not in this version of Node',
  }, async () => {
    const view = new Float64Array(new SharedArrayBuffer(4_000_000)).fill(1);
    // Node 20 loses a timeout that nothing else holds.
    const timeout = AbortSignal.timeout(5);
    const signal = AbortSignal.any([timeout, new AbortController().signal]);
    let error;
    // Until the time is over, which may be during or between two sums.
    while (error === undefined) {
      await sum(view, { signal }).catch((reason) => {
        error = reason;
      });
    }
    assert.equal(error.code, 'ABORT_ERR');
    assert.equal(error.cause, timeout.reason);
    assert.equal(error.cause.name, 'TimeoutError');
  });

  test('one signal for many calls', async () => {
    const controller = new AbortController();
    const { signal } = controller;
    const views = Array.from({ length: scale(100) }, slots);
    const calls = views.map((view) => sumIntoSharedBuffer(view, 1000, { signal }));
    controller.abort();
    await Promise.all(calls.map((call) => rejects(() => call, 'ABORT_ERR')));
    assert.ok(views.every((view) => view[3] === -1));
    assert.equal(listeners(signal), 0);
  });

  test('a signal received from another thread', async () => {
    const { transferableAbortController } = require('node:util');
    const { port1, port2 } = new MessageChannel();
    const controller = transferableAbortController();
    const received = new Promise((resolve) => {
      port2.onmessage = ({ data }) => resolve(data);
    });
    port1.postMessage(controller.signal, [controller.signal]);
    const signal = await received;
    assert.equal(await sumRange(10, { signal }), 45);
    port1.close();
  });
});
