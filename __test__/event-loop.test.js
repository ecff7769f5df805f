'use strict';

// What everyone else in the process notices of us: nothing. The event loop turns, libuv's threads are free, short calls
// overtake long ones, a limit of threads is kept.

const assert = require('node:assert/strict');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { describe, test } = require('node:test');
const { sumIntoSharedBuffer, sumRange } = require('..');
const { runChild } = require('./helpers/child.js');
const { Gates } = require('./helpers/handshake.js');
const { longTarget, startLong } = require('./helpers/jobs.js');
const { rangeSum } = require('./helpers/oracle.js');
const { startWorker } = require('./helpers/worker.js');

describe('the event loop', () => {
  test('turns while a call is in flight', async () => {
    let turns = 0;
    let done = false;
    const { view, num, total } = longTarget(2 ** 23);
    const call = sumIntoSharedBuffer(view, num).finally(() => {
      done = true;
    });
    while (!done) {
      await new Promise(setImmediate);
      turns++;
    }
    assert.equal(await call, total);
    assert.ok(turns > 20, `${turns} turns`);
  });

  test('gets control back from a call at once, however long the call takes', async () => {
    const attempts = [];
    for (let i = 0; i < 5; i++) {
      const { view, num, total } = longTarget();
      const began = performance.now();
      const call = sumIntoSharedBuffer(view, num, { threads: 1 });
      const back = performance.now();
      assert.equal(await call, total);
      attempts.push([back - began, performance.now() - began]);
    }
    // The best of five: this thread may have been interrupted, but not every time.
    const share = Math.min(...attempts.map(([back, all]) => back / all));
    assert.ok(share < 0.1, JSON.stringify(attempts));
  });

  test('finding the first slot that overflows takes no longer for millions of slots', async () => {
    const times = [];
    const view = new Int32Array(new SharedArrayBuffer(4 * (2 ** 23 + 1)));
    for (let i = 0; i < 5; i++) {
      const began = performance.now();
      await assert.rejects(sumIntoSharedBuffer(view, 2 ** 31 - 1), { code: 'ERR_OUT_OF_RANGE' });
      times.push(performance.now() - began);
    }
    assert.ok(Math.min(...times) < 5, `${times} ms`);
  });
});

test('libuv has all its threads for fs, dns, crypto and zlib', {
  skip: process.platform === 'win32' ? 'needs a FIFO' : false,
}, async () => {
  // The only thread of libuv's pool is stuck in open() until somebody opens the other end. If we ran there, no call
  // would ever be settled.
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'allcores-fifo-'));
  try {
    await runChild(
      async (root, fifo) => {
        const assert = require('node:assert/strict');
        const fs = require('node:fs');
        require('node:child_process').execFileSync('mkfifo', [fifo]);
        let opened = false;
        const stuck = fs.promises.open(fifo, 'r').then((handle) => {
          opened = true;
          return handle.close();
        });
        const { sumRange, sumIntoSharedBuffer } = require(root);
        assert.equal(await sumRange(10_000), 49_995_000);
        assert.equal(await sumIntoSharedBuffer(new SharedArrayBuffer(1 << 16), 10_000), 49_995_000);
        assert.equal(opened, false);
        fs.closeSync(fs.openSync(fifo, 'w'));
        await stuck;
      },
      { args: [path.join(folder, 'fifo')], env: { UV_THREADPOOL_SIZE: '1', UV_USE_IO_URING: '0' } },
    );
  } finally {
    fs.rmSync(folder, { recursive: true });
  }
});

describe('fair sharing', () => {
  test('a short call does not wait for long ones to end', async () => {
    const long = Array.from({ length: 3 }, () => startLong(sumIntoSharedBuffer, { threads: undefined }));
    let finished = 0;
    for (const { call } of long) call.then(() => finished++);
    assert.equal(await sumRange(10_000), 49_995_000);
    assert.equal(await sumIntoSharedBuffer(new SharedArrayBuffer(16), 10_000), 49_995_000);
    assert.equal(finished, 0, 'the long calls are over already');
    for (const { view, last } of long) assert.notEqual(Atomics.load(view, last), 0n);
    for (const { call, total } of long) assert.equal(await call, total);
  });

  test('a long call does not wait for a stream of short ones to dry up', async () => {
    const { call, total } = startLong(sumIntoSharedBuffer);
    let over = false;
    call.then(() => {
      over = true;
    });
    let shorts = 0;
    const end = performance.now() + 20_000;
    const stream = async () => {
      while (!over && performance.now() < end) {
        await Promise.all([sumRange(1_000_000), sumRange(1_000_000)]);
        shorts += 2;
      }
    };
    await Promise.all([stream(), stream(), stream()]);
    assert.ok(over, `${shorts} short calls, and the long one is not over`);
    assert.equal(await call, total);
  });

  test('options.threads limits the threads that work on a call at once', async () => {
    // One thread at a time stores the slots in their order. So a slot that is stored while one before it is not shows
    // two threads at work. Without the limit that must be seen, or the test would prove nothing.
    await runChild(
      async (root) => {
        const assert = require('node:assert/strict');
        const { longTarget } = require(`${root}/__test__/helpers/jobs.js`);
        const { sumIntoSharedBuffer } = require(root);

        async function overtakings(options) {
          const { view, num, total, last } = longTarget(2 ** 20);
          const call = sumIntoSharedBuffer(view, num, options);
          let seen = 0;
          while (Atomics.load(view, last) === num) {
            // From the back: the later slot is looked at before the earlier one.
            let later = false;
            for (let k = last - 1; k > 0; k -= 500) {
              if (Atomics.load(view, k) !== 0n) later = true;
              else if (later) seen++;
            }
          }
          assert.equal(await call, total);
          return seen;
        }

        let unlimited = 0;
        for (let i = 0; i < 20 && unlimited === 0; i++) unlimited += await overtakings();
        assert.ok(unlimited > 0, 'without a limit, never two threads at once');
        for (let i = 0; i < 3; i++) assert.equal(await overtakings({ threads: 1 }), 0);
      },
      { env: { ALLCORES_THREADS: '4' } },
    );
  });
});

describe('threads that block', () => {
  test('this thread sleeps while a worker finishes its calls', async () => {
    const gates = new Gates();
    startWorker(async (root, cells) => {
      const { sumRange } = require(root);
      let sum = 0;
      for (let i = 0; i < 100; i++) sum += await sumRange(10);
      const { Gates } = require(`${root}/__test__/helpers/handshake.js`);
      new Gates(cells).raise(0, sum);
    }, gates.cells);
    assert.equal(gates.wait(0), 4500);
  });

  test('two workers sleep on each other while their calls are in flight', async () => {
    const gates = new Gates();
    const workers = [0, 1].map((me) =>
      startWorker(
        async (root, { cells, me }) => {
          const { sumRange } = require(root);
          const { Gates } = require(`${root}/__test__/helpers/handshake.js`);
          const gates = new Gates(cells);
          const calls = Array.from({ length: 100 }, () => sumRange(1000));
          gates.raise(me);
          gates.wait(1 - me);
          const sums = await Promise.all(calls);
          require('node:worker_threads').parentPort.postMessage(sums.every((sum) => sum === 499_500));
        },
        { cells: gates.cells, me },
      ),
    );
    const answers = workers.map((worker) => new Promise((resolve) => worker.once('message', resolve)));
    assert.deepEqual(await Promise.all(answers), [true, true]);
    assert.equal(await sumRange(1000), Number(rangeSum(1000)));
  });
});
