'use strict';

// Every kind of memory that a view can stand on: what is shared is accepted at any offset and may grow at any time;
// what can be detached or shrunk under a running thread is refused.

const assert = require('node:assert/strict');
const { describe, test } = require('node:test');
const { sum, sumIntoSharedBuffer } = require('..');
const { gc, gcUntil } = require('./helpers/gc.js');
const { Gates, patience, spin, within } = require('./helpers/handshake.js');
const { asBigInts, finalSlots, rangeSum } = require('./helpers/oracle.js');
const { rejects } = require('./helpers/rejects.js');
const { startWorker } = require('./helpers/worker.js');

async function works(view, num = 1000) {
  const total = await sumIntoSharedBuffer(view, num);
  assert.equal(BigInt(total), rangeSum(num));
  assert.deepEqual(asBigInts(view), finalSlots(num, view.length));
}

const growable = (bytes, max = 1 << 16) => new SharedArrayBuffer(bytes, { maxByteLength: max });

describe('offsets', () => {
  test('views at every alignment their type allows', async () => {
    const buffer = new SharedArrayBuffer(256);
    for (let offset = 0; offset < 64; offset += 4) await works(new Int32Array(buffer, offset, 11));
    for (let offset = 0; offset < 64; offset += 8) await works(new BigInt64Array(buffer, offset, 11));
  });

  test('views that cross pages, and the end of a buffer of odd size', async () => {
    const buffer = new SharedArrayBuffer(3 * 4096 + 7);
    await works(new Int32Array(buffer, 4096 - 4, 1030));
    await works(new Int32Array(buffer, 3 * 4096 - 4, 2));
    await rejects(() => sumIntoSharedBuffer(buffer, 10), 'ERR_OUT_OF_RANGE');
  });
});

describe('growable buffers', () => {
  test('with views of fixed length, that track the length, and none', async () => {
    const buffer = growable(64);
    await works(new Int32Array(buffer, 8, 5));
    await works(new Int32Array(buffer));
    await works(new BigInt64Array(buffer, 16));
    assert.equal(await sumIntoSharedBuffer(buffer, 1000), 499_500);
    assert.deepEqual(asBigInts(new Int32Array(buffer)), finalSlots(1000, 16));
  });

  test('a tracking view covers what the buffer has grown to', async () => {
    const buffer = growable(8);
    const view = new Int32Array(buffer);
    assert.equal(view.length, 2);
    await works(view);
    buffer.grow(4096);
    assert.equal(view.length, 1024);
    await works(view);
    assert.equal(await sumIntoSharedBuffer(buffer, 77), 2926);
  });

  test('a buffer of which no view could be made is refused; a view that rounds down is fine', async () => {
    const buffer = growable(8);
    const view = new Int32Array(buffer);
    buffer.grow(10);
    await rejects(() => sumIntoSharedBuffer(buffer, 5), 'ERR_OUT_OF_RANGE');
    assert.equal(view.length, 2);
    await works(view);
    await rejects(() => sumIntoSharedBuffer(growable(0), 0), 'ERR_OUT_OF_RANGE');
  });

  test('grown while a call is in flight: the call keeps the length it began with, and its waiters', async () => {
    let woken = 0;
    const patient = patience();
    for (let round = 0; woken === 0 && patient(); round++) {
      const buffer = growable(32);
      const view = new Int32Array(buffer);
      view[7] = 1000;
      const gates = new Gates();
      const worker = startWorker(
        (root, { buffer, cells }) => {
          const { Gates } = require(`${root}/__test__/helpers/handshake.js`);
          new Gates(cells).raise(0);
          const woke = Atomics.wait(new Int32Array(buffer), 7, 1000, 20_000);
          require('node:worker_threads').parentPort.postMessage(woke);
        },
        { buffer, cells: gates.cells },
      );
      const message = new Promise((resolve) => worker.once('message', resolve));
      await gates.until(0);
      spin(20 + round);
      const call = sumIntoSharedBuffer(round % 2 ? buffer : view);
      buffer.grow(4096);
      assert.equal(await call, 499_500);
      const slots = asBigInts(view);
      assert.deepEqual(slots.slice(0, 8), finalSlots(1000, 8));
      assert.ok(slots.slice(8).every((slot) => slot === 0n));
      const woke = await within(message, 'the waiter');
      assert.notEqual(woke, 'timed-out');
      if (woke === 'ok') woken++;
    }
    assert.ok(woken > 0, 'no waiter was asleep in any round');
  });

  test('aborted after it has grown: -1 is where the call had its flag', async () => {
    const buffer = growable(32);
    const view = new Int32Array(buffer);
    const controller = new AbortController();
    const call = sumIntoSharedBuffer(view, 1000, { signal: controller.signal });
    buffer.grow(64);
    controller.abort();
    await rejects(() => call, 'ABORT_ERR');
    assert.equal(view[7], -1);
    assert.ok(view.subarray(8).every((slot) => slot === 0));
  });
});

