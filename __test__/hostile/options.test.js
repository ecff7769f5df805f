'use strict';

// Options that run code of their own while they are read. Each property is read once, before anything starts, and the
// memory is looked at last: whatever a getter does to it, the call is consistent.

const assert = require('node:assert/strict');
const { test } = require('node:test');
const { sumIntoSharedBuffer, sumRange } = require('../..');
const { runChild } = require('../helpers/child.js');
const { longTarget } = require('../helpers/jobs.js');
const { asBigInts, finalSlots } = require('../helpers/oracle.js');
const { rejects } = require('../helpers/rejects.js');

const slots = (length = 4) => new Int32Array(new SharedArrayBuffer(length * 4));

/** Options whose `threads` is read through a function. */
const whenRead = (act, rest = {}) => ({
  ...rest,
  get threads() {
    act();
    return 1;
  },
});

test('each property is read exactly once', async () => {
  const reads = [];
  const options = (signal) =>
    new Proxy(
      { signal, threads: 1 },
      {
        get(target, name) {
          reads.push(name);
          return target[name];
        },
      },
    );
  const { signal } = new AbortController();
  const calls = [
    () => sumRange(10, options(signal)),
    () => sumRange(10n, options()),
    () => sumIntoSharedBuffer(slots(), 10, options(signal)),
    () => sumIntoSharedBuffer(slots(), options(signal)),
    () => sumRange(10, options(AbortSignal.abort())).catch(() => {}),
  ];
  for (const call of calls) {
    reads.length = 0;
    await call();
    assert.deepEqual(reads.filter((name) => name === 'signal' || name === 'threads').sort(), [
      'signal',
      'threads',
    ]);
  }
});

test('an answer that changes between two reads is no way around the check', async () => {
  let reads = 0;
  const options = {
    get threads() {
      return reads++ ? 1e9 : 1;
    },
  };
  assert.equal(await sumRange(100, options), 4950);
});

test('a getter that throws: the promise is rejected with what it threw, and nothing has started', async () => {
  const mine = new Error('mine');
  for (const name of ['signal', 'threads']) {
    const options = {
      get [name]() {
        throw mine;
      },
    };
    const view = slots().fill(6);
    for (const call of [
      () => sumRange(10, options),
      () => sumIntoSharedBuffer(view, 10, options),
      () => sumIntoSharedBuffer(view, options),
    ]) {
      let promise;
      assert.doesNotThrow(() => {
        promise = call();
      });
      await assert.rejects(promise, (error) => error === mine);
    }
    assert.deepEqual([...view], [6, 6, 6, 6]);
    assert.equal(await sumIntoSharedBuffer(view), 15, 'and it is not busy');
  }
});

test('a revoked proxy is a rejection, not a throw', async () => {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  let promise;
  assert.doesNotThrow(() => {
    promise = sumRange(10, proxy);
  });
  await assert.rejects(promise, TypeError);
});

test('a getter that calls on the same target: it comes first, the outer call is refused', async () => {
  const { view, num, total, last } = longTarget();
  let inner;
  const options = whenRead(() => {
    inner = sumIntoSharedBuffer(view, num);
  });
  await rejects(() => sumIntoSharedBuffer(view, 10, options), 'ERR_BUFFER_BUSY');
  assert.equal(await inner, total);
  assert.equal(view[last], 0n);
});

test('a getter that aborts the signal: nothing starts', async () => {
  const controller = new AbortController();
  const view = slots().fill(5);
  const options = whenRead(() => controller.abort('early'), { signal: controller.signal });
  const error = await rejects(() => sumIntoSharedBuffer(view, 10, options), 'ABORT_ERR');
  assert.equal(error.cause, 'early');
  assert.deepEqual([...view], [5, 5, 5, 5]);
});

test('a getter that grows the buffer: the call sees one length, before or after', async () => {
  for (const tracking of [true, false]) {
    const buffer = new SharedArrayBuffer(16, { maxByteLength: 64 });
    const view = new Int32Array(buffer);
    const target = tracking ? view : buffer;
    assert.equal(
      await sumIntoSharedBuffer(
        target,
        1000,
        whenRead(() => buffer.grow(64)),
      ),
      499_500,
    );
    const length = view[4] === 0 && view[14] === 0 ? 4 : 16;
    assert.deepEqual(asBigInts(view.subarray(0, length)), finalSlots(1000, length));
    assert.ok(view.subarray(length).every((slot) => slot === 0));
  }
});

test('a getter that changes the request: the call sees one request, before or after', async () => {
  const view = slots();
  view[3] = 10;
  const total = await sumIntoSharedBuffer(
    view,
    whenRead(() => {
      view[3] = 20;
    }),
  );
  assert.ok(total === 45 || total === 190, `${total}`);
  assert.deepEqual(asBigInts(view), finalSlots(total === 45 ? 10 : 20, 4));
});

test('a getter that detaches: memory that could be detached is refused anyway', async () => {
  const buffer = new ArrayBuffer(16);
  const view = new Int32Array(buffer);
  const detach = whenRead(() => structuredClone(buffer, { transfer: [buffer] }));
  await rejects(() => sumIntoSharedBuffer(view, 10, detach), ['ERR_NOT_SHARED', 'ERR_OUT_OF_RANGE']);
});

test('a getter that never comes back into the call: process.exit', async () => {
  await runChild(
    (root) => {
      const { sumRange, sumIntoSharedBuffer } = require(root);
      sumIntoSharedBuffer(new SharedArrayBuffer(2 ** 24), 1000);
      sumRange(10, {
        get signal() {
          return process.exit(9);
        },
      });
    },
    {},
    { code: 9 },
  );
});

test('values that convert themselves are not asked to', async () => {
  const converts = {
    valueOf: () => assert.fail('valueOf'),
    [Symbol.toPrimitive]: () => assert.fail('toPrimitive'),
  };
  await rejects(() => sumRange(converts), 'ERR_INVALID_ARG_TYPE');
  await rejects(() => sumRange(10, { threads: converts }), 'ERR_INVALID_ARG_TYPE');
  await rejects(() => sumRange(10, { signal: converts }), 'ERR_INVALID_ARG_TYPE');
});
