'use strict';

// Many calls, many threads, one pool: every answer is exact, and reaches the caller it belongs to.

const assert = require('node:assert/strict');
const { AsyncLocalStorage, executionAsyncId } = require('node:async_hooks');
const { describe, test } = require('node:test');
const allcores = require('..');
const { CALLS, resolves, start } = require('./helpers/calls.js');
const { runChild } = require('./helpers/child.js');
const { asBigInts, finalSlots, rangeSum } = require('./helpers/oracle.js');
const { scale } = require('./helpers/scale.js');
const { ROOT, startWorker } = require('./helpers/worker.js');

const { sum, sumIntoSharedBuffer, sumRange, threads } = allcores;

/** What each thread does in these tests: its share of sums. Counts those that are right; a worker posts the count. */
async function sumMany(root, { count, from }) {
  const { sumRange, sumIntoSharedBuffer } = require(root);
  const { asBigInts, finalSlots } = require(`${root}/__test__/helpers/oracle.js`);
  const calls = Array.from({ length: count }, async (_, i) => {
    const num = from + i * 13;
    if (i % 2) return (await sumRange(num)) === (num * (num - 1)) / 2;
    const view = new BigInt64Array(new SharedArrayBuffer(8 * (2 + (i % 20))));
    await sumIntoSharedBuffer(view, num);
    return `${asBigInts(view)}` === `${finalSlots(num, view.length)}`;
  });
  const right = (await Promise.all(calls)).filter(Boolean).length;
  require('node:worker_threads').parentPort?.postMessage(right);
  return right;
}

const answerOf = (worker) =>
  new Promise((resolve, reject) => worker.once('message', resolve).once('error', reject));

describe('many calls', () => {
  test('ten thousand in flight at once', async () => {
    const count = 10_000;
    const calls = Array.from({ length: count }, (_, i) => sumRange(i * 1000));
    const sums = await Promise.all(calls);
    for (let i = 0; i < count; i++) assert.equal(sums[i], Number(rangeSum(i * 1000)));
  });

  test('ten thousand targets in one buffer', async () => {
    const count = 10_000;
    const buffer = new SharedArrayBuffer(count * 16);
    const calls = Array.from({ length: count }, (_, i) =>
      sumIntoSharedBuffer(new Int32Array(buffer, i * 16, 4), i),
    );
    const totals = await Promise.all(calls);
    const all = new Int32Array(buffer);
    for (let i = 0; i < count; i++) {
      assert.equal(totals[i], Number(rangeSum(i)));
      assert.deepEqual(asBigInts(all.subarray(i * 4, i * 4 + 4)), finalSlots(i, 4));
    }
  });

  test('of every kind at once: numbers, BigInts, slots, refusals and aborts', async () => {
    const count = scale(2000);
    const controller = new AbortController();
    const { signal } = controller;
    const calls = Array.from({ length: count }, (_, i) => {
      const options = { threads: 1 + (i % threads) };
      const kinds = [
        () => sumRange(i, options),
        () => sumRange(BigInt(i) << 40n, options),
        () => sumIntoSharedBuffer(new SharedArrayBuffer(16), i, options),
        () => sumRange(-1 - i).catch((error) => error.code),
        () => sumRange(i, { ...options, signal }).catch((error) => error.code),
      ];
      return kinds[i % 5]();
    });
    controller.abort();
    const answers = await Promise.all(calls);
    for (let i = 0; i < count; i++) {
      const right = [
        Number(rangeSum(i)),
        rangeSum(BigInt(i) << 40n),
        Number(rangeSum(i)),
        'ERR_OUT_OF_RANGE',
        'ABORT_ERR',
      ];
      assert.equal(answers[i], right[i % 5], `call ${i}`);
    }
  });

  test('of every form and size at once', async () => {
    const all = [];
    for (let round = 0; round < scale(20); round++) {
      for (const row of CALLS) {
        for (const size of row.sizes.filter((size) => size !== 'long')) {
          const made = row.make(size);
          all.push(resolves(row, made, start(allcores, row, made, { threads: 1 + (round % threads) })));
        }
      }
    }
    await Promise.all(all);
  });

  test('on one view, with every number of threads', async () => {
    const view = new Float64Array(new SharedArrayBuffer(8 * 100_000)).fill(1);
    const calls = Array.from({ length: 100 }, (_, i) => sum(view, { threads: 1 + (i % threads) }));
    assert.deepEqual(await Promise.all(calls), new Array(100).fill(100_000));
  });

  test('one after the other, from within the reactions to each other', async () => {
    let sum = 0;
    for (let i = 0; i < scale(2000); i++) sum += await sumRange(3);
    assert.equal(sum, 3 * scale(2000));
  });

  test('no answer waits for something else to happen', async () => {
    // An event loop that misses a wake-up sleeps on, in a process where nothing else happens: for ever, or (Deno) for half
    // a minute. A thread of its own, which wakes nobody, sees that the calls stop.
    await runChild(
      async (root, count) => {
        const { sumRange } = require(root);
        const { startWorker } = require(`${root}/__test__/helpers/worker.js`);
        const cells = new Int32Array(new SharedArrayBuffer(8));
        const watchdog = startWorker((_root, cells) => {
          for (let seen = -1; Atomics.load(cells, 1) === 0; ) {
            const now = Atomics.load(cells, 0);
            if (now === seen) process.kill(process.pid, 'SIGKILL');
            seen = now;
            Atomics.wait(cells, 1, 0, 15_000);
          }
        }, cells);
        await new Promise((resolve) => watchdog.once('online', resolve));
        for (let i = 1; i <= count; i++) {
          Atomics.store(cells, 0, i);
          if ((await sumRange(3)) !== 3) throw new Error('wrong');
        }
        Atomics.store(cells, 1, 1);
        Atomics.notify(cells, 1);
        console.log('done');
      },
      { args: [scale(100_000)], limit: 300_000 * scale(1) },
      { stdout: 'done' },
    );
  });
});

