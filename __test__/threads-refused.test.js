'use strict';

// A system that refuses threads: the pool runs with those it got, and with none the calls are rejected. Never an abort,
// never a hang. Limits on threads are of a user and do not hold for root, so children run as a user of their own, whom nobody
// else is, under a limit that leaves them a few threads more than Node itself has.

const { execFileSync, spawnSync } = require('node:child_process');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { after, before, describe, test } = require('node:test');
const { assertEnd, startChild } = require('./helpers/child.js');
const { copyPackage } = require('./helpers/installation.js');
const { scale } = require('./helpers/scale.js');
const { ROOT } = require('./helpers/worker.js');

/** Of this process alone, so that two runs at once do not count each other's threads. */
const USER = 20_000 + (process.pid % 40_000);

const AS_USER = ['setpriv', `--reuid=${USER}`, `--regid=${USER}`, '--clear-groups'];

/** The reason why this cannot be tested here, or false. */
function reasonToSkip() {
  if (process.platform !== 'linux') return 'needs Linux';
  if (process.getuid() !== 0) return 'needs root, to become another user';
  for (const tool of ['setpriv', 'prlimit']) {
    if (spawnSync(tool, ['--version']).status !== 0) return `needs ${tool}`;
  }
  const tasks = fs.readdirSync('/proc').filter((pid) => {
    try {
      return /^\d+$/.test(pid) && fs.statSync(`/proc/${pid}`).uid === USER;
    } catch {
      return false;
    }
  });
  return tasks.length > 0 ? `somebody else runs as user ${USER}, and counts` : false;
}

const skip = reasonToSkip();
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'allcores-user-'));
after(() => fs.rmSync(folder, { recursive: true, force: true }));

/** A copy of what the children need, which that user may read, wherever the checkout is. */
function prepare() {
  fs.chmodSync(folder, 0o755);
  copyPackage(folder);
  fs.cpSync(path.join(ROOT, '__test__', 'helpers'), path.join(folder, '__test__', 'helpers'), {
    recursive: true,
  });
  execFileSync('chmod', ['-R', 'a+rX', folder]);
}

/** Starts a child as that user, with so many threads more than Node itself needs. */
function startAsUser(body, more, { args = [], threads = '4' } = {}) {
  return startChild(body, {
    args,
    root: folder,
    cwd: folder,
    // The soft limit only: that one may be raised again.
    wrap: [...AS_USER, 'prlimit', `--nproc=${nodeThreads + more}:`],
    env: { ALLCORES_THREADS: threads, NAPI_RS_NATIVE_LIBRARY_PATH: undefined, HOME: folder },
  });
}

let nodeThreads = 0;

/** How many threads a Node of this version has before it does anything. */
function countNodeThreads() {
  const count = `console.log(require('node:fs').readdirSync('/proc/self/task').length)`;
  const [command, ...rest] = [...AS_USER, process.execPath, '-e', count];
  return Number(execFileSync(command, rest, { cwd: folder, encoding: 'utf8' }));
}

