'use strict';

// What everyone else in the process notices of us: nothing. The event loop turns, libuv's threads are free, short calls
// overtake long ones, a limit of threads is kept.

const assert = require('node:assert/strict');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { describe, test } = require('node:test');
const allcores = require('..');
const { CALLS, LASTING, resolves, start } = require('./helpers/calls.js');
const { runChild, startNode } = require('./helpers/child.js');
const { Gates, patience, spinUntil } = require('./helpers/handshake.js');
const { longTarget, startLong } = require('./helpers/jobs.js');
const { rangeSum } = require('./helpers/oracle.js');
const { startWorker } = require('./helpers/worker.js');

const { sum, sumIntoSharedBuffer, sumRange } = allcores;

describe('the event loop', () => {
  test('turns while any call that lasts is in flight', async () => {
    for (const row of LASTING) {
      let most = 0;
      const patient = patience();
      while (most < 5 && patient()) {
        let [turns, over] = [0, false];
        const made = row.make('long');
        const call = start(allcores, row, made, { threads: 1 }).finally(() => {
          over = true;
        });
        while (!over) {
          await new Promise(setImmediate);
          turns++;
        }
        await resolves(row, made, call);
        most = Math.max(most, turns);
      }
      assert.ok(most >= 5, `${row.name}: ${most} turns`);
    }
  });

  test('gets control back before sumIntoSharedBuffer has stored its slots', async () => {
    // This thread may be interrupted right after the call, but not every time.
    let before = 0;
    const patient = patience();
    while (before === 0 && patient()) {
      const { view, num, total, last } = longTarget();
      const call = sumIntoSharedBuffer(view, num, { threads: 1 });
      if (Atomics.load(view, last - 1) === 0n) before++;
      assert.equal(await call, total);
    }
    assert.ok(before > 0, 'the call never returned before the last slot was stored');
  });

  test('gets control back before sum has read its view', async () => {
    let before = 0;
    const patient = patience();
    while (before === 0 && patient()) {
      const view = new Float64Array(new SharedArrayBuffer(2 ** 26));
      const call = sum(view, { threads: 1 });
      // What is stored now, at the end, is in the sum only if the sum has not come there yet.
      view[view.length - 1] = 1;
      before += await call;
    }
    assert.ok(before > 0, 'the call never returned before the last element was read');
  });

  test('finding the first slot that overflows takes no longer for millions of slots', async () => {
    // Looked at one by one, the slots of all these calls would take hours: the child process would be killed.
    await runChild(async (root) => {
      const assert = require('node:assert/strict');
      const { sumIntoSharedBuffer } = require(root);
      const view = new Int32Array(new SharedArrayBuffer(4 * (2 ** 23 + 1)));
      for (let i = 0; i < 6000; i++) {
        await assert.rejects(sumIntoSharedBuffer(view, 2 ** 31 - 1), { code: 'ERR_OUT_OF_RANGE' });
      }
    });
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
        const { CALLS, resolves, start } = require(`${root}/__test__/helpers/calls.js`);
        const allcores = require(root);
        for (const row of CALLS) {
          const made = row.make('small');
          await resolves(row, made, start(allcores, row, made));
        }
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

describe('eight long calls at once', () => {
  /** In a child process: prints 'in time' when timers and `fs.stat` come again and again while all eight calls run. */
  async function turnsMeanwhile(root) {
    const fs = require('node:fs');
    const assert = require('node:assert/strict');
    const { sum, sumIntoSharedBuffer } = require(root);
    const { patience } = require(`${root}/__test__/helpers/handshake.js`);
    const { longTarget } = require(`${root}/__test__/helpers/jobs.js`);
    const targets = Array.from({ length: 4 }, () => longTarget(2 ** 21));
    const view = new Float64Array(new SharedArrayBuffer(2 ** 28)).fill(0.5);
    let most = 0;
    const patient = patience();
    while (most < 5 && patient()) {
      let settled = 0;
      const count = async (call, expected) => {
        const value = await call;
        settled++;
        assert.equal(value, expected);
      };
      const calls = [
        ...targets.map(({ view, num, total }) => count(sumIntoSharedBuffer(view, num), total)),
        ...targets.map(() => count(sum(view), 2 ** 24)),
      ];
      let turns = 0;
      while (settled === 0) {
        await new Promise((resolve) => setTimeout(resolve, 1));
        await fs.promises.stat(root);
        if (settled === 0) turns++;
      }
      await Promise.all(calls);
      most = Math.max(most, turns);
    }
    console.log(most >= 5 ? 'in time' : `${most} turns`);
  }

  test('timers and fs.stat come meanwhile', async () => {
    await runChild(turnsMeanwhile, {}, { stdout: 'in time' });
  });

  test('so they do on a single CPU', {
    skip: process.platform === 'linux' ? false : 'needs Linux',
  }, async (t) => {
    const wrap = ['taskset', '-c', '0'];
    const probe = await startNode(['-e', '0'], { wrap }).done.catch(() => ({ code: -1 }));
    if (probe.code !== 0) return t.skip('CPU 0 cannot be asked for with taskset');
    await runChild(turnsMeanwhile, { wrap }, { stdout: 'in time' });
  });
});

describe('fair sharing', () => {
  // This thread may be interrupted for as long as long calls take, but not every time.
  test('a short call of any form is settled before a long one', async () => {
    for (const long of LASTING.filter(({ name }) =>
      /Int32Array, Number|BigInt64Array, Number|Float64|BigUint64/.test(name),
    )) {
      let overtaken = false;
      const patient = patience();
      while (!overtaken && patient()) {
        const big = [1, 2, 3, 4].map(() => long.make('long'));
        const small = CALLS.map((row) => ({ row, made: row.make('small') }));
        const controller = new AbortController();
        const { signal } = controller;
        let over = 0;
        const calls = big.map((made) => start(allcores, long, made, { signal }).finally(() => over++));
        await Promise.all(small.map(({ row, made }) => resolves(row, made, start(allcores, row, made))));
        overtaken = over === 0;
        // How they end is no matter of this test, and would take most of its time.
        controller.abort();
        await Promise.allSettled(calls);
      }
      assert.ok(overtaken, `${long.name}: the short calls were never settled before the long ones`);
    }
  });

  test('a thousand short sums are settled while long ones run', async () => {
    const views = Array.from({ length: 3 }, () => new Float64Array(new SharedArrayBuffer(2 ** 27)));
    for (const [i, view] of views.entries()) view[view.length - 1] = i + 0.5;
    const small = new Float64Array(new SharedArrayBuffer(16_000)).fill(1);
    let overtaken = false;
    const patient = patience();
    while (!overtaken && patient()) {
      let over = 0;
      const big = views.map((view) => sum(view).finally(() => over++));
      const results = await Promise.all(Array.from({ length: 1000 }, (_, i) => sum(small.subarray(i))));
      overtaken = over < big.length;
      assert.deepEqual(
        results,
        Array.from({ length: 1000 }, (_, i) => 2000 - i),
      );
      assert.deepEqual(await Promise.all(big), [0.5, 1.5, 2.5]);
    }
    assert.ok(overtaken, 'the long ones were always over already');
  });

  test('a short call does not wait for long ones to end', async () => {
    const targets = Array.from({ length: 3 }, () => longTarget());
    let overtaken = false;
    const patient = patience();
    while (!overtaken && patient()) {
      let finished = 0;
      const long = targets.map(({ view, num }) => sumIntoSharedBuffer(view, num).finally(() => finished++));
      assert.equal(await sumRange(10_000), 49_995_000);
      assert.equal(await sumIntoSharedBuffer(new SharedArrayBuffer(16), 10_000), 49_995_000);
      const flags = targets.map(({ view, last }) => Atomics.load(view, last));
      overtaken = finished === 0 && flags.every((flag) => flag !== 0n);
      for (const [i, call] of long.entries()) assert.equal(await call, targets[i].total);
    }
    assert.ok(overtaken, 'one of the long calls was always over already');
  });

  test('a long call does not wait for a stream of short ones to dry up', async () => {
    const { call, total } = startLong(sumIntoSharedBuffer);
    let over = false;
    call.then(() => {
      over = true;
    });
    let shorts = 0;
    const patient = patience();
    const stream = async () => {
      while (!over && patient()) {
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
        const { patience } = require(`${root}/__test__/helpers/handshake.js`);
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
        const patient = patience();
        while (unlimited === 0 && patient()) unlimited += await overtakings();
        assert.ok(unlimited > 0, 'without a limit, never two threads at once');
        for (let i = 0; i < 3; i++) assert.equal(await overtakings({ threads: 1 }), 0);
      },
      { env: { ALLCORES_THREADS: '4' } },
    );
  });
});

describe('threads that block', () => {
  test('this thread sleeps with calls of its own in flight: they are settled when it is awake', async () => {
    const { view, num, total, last } = longTarget(2 ** 18);
    const elsewhere = new Int32Array(new SharedArrayBuffer(4));
    const calls = [sumRange(1000), sumIntoSharedBuffer(view, num), sum(view)];
    const settled = [];
    for (const call of calls) call.then(() => settled.push(call));
    assert.equal(Atomics.wait(elsewhere, 0, 0, 500), 'timed-out');
    spinUntil(() => Atomics.load(view, last) === 0n, 'the threads to go on');
    assert.deepEqual(settled, []);
    const [range, fill] = await Promise.all(calls);
    assert.equal(range, 499_500);
    assert.equal(fill, total);
  });

  test('this thread sleeps while a worker finishes its calls', async () => {
    const gates = new Gates();
    startWorker(async (root, cells) => {
      const { sum, sumIntoSharedBuffer, sumRange } = require(root);
      const view = new Float64Array(new SharedArrayBuffer(2 ** 18)).fill(1);
      const { Gates } = require(`${root}/__test__/helpers/handshake.js`);
      const gates = new Gates(cells);
      gates.raise(1);
      let total = 0;
      for (let i = 0; i < 100; i++) {
        total += await sumRange(10);
        total += await sumIntoSharedBuffer(new SharedArrayBuffer(64), 10);
        total += await sum(view);
      }
      gates.raise(0, total);
    }, gates.cells);
    // Some runtimes need the thread that starts a worker until it is up.
    await gates.until(1);
    assert.equal(gates.wait(0), 9000 + 100 * 2 ** 15);
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