describe('many threads', () => {
  test('two workers and this thread at once', async () => {
    const count = scale(1000);
    const workers = [1, 2].map((me) => startWorker(sumMany, { count, from: me * 500 }));
    const answers = workers.map(answerOf);
    assert.equal(await sumMany(ROOT, { count, from: 0 }), count);
    assert.deepEqual(await Promise.all(answers), [count, count]);
  });

  test('four workers, with calls of every form', async () => {
    const program = async (root) => {
      const { CALLS, resolves, start } = require(`${root}/__test__/helpers/calls.js`);
      const allcores = require(root);
      let count = 0;
      for (const row of CALLS) {
        for (const size of row.sizes.filter((size) => size !== 'long')) {
          const all = [1, 2].map(() => row.make(size));
          await Promise.all(all.map((made) => resolves(row, made, start(allcores, row, made))));
          count++;
        }
      }
      require('node:worker_threads').parentPort.postMessage(count);
    };
    const workers = Array.from({ length: 4 }, () => startWorker(program));
    for (const count of await Promise.all(workers.map(answerOf))) assert.ok(count > CALLS.length);
  });

  test('four workers, on one view', async () => {
    const view = new Float64Array(new SharedArrayBuffer(8 * 100_000)).fill(1);
    const program = async (root, view) => {
      const { sum } = require(root);
      const results = new Set();
      for (let i = 0; i < 20; i++)
        for (const result of await Promise.all([sum(view), sum(view)])) results.add(result);
      require('node:worker_threads').parentPort.postMessage([...results]);
    };
    const workers = Array.from({ length: 4 }, () => startWorker(program, view));
    for (const results of await Promise.all(workers.map(answerOf))) assert.deepEqual(results, [100_000]);
  });

  test('twenty workers at once', async () => {
    const count = scale(100);
    const workers = Array.from({ length: 20 }, (_, me) => startWorker(sumMany, { count, from: me }));
    for (const right of await Promise.all(workers.map(answerOf))) assert.equal(right, count);
  });

  test('two views of one buffer, from two threads', async () => {
    const buffer = new SharedArrayBuffer(4 * 2000);
    const worker = startWorker(
      async (root, { buffer, rounds }) => {
        const { sumIntoSharedBuffer } = require(root);
        const view = new Int32Array(buffer, 4000, 1000);
        for (let i = 0; i < rounds; i++) {
          if ((await sumIntoSharedBuffer(view, 10_000 + i)) !== ((10_000 + i) * (9999 + i)) / 2)
            throw new Error(`${i}`);
        }
        require('node:worker_threads').parentPort.postMessage([...view]);
      },
      { buffer, rounds: scale(200) },
    );
    const answer = answerOf(worker);
    const view = new Int32Array(buffer, 0, 1000);
    for (let i = 0; i < scale(200); i++) await sumIntoSharedBuffer(view, 20_000 + i);
    assert.deepEqual(asBigInts(view), finalSlots(19_999 + scale(200), 1000));
    assert.deepEqual((await answer).map(BigInt), finalSlots(9999 + scale(200), 1000));
  });
});

