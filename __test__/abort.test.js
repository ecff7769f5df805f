'use strict';

// options.signal: what an abort does to the promise, to the memory and to the waiters, whenever it comes.

const assert = require('node:assert/strict');
const { describe, test } = require('node:test');
const { sumIntoSharedBuffer, sumRange } = require('..');
const { Gates, spin, spinUntil, within } = require('./helpers/handshake.js');
const { longTarget } = require('./helpers/jobs.js');
const { finalSlots, asBigInts } = require('./helpers/oracle.js');
const { rejects } = require('./helpers/rejects.js');
const { scale } = require('./helpers/scale.js');
const { startWorker } = require('./helpers/worker.js');

const int32 = (length) => new Int32Array(new SharedArrayBuffer(length * 4));

/** The call must be rejected with Node's AbortError, caused by exactly this reason. */
async function aborts(call, reason) {
  const error = await rejects(call, 'ABORT_ERR');
  assert.ok(Object.hasOwn(error, 'cause'), 'it has a cause');
  assert.ok(Object.is(error.cause, reason), 'its cause is the reason of the signal');
  assert.equal(error.message, 'The operation was aborted');
  return error;
}

const UNTOUCHED = -5n;

/** Starts a long call and sees its first slots stored. */
function startAndSee(request) {
  const { view, num, last } = longTarget();
  view.fill(UNTOUCHED);
  const controller = new AbortController();
  const call = sumIntoSharedBuffer(view, request ?? num, { signal: controller.signal, threads: 1 });
  spinUntil(() => Atomics.load(view, 1) !== UNTOUCHED, 'the first slots');
  return { controller, call, view, last };
}

describe('aborted before the call', () => {
  test('nothing starts, and the buffer is untouched', async () => {
    const signal = AbortSignal.abort();
    const view = int32(4).fill(7);
    await aborts(() => sumIntoSharedBuffer(view, 10, { signal }), signal.reason);
    await aborts(() => sumIntoSharedBuffer(view, { signal }), signal.reason);
    await aborts(() => sumRange(10, { signal }), signal.reason);
    await aborts(() => sumRange(10n, { signal }), signal.reason);
    assert.deepEqual([...view], [7, 7, 7, 7]);
    assert.equal(await sumIntoSharedBuffer(view), 21, 'and it is not busy');
  });

  for (const reason of [
    'a string',
    0,
    null,
    false,
    '',
    Symbol('reason'),
    new RangeError('mine'),
    { an: 'object' },
  ]) {
    test(`the cause is the reason: ${String(reason)}`, async () => {
      await aborts(() => sumRange(10, { signal: AbortSignal.abort(reason) }), reason);
      const controller = new AbortController();
      const call = sumRange(10, { signal: controller.signal });
      controller.abort(reason);
      await aborts(() => call, reason);
    });
  }
});