describe('WebAssembly memory', () => {
  const memory = () => new WebAssembly.Memory({ initial: 1, maximum: 20, shared: true });

  test('shared', async () => {
    const { buffer } = memory();
    await works(new Int32Array(buffer, 1024, 100));
    await works(new BigInt64Array(buffer, 65_536 - 80));
    assert.equal(await sumIntoSharedBuffer(buffer, 1000), 499_500);
  });

  test('an old view after the memory has grown', async () => {
    const shared = memory();
    const old = new Int32Array(shared.buffer, 4, 7);
    shared.grow(3);
    assert.notEqual(old.buffer, shared.buffer);
    await works(old);
    assert.deepEqual(asBigInts(new Int32Array(shared.buffer, 4, 7)), finalSlots(1000, 7));
  });

  test('old and new buffers of one memory overlap', async () => {
    const shared = new WebAssembly.Memory({ initial: 400, maximum: 500, shared: true });
    const old = new BigInt64Array(shared.buffer);
    shared.grow(1);
    const call = sumIntoSharedBuffer(old, 10_000_000);
    await rejects(() => sumIntoSharedBuffer(new Int32Array(shared.buffer, 0, 4), 10), 'ERR_BUFFER_BUSY');
    assert.equal(await call, rangeSum(10_000_000));
  });

  test('grown while a call is in flight', async () => {
    const shared = memory();
    const view = new Int32Array(shared.buffer);
    const call = sumIntoSharedBuffer(view, 10_000);
    shared.grow(5);
    assert.equal(await call, 49_995_000);
    assert.deepEqual(asBigInts(view), finalSlots(10_000, view.length));
  });

  test('not shared', async () => {
    const { buffer } = new WebAssembly.Memory({ initial: 1 });
    await rejects(() => sumIntoSharedBuffer(new Int32Array(buffer), 10), 'ERR_NOT_SHARED');
  });
});

describe('memory that is not shared', () => {
  test('a resizable ArrayBuffer, also when its view is out of bounds', async () => {
    const buffer = new ArrayBuffer(64, { maxByteLength: 128 });
    const view = new Int32Array(buffer, 16, 4);
    await rejects(() => sumIntoSharedBuffer(buffer, 10), 'ERR_NOT_SHARED');
    await rejects(() => sumIntoSharedBuffer(view, 10), 'ERR_NOT_SHARED');
    buffer.resize(8);
    await rejects(() => sumIntoSharedBuffer(view, 10), ['ERR_NOT_SHARED', 'ERR_OUT_OF_RANGE']);
  });

  test('a detached ArrayBuffer', async () => {
    const buffer = new ArrayBuffer(64);
    const view = new Int32Array(buffer);
    structuredClone(buffer, { transfer: [buffer] });
    for (const target of [buffer, view]) {
      await rejects(() => sumIntoSharedBuffer(target, 10), ['ERR_NOT_SHARED', 'ERR_OUT_OF_RANGE']);
    }
  });

  test('the memory of a Buffer', async () => {
    const { buffer } = Buffer.alloc(64);
    await rejects(() => sumIntoSharedBuffer(buffer, 10), 'ERR_NOT_SHARED', /new SharedArrayBuffer\(/);
  });
});

test('the memory stays while a call is in flight, even when nobody else holds it', async () => {
  const gone = [];
  const registry = new FinalizationRegistry((name) => gone.push(name));
  const start = () => {
    const view = new BigInt64Array(new SharedArrayBuffer(8 * 2 ** 20));
    registry.register(view.buffer, 'buffer');
    return sumIntoSharedBuffer(view, 2 ** 21);
  };
  const calls = Array.from({ length: 4 }, start);
  gc();
  for (const call of calls) assert.equal(await call, rangeSum(2 ** 21));
  assert.ok(await gcUntil(() => gone.length === 4), 'and goes when it is over');
});

test('the memory stays while a sum is in flight, even when nobody else holds it', async () => {
  const start = (i) => {
    // Untouched memory: every page that is summed has to be found first, which takes a while.
    const view = new Float64Array(new SharedArrayBuffer(2 ** 26));
    view[0] = i;
    const one = { buffer: new WeakRef(view.buffer), pending: true };
    one.call = sum(view).finally(() => {
      one.pending = false;
    });
    return one;
  };
  // On a busy machine all of them may be over before this thread gets to collect.
  let seen = 0;
  const patient = patience();
  while (seen === 0 && patient()) {
    const all = Array.from({ length: 8 }, (_, i) => start(i));
    while (all.some(({ pending }) => pending)) {
      // What a WeakRef has given out stays until the turn is over.
      await new Promise(setImmediate);
      gc();
      for (const { pending, buffer } of all) {
        if (!pending) continue;
        assert.ok(buffer.deref(), 'collected while its sum is in flight');
        seen++;
      }
    }
    for (const [i, { call }] of all.entries()) assert.equal(await call, i);
  }
  assert.ok(seen > 0, 'no sum was in flight when the garbage was collected');
});
