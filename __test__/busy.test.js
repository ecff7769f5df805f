'use strict';

// A target that overlaps one in flight, from any thread of the process, is refused and disturbs nothing.

const assert = require('node:assert/strict');
const { describe, test } = require('node:test');
const allcores = require('..');
const { WRITING, resolves, start } = require('./helpers/calls.js');
const { Gates, patience, spin, spinUntil } = require('./helpers/handshake.js');
const { longTarget, startLong } = require('./helpers/jobs.js');
const { finalSlots } = require('./helpers/oracle.js');
const { rejects } = require('./helpers/rejects.js');
const { scale } = require('./helpers/scale.js');
const { startWorker } = require('./helpers/worker.js');

const { sum, sumIntoSharedBuffer } = allcores;

const busy = (call) => rejects(call, 'ERR_BUFFER_BUSY', /target\b/);
const result = (num, length) => finalSlots(num, length).map(Number);

describe('every call that writes', () => {
  for (const row of WRITING) {
    test(`${row.name}: rejects with ERR_BUFFER_BUSY until the first call on its memory has settled`, async () => {
      for (const size of row.sizes) {
        const made = row.make(size);
        const first = start(allcores, row, made);
        await busy(() => start(allcores, row, made));
        await resolves(row, made, first);
        const again = row.make('small');
        await resolves(row, again, start(allcores, row, again));
      }
    });

    test(`${row.name}: other calls on its memory are refused, whatever their form`, async () => {
      const { args, slots, expected, check } = row.make('long');
      const first = start(allcores, row, { args });
      const part = new Int32Array(slots.buffer, (slots.byteLength >> 1) & ~7, 16);
      for (const other of WRITING.filter(({ View }) => View)) {
        const view = other.View === Int32Array ? part : new BigInt64Array(part.buffer, part.byteOffset, 8);
        // Not by way of `on`, which would write a request into the busy memory.
        const rest = { num: [0], body: [(i) => i] };
        await busy(() => allcores[other.fn](view, ...other.params.flatMap((param) => rest[param] ?? [])));
      }
      await resolves(row, { expected, check }, first);
    });
  }
});

test('memory that a call fills may be summed meanwhile: reading is never busy', async () => {
  const slots = new BigInt64Array(new SharedArrayBuffer(8 * (2 ** 18 + 1)));
  const fill = sumIntoSharedBuffer(slots, 2 ** 19);
  const calls = [sum(slots), sum(slots), sum(slots.subarray(5))];
  const expected = 2n ** 18n * (2n ** 19n - 1n);
  assert.equal(await fill, expected);
  // The last slot is the request while the other call runs.
  for (const result of await Promise.all(calls))
    assert.ok(result >= 0n && result <= expected + 2n ** 19n, `${result}`);
  assert.equal(await sum(slots), expected);
});

describe('in the same thread, while threads are at work', () => {
  test('the same target', async () => {
    const { view, num, total, last, call } = startLong(sumIntoSharedBuffer);
    const second = busy(() => sumIntoSharedBuffer(view, 7));
    const flag = Atomics.load(view, last);
    assert.ok(flag === num || flag === 0n, `the second call wrote its num: ${flag}`);
    await second;
    await busy(() => sumIntoSharedBuffer(view));
    await busy(() => sumIntoSharedBuffer(new BigInt64Array(view.buffer), 7));
    assert.equal(await call, total);
    assert.equal(view[1], 12n);
    assert.equal(view[last], 0n);
  });

  test('every kind of overlap, and what is none', async () => {
    const { view, num, total } = longTarget();
    const { buffer } = view;
    const [from, to] = [1024, buffer.byteLength - 1024];
    const held = new BigInt64Array(buffer, from, (to - from) / 8);
    const overlapping = [
      new Int32Array(buffer),
      buffer,
      new BigInt64Array(buffer, 0, 129),
      new Int32Array(buffer, from - 4, 2),
      new Int32Array(buffer, from, 2),
      new Int32Array(buffer, from + 4, 2),
      new Int32Array(buffer, to - 4, 2),
      new Int32Array(buffer, to - 8, 2),
      new BigInt64Array(buffer, to - 8, 100),
    ];
    const disjoint = [
      new BigInt64Array(buffer, 0, 127),
      new Int32Array(buffer, from - 8, 2),
      new Int32Array(buffer, to, 2),
      new BigInt64Array(buffer, to + 8),
    ];
    const first = sumIntoSharedBuffer(held, num, { threads: 1 });
    const refused = Promise.all(overlapping.map((target) => busy(() => sumIntoSharedBuffer(target, 10))));
    const accepted = Promise.all(disjoint.map((target) => sumIntoSharedBuffer(target, 100)));
    await refused;
    assert.deepEqual((await accepted).map(Number), [4950, 4950, 4950, 4950]);
    assert.equal(await first, total);
    assert.equal(
      held.reduce((a, b) => a + b),
      total,
    );
  });

  test('neighbours share a buffer', async () => {
    const buffer = new SharedArrayBuffer(32);
    const calls = [0, 8, 16, 24].map((from) => sumIntoSharedBuffer(new Int32Array(buffer, from, 2), 10));
    assert.deepEqual(await Promise.all(calls), [45, 45, 45, 45]);
    assert.deepEqual([...new Int32Array(buffer)], [45, 0, 45, 0, 45, 0, 45, 0]);
  });
});

