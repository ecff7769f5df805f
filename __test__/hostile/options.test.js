'use strict';

// Options that run code of their own while they are read. Each property is read once, before anything starts, and the
// memory is looked at last: whatever a getter does to it, the call is consistent.

const assert = require('node:assert/strict');
const { test } = require('node:test');
const allcores = require('../..');
const { CALLS, resolves, start } = require('../helpers/calls.js');
const { runChild } = require('../helpers/child.js');
const { asBigInts, finalSlots } = require('../helpers/oracle.js');
const { rejects } = require('../helpers/rejects.js');

const { sum, sumIntoSharedBuffer, sumRange } = allcores;

const slots = (length = 4) => new Int32Array(new SharedArrayBuffer(length * 4));

/** Options whose `threads` is read through a function. */
const whenRead = (act, rest = {}) => ({
  ...rest,
  get threads() {
    act();
    return 1;
  },
});

test('each property is read exactly once, and no other', async () => {
  const reads = [];
  const handler = {
    get(target, name) {
      reads.push(name);
      return target[name];
    },
  };
  for (const row of CALLS) {
    for (const target of [
      { threads: 1 },
      { signal: new AbortController().signal, threads: 1 },
      { signal: AbortSignal.abort() },
    ]) {
      // Whether a proxy is an options object at all is another question.
      const options = {};
      // In the place of num an object must be certain to be options.
      const others = `${row.params}` === 'target,options' ? [] : ['anything'];
      for (const name of [...row.options, ...others]) {
        Object.defineProperty(options, name, { get: () => handler.get(target, name), enumerable: true });
      }
      reads.length = 0;
      const made = row.make('small');
      const own = Object.keys(made.options ?? {});
      const call = start(allcores, row, made, options);
      if (target.signal?.aborted) await rejects(() => call, 'ABORT_ERR');
      else await resolves(row, made, call);
      assert.deepEqual(reads.sort(), row.options.filter((name) => !own.includes(name)).sort(), row.name);
    }
  }
});

test('a value that changes between two reads is no way around the check', async () => {
  for (const row of CALLS) {
    let reads = 0;
    const options = {
      get threads() {
        return reads++ ? 1e9 : 1;
      },
    };
    const made = row.make('small');
    await resolves(row, made, start(allcores, row, made, options));
  }
});

test('a getter that throws: the promise is rejected with what it threw, and nothing has started', async () => {
  const mine = new Error('mine');
  for (const row of CALLS) {
    for (const name of row.options) {
      const options = {
        get [name]() {
          throw mine;
        },
      };
      const made = row.make('small');
      if (made.options && name in made.options) delete made.options[name];
      const before = made.slots?.slice();
      let promise;
      assert.doesNotThrow(() => {
        promise = start(allcores, row, made, options);
      });
      await assert.rejects(promise, (error) => error === mine);
      assert.deepEqual(made.slots, before, row.name);
      // And the memory is not busy.
      const again = made.slots ? made : row.make('small');
      await resolves(row, again, start(allcores, row, again));
    }
  }
});

test('a getter that aborts the signal: nothing starts', async () => {
  for (const row of CALLS) {
    const controller = new AbortController();
    const made = row.make('small');
    const before = made.slots?.slice();
    const options = whenRead(() => controller.abort('early'), { signal: controller.signal });
    const error = await rejects(() => start(allcores, row, made, options), 'ABORT_ERR');
    assert.equal(error.cause, 'early');
    assert.deepEqual(made.slots, before, row.name);
  }
});

test('a getter that makes the same call: the inner call comes first', async () => {
  for (const row of CALLS) {
    const made = row.make('small');
    let inner;
    const options = whenRead(() => {
      inner = start(allcores, row, made);
    });
    const outer = start(allcores, row, made, options);
    if (row.writes) await rejects(() => outer, 'ERR_BUFFER_BUSY');
    else await resolves(row, made, outer);
    await resolves(row, made, inner);
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

test('a getter that grows the memory of a view and writes to it: sum sees one state of it', async () => {
  const buffer = new SharedArrayBuffer(64, { maxByteLength: 2 ** 20 });
  const view = new Float64Array(buffer).fill(1);
  const options = whenRead(() => {
    buffer.grow(2 ** 20);
    view.fill(2);
  });
  assert.equal(await sum(view, options), 2 * 2 ** 17, 'the memory is looked at last');
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
  const numbers = new Float64Array(8);
  const detachToo = whenRead(() => structuredClone(numbers.buffer, { transfer: [numbers.buffer] }));
  await rejects(() => sum(numbers, detachToo), 'ERR_NOT_SHARED');
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
