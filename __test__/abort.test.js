'use strict';

// options.signal: what an abort does to the promise, to the memory and to the waiters, whenever it comes.

const assert = require('node:assert/strict');
const { getEventListeners } = require('node:events');
const { describe, test } = require('node:test');
const allcores = require('..');
const { CALLS, LASTING, WRITING, resolves, start } = require('./helpers/calls.js');
const { gc } = require('./helpers/gc.js');
const { Gates, patience, spin, spinUntil, within } = require('./helpers/handshake.js');
const { longTarget } = require('./helpers/jobs.js');
const { rejects } = require('./helpers/rejects.js');
const { scale } = require('./helpers/scale.js');
const { noTasks, poolTasks } = require('./helpers/tasks.js');
const { startWorker } = require('./helpers/worker.js');

const { sum, sumIntoSharedBuffer, sumRange } = allcores;

const listeners = (signal) => getEventListeners(signal, 'abort').length;

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

/** At most: src/jobs. */
const SLOTS_OF_A_PIECE = 2048;

/** Starts a long call and sees its first slots stored. */
function startAndSee(request) {
  const { view, num, last } = longTarget();
  view.fill(UNTOUCHED);
  const controller = new AbortController();
  const call = sumIntoSharedBuffer(view, request ?? num, { signal: controller.signal, threads: 1 });
  spinUntil(() => Atomics.load(view, 1) !== UNTOUCHED, 'the first slots');
  return { controller, call, view, last };
}

describe('every call', () => {
  for (const row of CALLS) {
    describe(row.name, () => {
      test('aborted before: rejects with ABORT_ERR, and the memory is untouched', async () => {
        for (const size of row.sizes) {
          const made = row.make(size);
          const before = size === 'long' ? undefined : made.slots?.slice();
          const signal = AbortSignal.abort('early');
          await aborts(() => start(allcores, row, made, { signal }), 'early');
          if (before) assert.deepEqual(made.slots, before);
          assert.equal(listeners(signal), 0);
          if (size !== 'long') await resolves(row, made, start(allcores, row, made));
        }
      });

      test('aborted in the same turn: rejects with ABORT_ERR, even when it is done already', async () => {
        for (const size of row.sizes.filter((size) => size !== 'long')) {
          for (let i = 0; i < scale(10); i++) {
            const made = row.make(size);
            const controller = new AbortController();
            const call = start(allcores, row, made, { signal: controller.signal });
            assert.equal(listeners(controller.signal), 1);
            // With time for the call to be done, and without.
            if (i % 2) spin(0.2);
            controller.abort(i);
            await aborts(() => call, i);
            assert.equal(listeners(controller.signal), 0);
            if (made.slots) assert.equal(Number(made.slots[made.last]), -1);
          }
        }
      });

      test('aborted after it is settled: nothing happens', async () => {
        for (const size of row.sizes.filter((size) => size !== 'long')) {
          const made = row.make(size);
          const controller = new AbortController();
          const call = start(allcores, row, made, { signal: controller.signal });
          await resolves(row, made, call);
          assert.equal(listeners(controller.signal), 0);
          controller.abort();
          await new Promise(setImmediate);
          await resolves(row, made, call);
        }
      });

      test('one of many aborted: the others resolve', async () => {
        const all = Array.from({ length: scale(30) }, () => {
          const made = row.make('small');
          const controller = new AbortController();
          const call = start(allcores, row, made, { signal: controller.signal });
          // Awaited in turn below, while others may be rejected already.
          call.catch(() => {});
          return { made, controller, call };
        });
        for (const [i, { controller }] of all.entries()) if (i % 3 === 0) controller.abort(i);
        // All at once: a rejection that waits for its turn would be an unhandled one.
        await Promise.all(
          all.map(({ made, call }, i) => (i % 3 === 0 ? aborts(() => call, i) : resolves(row, made, call))),
        );
      });
    });
  }

  // One of each function: what happens in between does not depend on types.
  for (const name of ['sumRange(Number)', 'sumIntoSharedBuffer(Int32Array, Number)', 'sum(Float64Array)']) {
    const row = CALLS.find((row) => row.name === name);
    test(`${name}, aborted at any moment: resolves, or rejects with ABORT_ERR`, async () => {
      let [done, aborted] = [0, 0];
      const patient = patience();
      for (let i = 0; i < scale(100) || ((done === 0 || aborted === 0) && patient()); i++) {
        const controller = new AbortController();
        const made = row.make('small');
        const call = start(allcores, row, made, { signal: controller.signal });
        for (let turn = 0; turn < i % 8; turn++) await new Promise(setImmediate);
        controller.abort(i);
        const error = await call.then(
          () => undefined,
          (error) => error,
        );
        if (error === undefined) {
          done++;
          await resolves(row, made, call);
        } else {
          aborted++;
          assert.equal(error.code, 'ABORT_ERR');
          assert.equal(error.cause, i);
          if (made.slots) assert.equal(made.slots[made.last], -1);
        }
      }
      assert.ok(done > 0 && aborted > 0, `${done} done, ${aborted} aborted`);
    });
  }

  for (const row of WRITING.filter((row) => LASTING.includes(row))) {
    test(`${row.name}, aborted in the middle: no thread writes to its memory any more`, async () => {
      // A busy machine can finish the call before this thread aborts it, but not every time.
      let stopped = false;
      const patient = patience();
      while (!stopped && patient()) {
        const made = row.make('long');
        const { slots, last } = made;
        const controller = new AbortController();
        const call = start(allcores, row, made, { signal: controller.signal, threads: 1 });
        spinUntil(() => Number(Atomics.load(slots, 1)) !== 0, 'the first slots');
        controller.abort('now');
        await aborts(() => call, 'now');
        assert.equal(Number(Atomics.load(slots, last)), -1);
        stopped = Number(slots[last - 1]) === 0;
        const mark = slots.BYTES_PER_ELEMENT === 8 ? -9n : -9;
        slots.fill(mark);
        spin(3);
        await sumRange(10_000);
        assert.equal(
          slots.findIndex((slot) => slot !== mark),
          -1,
          'written after the promise was settled',
        );
      }
      assert.ok(stopped, 'no call was stopped before its end');
    });
  }
});

