'use strict';

// The shared memory while a sum runs: partial sums appear without a turn of any event loop, the last slot is request
// and flag in one, and threads that wait on it are woken.

const assert = require('node:assert/strict');
const { describe, test } = require('node:test');
const { sumIntoSharedBuffer } = require('..');
const { runChild } = require('./helpers/child.js');
const { Gates, patience, spin, spinUntil, within } = require('./helpers/handshake.js');
const { longTarget } = require('./helpers/jobs.js');
const { finalSlots, partialSum } = require('./helpers/oracle.js');
const { scale } = require('./helpers/scale.js');
const { startWorker } = require('./helpers/worker.js');

const int32 = (length) => new Int32Array(new SharedArrayBuffer(length * 4));

describe('seen from the thread that called', () => {
  test('every partial sum appears without a turn of the event loop', async () => {
    for (const length of [2, 5, 300]) {
      const view = int32(length).fill(-7);
      let settled = false;
      const call = sumIntoSharedBuffer(view, 10_000).then(() => {
        settled = true;
      });
      const expected = finalSlots(10_000, length).map(Number);
      for (let k = 0; k < length; k++) spinUntil(() => Atomics.load(view, k) === expected[k], `slot ${k}`);
      assert.equal(settled, false);
      await call;
    }
  });

  test('the flag is 0 only after the last partial sum is stored', async () => {
    // Several threads, and pieces of thousands of slots: whatever is stored after the flag takes its time.
    for (let i = 0; i < scale(100); i++) {
      const last = 2 ** 14 + i;
      const view = int32(last + 1).fill(-1);
      const call = sumIntoSharedBuffer(view, 200_000 + i);
      spinUntil(() => Atomics.load(view, last) === 0, 'the flag');
      // From the back: what came last is looked at first.
      let missing = 0;
      for (let k = last - 1; k >= 0; k--) if (view[k] === -1) missing++;
      assert.equal(missing, 0);
      await call;
    }
  });

  test('the last slot is num or 0 when the call returns, and never anything else', async () => {
    for (let i = 0; i < scale(1000); i++) {
      const view = i % 2 ? int32(8).fill(-3) : new BigInt64Array(new SharedArrayBuffer(64)).fill(-3n);
      const num = 1 + ((i * 7919) % 40_000);
      const call = sumIntoSharedBuffer(view, num);
      const first = Number(Atomics.load(view, 7));
      assert.ok(first === num || first === 0, `${first} of ${num}`);
      spinUntil(() => {
        const flag = Number(Atomics.load(view, 7));
        assert.ok(flag === num || flag === 0, `${flag} of ${num}`);
        return flag === 0;
      }, 'the flag');
      await call;
      assert.equal(Number(view[7]), 0);
    }
  });

  test('a slot holds what it held, or its partial sum: never a part of it', async () => {
    // 64-bit slots whose halves both change: a store in two halves would show.
    const { view, last } = longTarget(2 ** 20);
    const before = -0x7fff_ffff_7fff_ffffn;
    const num = 2n ** 41n + 5n;
    const watched = [1, 7, 4095, 4096, 65_537, last - 65_536, last - 2, last - 1];
    const after = watched.map((k) => partialSum(num, k, last));
    // A machine that is busy may interrupt this thread for as long as the call takes.
    let rounds = 0;
    const patient = patience();
    while (rounds === 0 && patient()) {
      view.fill(before);
      const call = sumIntoSharedBuffer(view, num);
      while (Atomics.load(view, last) === num) {
        rounds++;
        for (let i = 0; i < watched.length; i++) {
          const slot = Atomics.load(view, watched[i]);
          assert.ok(slot === before || slot === after[i], `slot ${watched[i]} held ${slot}`);
        }
      }
      await call;
    }
    assert.ok(rounds > 0, 'it was over before it could be watched');
  });

  test('stores go on while the event loop is blocked, and the promise settles when it turns again', async () => {
    const { view, num, total, last } = longTarget(2 ** 20);
    let settled = false;
    const call = sumIntoSharedBuffer(view, num).finally(() => {
      settled = true;
    });
    const elsewhere = new Int32Array(new SharedArrayBuffer(4));
    const end = performance.now() + 20_000;
    while (Atomics.load(view, last) !== 0n && performance.now() < end) Atomics.wait(elsewhere, 0, 0, 10);
    assert.equal(view[last], 0n);
    assert.equal(settled, false);
    assert.equal(await call, total);
  });
});