describe('until the promise is settled', () => {
  // Settling needs a turn of the event loop. So in one turn a second call is refused however fast the sum is, and
  // when the first promise resolves, the buffer holds the partial sums of its total.
  test('a second call in the same turn', async () => {
    const view = new Int32Array(new SharedArrayBuffer(16));
    const first = sumIntoSharedBuffer(view, 1000);
    const second = busy(() => sumIntoSharedBuffer(view, 7));
    await Promise.all([first, second]);
    assert.deepEqual([...view], result(1000, 4));
  });

  test('a second call after this thread has seen the flag go down', async () => {
    const view = new Int32Array(new SharedArrayBuffer(16));
    const first = sumIntoSharedBuffer(view, 1000);
    spinUntil(() => Atomics.load(view, 3) === 0, 'the flag');
    const second = busy(() => sumIntoSharedBuffer(view, 7));
    assert.equal((await Promise.all([first, second]))[0], 499_500);
    assert.deepEqual([...view], result(1000, 4));
  });
});

describe('it is free again', () => {
  test('after the promise resolved, over and over', async () => {
    const view = new Int32Array(new SharedArrayBuffer(16));
    for (let i = 0; i < scale(300); i++) assert.equal(await sumIntoSharedBuffer(view, 1000), 499_500);
  });

  test('in the reaction to the promise', async () => {
    const view = new Int32Array(new SharedArrayBuffer(16));
    const chain = sumIntoSharedBuffer(view, 10).then(() => sumIntoSharedBuffer(view, 20));
    assert.equal(await chain, 190);
  });

  test('after an abort', async () => {
    for (let i = 0; i < scale(100); i++) {
      const controller = new AbortController();
      const view = new Int32Array(new SharedArrayBuffer(16));
      const call = sumIntoSharedBuffer(view, 1000, { signal: controller.signal });
      controller.abort();
      await rejects(() => call, 'ABORT_ERR');
      assert.equal(await sumIntoSharedBuffer(view, 1000), 499_500);
    }
  });

  test('after every kind of refusal', async () => {
    const view = new Int32Array(new SharedArrayBuffer(8));
    await rejects(() => sumIntoSharedBuffer(view, 10 ** 9), 'ERR_OUT_OF_RANGE');
    await rejects(() => sumIntoSharedBuffer(view, 10, { signal: AbortSignal.abort() }), 'ABORT_ERR');
    assert.equal(await sumIntoSharedBuffer(view, 10), 45);
    const { call, part, total } = startLong(sumIntoSharedBuffer);
    await busy(() => sumIntoSharedBuffer(part, 10));
    await busy(() => sumIntoSharedBuffer(part, 10));
    assert.equal(await call, total);
    assert.equal(await sumIntoSharedBuffer(part, 10), 45);
  });
});