describe('aborted before the call', () => {
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

  // Many integers for each slot, and fewer integers than slots: how work is cut into pieces must not matter.
  for (const [what, request] of [
    ['many integers', undefined],
    ['few integers', 5n],
  ]) {
    test(`in the middle of a long call with ${what}: the threads stop, and touch the memory no more`, async () => {
      // A busy machine can finish the call before this thread aborts it, but not every time.
      let stopped = false;
      const patient = patience();
      while (!stopped && patient()) {
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

    test(`the threads finish no more than the piece that they are in, with ${what}`, async () => {
      for (let attempt = 0; attempt < 10; attempt++) {
        const { controller, call, view, last } = startAndSee(request);
        controller.abort();
        // One thread stores the slots in their order.
        const stored = () => {
          let [from, to] = [0, last];
          while (from < to) {
            const middle = (from + to) >>> 1;
            if (Atomics.load(view, middle) === UNTOUCHED) to = middle;
            else from = middle + 1;
          }
          return from;
        };
        const before = stored();
        await aborts(() => call, controller.signal.reason);
        assert.ok(stored() - before <= SLOTS_OF_A_PIECE, `${stored() - before} slots after the abort`);
      }
    });
  }

  test('waiters on other threads are notified, and see -1', async () => {
    let woken = 0;
    const patient = patience();
    for (let round = 0; woken === 0 && patient(); round++) {
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
      spin(20 + round);
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

test('a long sum that is aborted leaves the threads idle', { skip: noTasks }, async () => {
  const used = () => poolTasks().reduce((total, { runNanoseconds }) => total + runNanoseconds, 0);
  const zeros = () => new Float64Array(new SharedArrayBuffer(2 ** 29));
  await sumRange(10);
  const start = used();
  await sum(zeros());
  const whole = used() - start;
  // CPU time of the pool, not time of the clock: what others do on this machine does not count.
  let least = Number.POSITIVE_INFINITY;
  const patient = patience();
  while (least > whole / 4 && patient()) {
    gc();
    const controller = new AbortController();
    const before = used();
    const call = sum(zeros(), { signal: controller.signal });
    // In the middle: the threads have worked on it.
    spinUntil(() => used() - before > whole / 20, 'the threads to begin');
    const aborted = used();
    controller.abort('now');
    await aborts(() => call, 'now');
    spin(20);
    least = Math.min(least, used() - aborted);
  }
  assert.ok(least <= whole / 4, `${least} ns after the abort, and ${whole} for a whole sum`);
});