describe('seen from other threads', () => {
  /** Waits on the last slot, then posts how it woke, the flag, and the sum of the partial sums. */
  function waiter(root, { view, request, cells }) {
    const { Gates } = require(`${root}/__test__/helpers/handshake.js`);
    const last = view.length - 1;
    new Gates(cells).raise(0);
    const woke = Atomics.wait(view, last, request, 20_000);
    const flag = Atomics.load(view, last);
    const total = view.reduce((a, b) => a + b);
    require('node:worker_threads').parentPort.postMessage({ woke, flag, total });
  }

  for (const kind of ['Int32Array', 'BigInt64Array', 'Int32Array in the middle of a buffer']) {
    test(`a thread in Atomics.wait on the last slot of a ${kind} is woken`, async () => {
      let woken = 0;
      const patient = patience();
      for (let round = 0; woken < 3 && patient(); round++) {
        const wide = kind.startsWith('Big');
        const view = wide
          ? new BigInt64Array(new SharedArrayBuffer(6 * 8))
          : new Int32Array(new SharedArrayBuffer(64), kind === 'Int32Array' ? 0 : 12, 6);
        const request = wide ? 10_000n : 10_000;
        // The request stands there before the call, so that the waiter can fall asleep on it.
        Atomics.store(view, 5, request);
        const gates = new Gates();
        const worker = startWorker(waiter, { view, request, cells: gates.cells });
        const message = new Promise((resolve) => worker.once('message', resolve));
        await gates.until(0);
        spin(10 + round);
        const total = await sumIntoSharedBuffer(view, round % 2 ? request : undefined);
        const seen = await within(message, 'the waiter');
        // 'not-equal' when it came to wait after the sum was done; 'timed-out' never.
        assert.ok(seen.woke === 'ok' || seen.woke === 'not-equal', seen.woke);
        assert.equal(Number(seen.flag), 0);
        assert.equal(seen.total, total);
        if (seen.woke === 'ok') woken++;
      }
      assert.ok(woken > 0, 'no waiter was asleep in any round');
    });
  }

  test('every waiting thread is woken, not just one', async () => {
    // A thread that comes late finds the flag changed and never sleeps: only those that slept count.
    let woken = 0;
    const patient = patience();
    for (let round = 0; woken < 2 && patient(); round++) {
      const view = int32(4);
      view[3] = 1000;
      const waiters = Array.from({ length: 4 }, () => {
        const gates = new Gates();
        const worker = startWorker(waiter, { view, request: 1000, cells: gates.cells });
        return { gates, message: new Promise((resolve) => worker.once('message', resolve)) };
      });
      for (const { gates } of waiters) await gates.until(0);
      spin(20 + round);
      await sumIntoSharedBuffer(view);
      const seen = await Promise.all(waiters.map(({ message }) => within(message, 'a waiter', 30_000)));
      for (const { woke, total } of seen) {
        assert.notEqual(woke, 'timed-out');
        assert.equal(total, 499_500);
      }
      woken = seen.filter(({ woke }) => woke === 'ok').length;
    }
    assert.ok(woken >= 2, 'never were two threads asleep at once');
  });

  test('another thread may write the request', async () => {
    const view = int32(4);
    const gates = new Gates();
    startWorker(
      (root, { view, cells }) => {
        const { Gates } = require(`${root}/__test__/helpers/handshake.js`);
        Atomics.store(view, 3, 1000);
        new Gates(cells).raise(0);
      },
      { view, cells: gates.cells },
    );
    gates.wait(0);
    assert.equal(await sumIntoSharedBuffer(view.buffer), 499_500);
    assert.deepEqual([...view], finalSlots(1000, 4).map(Number));
  });

  test('another thread sees the partial sums while this one does not turn its event loop', async () => {
    const view = int32(9);
    const gates = new Gates();
    startWorker(
      (root, { view, cells }) => {
        const { Gates, spinUntil } = require(`${root}/__test__/helpers/handshake.js`);
        const gates = new Gates(cells);
        gates.raise(0);
        for (let k = 1; k < 8; k++) spinUntil(() => Atomics.load(view, k) > 0, `slot ${k}`);
        spinUntil(() => Atomics.load(view, 8) === 0, 'the flag');
        gates.raise(
          1,
          view.reduce((a, b) => a + b),
        );
      },
      { view, cells: gates.cells },
    );
    gates.wait(0);
    Atomics.store(view, 8, 1);
    const call = sumIntoSharedBuffer(view, 10_000);
    assert.equal(gates.wait(1), 49_995_000);
    assert.equal(await call, 49_995_000);
  });
});

test('Atomics.waitAsync on the last slot', {
  skip: Atomics.waitAsync ? false : 'not in this version of Node',
}, async () => {
  const { view, num, last } = longTarget(2 ** 20);
  const call = sumIntoSharedBuffer(view, num);
  const waiting = Atomics.waitAsync(view, last, num, 20_000);
  // Its own timer, since in Deno a waiter keeps no process alive.
  if (waiting.async) assert.equal(await within(waiting.value, 'the notification'), 'ok');
  else assert.equal(waiting.value, 'not-equal');
  assert.equal(Atomics.load(view, last), 0n);
  await call;
});

test('in this order: the last partial sum, the flag, the notification, the promise', async () => {
  await runChild(async (root) => {
    // Before the addon is loaded, so that it is this function which it finds.
    const assert = require('node:assert/strict');
    const notify = Atomics.notify;
    const events = [];
    const view = new BigInt64Array(new SharedArrayBuffer(80), 16, 6);
    Atomics.notify = (typed, index, ...rest) => {
      const address = typed.byteOffset + index * typed.BYTES_PER_ELEMENT;
      events.push(['notified', typed.buffer === view.buffer && address, [...view].map(Number)]);
      return notify(typed, index, ...rest);
    };
    const { sumIntoSharedBuffer } = require(root);
    const call = sumIntoSharedBuffer(view, 100).then(() => events.push(['resolved']));
    assert.deepEqual(events, []);
    await call;
    assert.deepEqual(events, [['notified', 16 + 5 * 8, [190, 590, 990, 1390, 1790, 0]], ['resolved']]);
    events.length = 0;
    const controller = new AbortController();
    const aborted = sumIntoSharedBuffer(view, 100, { signal: controller.signal }).catch(() =>
      events.push(['rejected']),
    );
    controller.abort();
    await aborted;
    assert.deepEqual(
      events.map(([event, address, slots]) => [event, address, slots?.[5]]),
      [
        ['notified', 16 + 5 * 8, -1],
        ['rejected', undefined, undefined],
      ],
    );
  });
});