describe('across threads', () => {
  /** Waits for the gate, calls once, and raises a gate of its own with the total, or -1 when it was refused. */
  async function contender(root, { buffer, cells, from, length, me }) {
    const { Gates } = require(`${root}/__test__/helpers/handshake.js`);
    const { sumIntoSharedBuffer } = require(root);
    const gates = new Gates(cells);
    gates.raise(me + 8);
    gates.wait(0);
    const answer = await sumIntoSharedBuffer(new Int32Array(buffer, from, length), 10).catch((error) => {
      if (error.code !== 'ERR_BUFFER_BUSY') throw error;
      return -1;
    });
    gates.raise(me, answer);
  }

  test('a call of another thread is in the way', async () => {
    const { view, num, total } = longTarget();
    const { buffer, byteLength } = view;
    const gates = new Gates();
    const contenders = [
      { me: 1, from: 0, length: 1000 },
      { me: 2, from: byteLength - 136, length: 2 },
      { me: 3, from: byteLength - 128, length: 32 },
    ];
    for (const one of contenders) {
      startWorker(contender, { buffer, cells: gates.cells, ...one });
      gates.wait(one.me + 8);
    }
    // All three are ready. This thread does not turn its event loop from here on: its call cannot be settled.
    const held = new BigInt64Array(buffer, 0, view.length - 16);
    const call = sumIntoSharedBuffer(held, num, { threads: 1 });
    gates.raise(0);
    assert.equal(gates.wait(1), -1, 'the beginning');
    assert.equal(gates.wait(2), -1, 'the last slot');
    assert.equal(gates.wait(3), 45, 'what is behind it');
    assert.equal(await call, total);
    assert.equal(Number(await sumIntoSharedBuffer(buffer, 10)), 45);
  });

  test('a thread that is woken may call at once', async () => {
    // The bytes must be free before the waiters are notified, not after.
    let woken = 0;
    const patient = patience();
    for (let round = 0; woken < 5 && patient(); round++) {
      const view = new Int32Array(new SharedArrayBuffer(16));
      view[3] = 1000;
      const gates = new Gates();
      startWorker(
        async (root, { view, cells }) => {
          const { Gates } = require(`${root}/__test__/helpers/handshake.js`);
          const { sumIntoSharedBuffer } = require(root);
          const gates = new Gates(cells);
          gates.raise(0);
          const woke = Atomics.wait(view, 3, 1000, 20_000);
          const answer = await sumIntoSharedBuffer(view, 7).catch((error) => error.code);
          gates.raise(1, woke === 'ok' ? 1 : 2);
          gates.raise(2, answer === 21 ? 1 : -1);
        },
        { view, cells: gates.cells },
      );
      await gates.until(0);
      spin(10 + round);
      await sumIntoSharedBuffer(view);
      if ((await gates.until(1)) === 1) {
        woken++;
        assert.equal(await gates.until(2), 1, 'its call was refused');
      }
    }
    assert.ok(woken > 0, 'no waiter was asleep in any round');
  });

  test('of many threads that want one buffer exactly one gets it at a time', async () => {
    const buffer = new SharedArrayBuffer(4 * 40_000);
    const rounds = scale(40);
    const gates = new Gates();
    const workers = Array.from({ length: 3 }, (_, me) =>
      startWorker(
        async (root, { buffer, rounds, me, cells }) => {
          const { Gates } = require(`${root}/__test__/helpers/handshake.js`);
          const { sumIntoSharedBuffer } = require(root);
          const gates = new Gates(cells);
          gates.raise(1 + me);
          gates.wait(0);
          const view = new Int32Array(buffer);
          let [won, lost] = [0, 0];
          const num = 1_000_000 + me;
          while (won < rounds) {
            try {
              const total = await sumIntoSharedBuffer(view, num);
              if (total !== (num * (num - 1)) / 2) throw new Error(`${num}: ${total}`);
              won++;
            } catch (error) {
              if (error.code !== 'ERR_BUFFER_BUSY') throw error;
              lost++;
            }
            // Let the others have their turn.
            await new Promise(setImmediate);
          }
          require('node:worker_threads').parentPort.postMessage({ won, lost });
        },
        { buffer, rounds, me, cells: gates.cells },
      ),
    );
    // They set out together: a worker may take longer to start than another one takes for all its rounds.
    for (let me = 0; me < 3; me++) await gates.until(1 + me);
    gates.raise(0);
    const counts = await Promise.all(
      workers.map(
        (worker) => new Promise((resolve, reject) => worker.once('message', resolve).once('error', reject)),
      ),
    );
    assert.ok(
      counts.every(({ won }) => won === rounds),
      JSON.stringify(counts),
    );
    assert.ok(
      counts.some(({ lost }) => lost > 0),
      'they never met',
    );
  });
});