describe('aborted while the promise is pending', () => {
  test('in the same turn', async () => {
    for (const num of [0, 1, 10_000]) {
      const controller = new AbortController();
      const view = int32(4);
      const calls = [
        sumIntoSharedBuffer(view, num, { signal: controller.signal }),
        sumRange(num, { signal: controller.signal }),
        sumRange(BigInt(num), { signal: controller.signal }),
      ];
      controller.abort();
      await Promise.all(calls.map((call) => aborts(() => call, controller.signal.reason)));
      assert.equal(view[3], -1);
    }
  });

  test('it wins even when the sum had just been finished', async () => {
    // The race: a pool thread has stored the 0, its completion waits in the queue of this thread, and the abort comes.
    for (let i = 0; i < scale(50); i++) {
      const controller = new AbortController();
      const view = int32(4);
      const call = sumIntoSharedBuffer(view, 1000, { signal: controller.signal });
      spinUntil(() => Atomics.load(view, 3) === 0, 'the sum to be done');
      controller.abort();
      await aborts(() => call, controller.signal.reason);
      assert.equal(Atomics.load(view, 3), -1);
      assert.equal(await sumIntoSharedBuffer(view, 1000), 499_500, 'the target is free again');
    }
  });

  test('at any moment of a short call: either way all is consistent', async () => {
    let [done, aborted] = [0, 0];
    for (let i = 0; i < scale(300); i++) {
      const controller = new AbortController();
      const view = int32(6);
      const call = sumIntoSharedBuffer(view, 1000, { signal: controller.signal });
      for (let turn = 0; turn < i % 4; turn++) await new Promise(setImmediate);
      controller.abort();
      const result = await call.then(
        (value) => ({ value }),
        (error) => ({ error }),
      );
      if (result.error) {
        aborted++;
        assert.equal(result.error.code, 'ABORT_ERR');
        assert.equal(view[5], -1);
      } else {
        done++;
        assert.equal(result.value, 499_500);
        assert.deepEqual(asBigInts(view), finalSlots(1000, 6));
      }
    }
    assert.ok(done > 0 && aborted > 0, `${done} done, ${aborted} aborted`);
  });

  // Many integers for each slot, and fewer integers than slots: how work is cut into pieces must not matter.
  for (const [what, request] of [
    ['many integers', undefined],
    ['few integers', 5n],
  ]) {
    test(`in the middle of a long call with ${what}: the threads stop, and touch the memory no more`, async () => {
      // A busy machine can finish the call before this thread aborts it, so it gets some tries.
      let stopped = false;
      for (let attempt = 0; attempt < 20 && !stopped; attempt++) {
        const { controller, call, view, last } = startAndSee(request);
        controller.abort();
        await aborts(() => call, controller.signal.reason);
        assert.equal(Atomics.load(view, last), -1n);
        stopped = view[last - 1] === UNTOUCHED;
        // Whoever still had a piece in hand would now write into what we fill.
        view.fill(-9n);
        spin(3);
        await sumRange(10_000);
        assert.ok(
          view.every((slot) => slot === -9n),
          'written after the promise was settled',
        );
      }
      assert.ok(stopped, 'no call was stopped before its end');
    });

    test(`the threads stop within about a millisecond, not at the end of the call, with ${what}`, async () => {
      const latencies = [];
      for (let attempt = 0; attempt < 10; attempt++) {
        const { controller, call } = startAndSee(request);
        const began = performance.now();
        controller.abort();
        await aborts(() => call, controller.signal.reason);
        latencies.push(performance.now() - began);
      }
      // The best of ten: the machine may be busy with something else, but not ten times.
      assert.ok(Math.min(...latencies) < 5, `${latencies.map((ms) => ms.toFixed(1))} ms`);
    });
  }

  test('waiters on other threads are notified, and see -1', async () => {
    let woken = 0;
    for (let round = 0; round < 10 && woken === 0; round++) {
      const { view, num, last } = longTarget(2 ** 20);
      const gates = new Gates();
      // The request is in the slot before the call, so that the waiter can fall asleep on it.
      view[last] = num;
      const worker = startWorker(
        (root, { slots, at, request, cells }) => {
          const { Gates } = require(`${root}/__test__/helpers/handshake.js`);
          new Gates(cells).raise(0);
          const woke = Atomics.wait(slots, at, request, 20_000);
          require('node:worker_threads').parentPort.postMessage([woke, Atomics.load(slots, at)]);
        },
        { slots: view, at: last, request: num, cells: gates.cells },
      );
      const message = new Promise((resolve) => worker.once('message', resolve));
      await gates.until(0);
      spin(20);
      const controller = new AbortController();
      const call = sumIntoSharedBuffer(view, { signal: controller.signal });
      controller.abort();
      await aborts(() => call, controller.signal.reason);
      const [woke, flag] = await within(message, 'the waiter');
      assert.notEqual(woke, 'timed-out');
      assert.equal(flag, -1n);
      if (woke === 'ok') woken++;
    }
    assert.ok(woken > 0, 'no waiter was asleep in any round');
  });

  test('one of many calls: the others are exact', async () => {
    const jobs = Array.from({ length: scale(200) }, (_, i) => {
      const controller = new AbortController();
      return { controller, call: sumRange(1000 + i, { signal: controller.signal }), i };
    });
    for (const { controller, i } of jobs) if (i % 3 === 0) controller.abort(i);
    await Promise.all(
      jobs.map(async ({ call, i }) => {
        if (i % 3 === 0) await aborts(() => call, i);
        else assert.equal(await call, ((1000 + i) * (999 + i)) / 2);
      }),
    );
  });
});

test('aborted after the promise is settled: nothing happens', async () => {
  const controller = new AbortController();
  const view = int32(4);
  assert.equal(await sumIntoSharedBuffer(view, 1000, { signal: controller.signal }), 499_500);
  const before = [...view];
  controller.abort();
  await new Promise(setImmediate);
  assert.deepEqual([...view], before);
});

test('aborted twice: the first reason stays', async () => {
  const controller = new AbortController();
  const call = sumRange(10, { signal: controller.signal });
  controller.abort('first');
  controller.abort('second');
  await aborts(() => call, 'first');
});

test('an aborted request is a negative one: asking again without num is refused', async () => {
  const controller = new AbortController();
  const view = int32(4);
  const call = sumIntoSharedBuffer(view, 10, { signal: controller.signal });
  controller.abort();
  await aborts(() => call, controller.signal.reason);
  await rejects(() => sumIntoSharedBuffer(view), 'ERR_OUT_OF_RANGE', /-1/);
  assert.equal(await sumIntoSharedBuffer(view, 10), 45);
});