describe('the context of the caller', () => {
  test('AsyncLocalStorage survives every call, resolved, refused and aborted', async () => {
    const storage = new AsyncLocalStorage();
    const all = CALLS.flatMap((row) => row.sizes.map((size) => ({ row, size }))).filter(
      ({ size }) => size !== 'long',
    );
    const seen = all.map(({ row, size }, i) =>
      storage.run(i, async () => {
        const [made, other] = [row.make(size), row.make(size)];
        await start(allcores, row, made);
        const resolved = storage.getStore();
        await start(allcores, row, made, { threads: 0 }).catch(() => {});
        const refused = storage.getStore();
        const controller = new AbortController();
        const aborted = start(allcores, row, other, { signal: controller.signal }).catch(() =>
          storage.getStore(),
        );
        // In another context.
        storage.exit(() => setImmediate(() => controller.abort()));
        await aborted;
        return [resolved, refused, storage.getStore()];
      }),
    );
    assert.deepEqual(
      await Promise.all(seen),
      all.map((_, i) => [i, i, i]),
    );
  });

  test('AsyncLocalStorage survives the await, for calls that finish together', async () => {
    const storage = new AsyncLocalStorage();
    const calls = Array.from({ length: 100 }, (_, i) =>
      storage.run(i, async () => {
        await sumRange(i);
        const resolved = storage.getStore();
        await sumRange(-1).catch(() => {});
        const controller = new AbortController();
        const aborted = sumRange(5, { signal: controller.signal }).catch(() => storage.getStore());
        controller.abort();
        return [resolved, storage.getStore(), await aborted];
      }),
    );
    assert.deepEqual(
      await Promise.all(calls),
      calls.map((_, i) => [i, i, i]),
    );
  });

  test('a rejection that nobody handles is reported in the context of its call', async () => {
    // Node 20 and 22 run 'unhandledRejection' in the context in which the promise was created: here it can be seen.
    // Node 24 does not; what a promise of the program shows is what ours must show.
    const result = await runChild(async (root) => {
      const { AsyncLocalStorage } = require('node:async_hooks');
      const storage = new AsyncLocalStorage();
      const { sumRange } = require(root);
      const seen = [];
      process.on('unhandledRejection', (error) => seen.push([storage.getStore() ?? 'none', error.code]));
      process.on('exit', () => console.log(JSON.stringify(seen)));
      let reject;
      storage.run('plain', () => {
        new Promise((_resolve, rejectIt) => {
          reject = rejectIt;
        });
      });
      await new Promise((resolve) => setTimeout(resolve, 1));
      storage.exit(() => setImmediate(reject, { code: 'PLAIN' }));
      // Immediates come in their order: that one, and what is reported of it, before the second of these.
      for (let turn = 0; turn < 2; turn++) await new Promise(setImmediate);
      const controller = new AbortController();
      storage.run('first', () => void sumRange(5, { signal: controller.signal }));
      storage.run('second', () => void sumRange(5, { signal: controller.signal }));
      storage.run('third', () => controller.abort());
    });
    const [[plain, code], ...ours] = JSON.parse(result.stdout);
    assert.equal(code, 'PLAIN');
    const expected = plain === 'plain' ? ['first', 'second'] : [plain, plain];
    assert.deepEqual(
      ours,
      expected.map((store) => [store, 'ABORT_ERR']),
    );
  });

  test('reactions run in ticks of their own, with an async id', async () => {
    await sumRange(10);
    assert.notEqual(executionAsyncId(), 0);
  });
});