describe('when the system refuses threads', { skip }, () => {
  before(() => {
    prepare();
    nodeThreads = countNodeThreads();
  });

  for (const more of [1, 2, 3, 4, 5]) {
    test(`${Math.min(more, 4)} of the 4 that were wanted, of ${more} that there could be, are enough for every kind of call`, async () => {
      const result = await startAsUser(
        async (root, expected) => {
          const assert = require('node:assert/strict');
          const { sumRange, sumIntoSharedBuffer, threads } = require(root);
          const { poolTasks } = require(`${root}/__test__/helpers/tasks.js`);
          assert.equal(threads, 4);
          assert.equal(await sumRange(10_000), 49_995_000);
          assert.equal(await sumRange(2n ** 64n - 1n), ((2n ** 64n - 1n) * (2n ** 64n - 2n)) / 2n);
          assert.equal(await sumRange(10_000, { threads: 4 }), 49_995_000);
          const view = new Int32Array(new SharedArrayBuffer(400_004));
          for (let i = 0; i < 20; i++)
            assert.equal(await sumIntoSharedBuffer(view, 1_000_000), 499_999_500_000);
          const sums = await Promise.all(Array.from({ length: 500 }, (_, i) => sumRange(i)));
          assert.ok(sums.every((sum, i) => sum === (i * (i - 1)) / 2));
          // A thread gets its name a moment after it was started.
          const { spinUntil } = require(`${root}/__test__/helpers/handshake.js`);
          spinUntil(() => poolTasks().length === expected, `${expected} threads, not ${poolTasks().length}`);
          console.log(poolTasks().length);
        },
        more,
        { args: [Math.min(more, 4)] },
      ).done;
      assertEnd(result, { stdout: `${Math.min(more, 4)}` });
    });
  }

  for (const limit of [8, 10, 12, 16, 24]) {
    test(`a limit of ${limit}: fewer threads, or ERR_THREADS, or not even Node`, async (t) => {
      const wanting = { threads: '16' };
      const without = await startAsUser(() => {}, limit - nodeThreads, wanting).done;
      if (without.code !== 0) return t.skip(`Node itself does not run within a limit of ${limit}`);
      const free = Math.max(0, Math.min(16, limit - nodeThreads));
      for (let i = 0; i < scale(1, 2); i++) {
        const result = await startAsUser(
          async (root, free) => {
            const assert = require('node:assert/strict');
            const { sumRange, sumIntoSharedBuffer } = require(root);
            const { poolTasks } = require(`${root}/__test__/helpers/tasks.js`);
            const view = new Int32Array(new SharedArrayBuffer(40_004));
            const codes = new Set();
            for (let i = 0; i < 100; i++) {
              const calls = [sumRange(i), sumIntoSharedBuffer(view, i)].map((call) =>
                call.catch((error) => error.code),
              );
              for (const answer of await Promise.all(calls))
                codes.add(answer === (i * (i - 1)) / 2 ? 'right' : answer);
            }
            assert.equal(codes.size, 1, `${[...codes]}`);
            const { spinUntil } = require(`${root}/__test__/helpers/handshake.js`);
            spinUntil(() => poolTasks().length === free, `${free} threads, not ${poolTasks().length}`);
            console.log(...codes, poolTasks().length);
          },
          limit - nodeThreads,
          { ...wanting, args: [free] },
        ).done;
        assertEnd(result, {
          stdout: free > 0 ? `right ${free}` : 'ERR_THREADS 0',
          // Where there is room for Node and nobody else, Node may say so of a thread of its own.
          stderr: /^(node\[\d+\]: pthread_create: .*\n)?$/,
        });
      }
    });
  }

  test('none at all: ERR_THREADS, for every call, and nothing is left behind', async () => {
    const result = await startAsUser(async (root) => {
      const assert = require('node:assert/strict');
      const { sumRange, sumIntoSharedBuffer } = require(root);
      const { rejects } = require(`${root}/__test__/helpers/rejects.js`);
      const { getEventListeners } = require('node:events');
      const { signal } = new AbortController();
      const view = new Int32Array(new SharedArrayBuffer(16)).fill(5);
      for (let i = 0; i < 20; i++) {
        await rejects(() => sumRange(10_000), 'ERR_THREADS', /thread/);
        await rejects(() => sumRange(10_000n, { signal }), 'ERR_THREADS');
        await rejects(() => sumIntoSharedBuffer(view, 10, { signal }), 'ERR_THREADS');
        await rejects(() => sumIntoSharedBuffer(view), 'ERR_THREADS');
      }
      assert.notEqual(view[3], 10, 'a request that nobody works on');
      assert.equal(getEventListeners(signal, 'abort').length, 0);
      assert.deepEqual(
        process.getActiveResourcesInfo().filter((name) => name !== 'PipeWrap'),
        [],
      );
      await rejects(() => sumRange(-1), 'ERR_OUT_OF_RANGE');
      await rejects(() => sumRange(1, { signal: AbortSignal.abort() }), 'ABORT_ERR');
      console.log('done');
    }, 0).done;
    assertEnd(result, { stdout: 'done' });
  });

  test('a program that does not ask for a sum does not notice', async () => {
    assertEnd(await startAsUser((root) => console.log(require(root).threads), 0).done, { stdout: '4' });
  });

  test('none now, some later: the next call tries again', async () => {
    const { child, done } = startAsUser(async (root) => {
      const assert = require('node:assert/strict');
      const { sumRange } = require(root);
      await assert.rejects(sumRange(10), { code: 'ERR_THREADS' });
      console.log('refused');
      // The parent raises the limit and says so.
      await new Promise((resolve) => process.stdin.once('data', resolve));
      assert.equal(await sumRange(10), 45);
      console.log('granted');
      process.exit();
    }, 0);
    child.stdout.once('data', () => {
      const [command, ...rest] = [...AS_USER, 'prlimit', `--pid=${child.pid}`, `--nproc=${nodeThreads + 8}:`];
      execFileSync(command, rest);
      child.stdin.write('go\n');
    });
    assertEnd(await done, { stdout: 'refused\ngranted' });
  });

  test('some now, more later: the pool grows to its size', async () => {
    const { child, done } = startAsUser(async (root) => {
      const assert = require('node:assert/strict');
      const { sumRange } = require(root);
      const { poolTasks } = require(`${root}/__test__/helpers/tasks.js`);
      const { spinUntil } = require(`${root}/__test__/helpers/handshake.js`);
      for (let i = 0; i < 100; i++) assert.equal(await sumRange(1e6), 499_999_500_000);
      // A thread gets its name a moment after it was started.
      spinUntil(() => poolTasks().length === 2, `2 threads, not ${poolTasks().length}`);
      console.log('short');
      await new Promise((resolve) => process.stdin.once('data', resolve));
      // Not the next call: the pool does not try again with every one.
      while (poolTasks().length < 4) assert.equal(await sumRange(1e6), 499_999_500_000);
      assert.equal(await sumRange(1e6), 499_999_500_000);
      console.log('grown');
      process.exit();
    }, 2);
    child.stdout.once('data', () => {
      const [command, ...rest] = [...AS_USER, 'prlimit', `--pid=${child.pid}`, `--nproc=${nodeThreads + 8}:`];
      execFileSync(command, rest);
      child.stdin.write('go\n');
    });
    assertEnd(await done, { stdout: 'short\ngrown' });
  });

  test('in a worker', async () => {
    // The worker takes one thread, and nothing is left for the pool.
    const result = await startAsUser(async (root) => {
      const { runWorker } = require(`${root}/__test__/helpers/worker.js`);
      const code = await runWorker(async (root) => {
        const { parentPort } = require('node:worker_threads');
        parentPort.postMessage(
          await require(root)
            .sumRange(10)
            .catch((error) => error.code),
        );
      });
      console.log(code);
    }, 1).done;
    assertEnd(result, { stdout: 'ERR_THREADS' });
  });
});
