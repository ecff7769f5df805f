'use strict';

// Signals and profilers: the pool's threads take no signal, so handlers run where Node runs them, and whoever interrupts
// the process to look at it disturbs no sum.

const assert = require('node:assert/strict');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { after, describe, test } = require('node:test');
const { assertEnd, runChild, startChild } = require('./helpers/child.js');
const { scale } = require('./helpers/scale.js');
const { noTasks } = require('./helpers/tasks.js');

/** For a night, too. */
const limit = 60_000 * scale(1);

const posix = process.platform === 'win32' ? 'Windows has no signals' : false;

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'allcores-profiles-'));
after(() => fs.rmSync(folder, { recursive: true }));

test('the threads of the pool block every signal that is not a fault of their own', {
  skip: noTasks,
}, async () => {
  await runChild(async (root) => {
    const assert = require('node:assert/strict');
    const { poolTasks } = require(`${root}/__test__/helpers/tasks.js`);
    const { spinUntil } = require(`${root}/__test__/helpers/handshake.js`);
    const { sumRange, threads } = require(root);
    await sumRange(10_000);
    spinUntil(() => poolTasks().length === threads, 'all threads to have their names');
    // The first two cannot be blocked.
    const open = [
      'SIGKILL',
      'SIGSTOP',
      'SIGSEGV',
      'SIGBUS',
      'SIGFPE',
      'SIGILL',
      'SIGTRAP',
      'SIGABRT',
      'SIGIOT',
    ];
    for (const [signal, number] of Object.entries(require('node:os').constants.signals)) {
      for (const { name, blockedSignals } of poolTasks()) {
        const blocked = (blockedSignals & (1n << BigInt(number - 1))) !== 0n;
        assert.equal(blocked, !open.includes(signal), `${name}, ${signal}`);
      }
    }
  });
});

/** In a child process: sends itself one signal after the other while calls are in flight. */
async function flood(root, { signal, count, handled }) {
  const assert = require('node:assert/strict');
  const { isMainThread } = require('node:worker_threads');
  const { sum, sumRange } = require(root);
  const { startLong } = require(`${root}/__test__/helpers/jobs.js`);
  const { sumIntoSharedBuffer } = require(root);
  const view = new Float64Array(new SharedArrayBuffer(2 ** 22)).fill(0.1);
  let heard = 0;
  if (handled) {
    process.on(signal, () => {
      assert.ok(isMainThread);
      heard++;
    });
  }
  const long = startLong(sumIntoSharedBuffer);
  for (let i = 0; i < count; i++) {
    const calls = [sumRange(10_000), sum(view)];
    process.kill(process.pid, signal);
    assert.deepEqual(await Promise.all(calls), [49_995_000, 52_428.8]);
  }
  assert.equal(await long.call, long.total);
  const end = performance.now() + 20_000;
  while (handled && heard === 0 && performance.now() < end) await new Promise(setImmediate);
  console.log(handled ? heard > 0 : 'done');
}

describe('a flood of signals during calls disturbs no sum', { skip: posix, concurrency: 2 }, () => {
  for (const signal of ['SIGUSR2', 'SIGPROF', 'SIGWINCH', 'SIGHUP', 'SIGCHLD', 'SIGALRM', 'SIGIO']) {
    test(`${signal}, with a handler`, async () => {
      await runChild(
        flood,
        { args: [{ signal, count: scale(200), handled: true }], limit },
        { stdout: 'true' },
      );
    });
  }

  for (const signal of ['SIGWINCH', 'SIGCHLD', 'SIGURG', 'SIGCONT']) {
    test(`${signal}, which nobody handles and which ends no program`, async () => {
      await runChild(
        flood,
        { args: [{ signal, count: scale(200), handled: false }], limit },
        { stdout: 'done' },
      );
    });
  }

  test('SIGUSR1, which starts the inspector', async () => {
    await runChild(
      flood,
      {
        args: [{ signal: 'SIGUSR1', count: scale(20), handled: false }],
        execArgv: ['--inspect-port=127.0.0.1:0'],
        limit,
      },
      { stdout: 'done', stderr: /^Debugger listening on [^\n]*\nFor help[^\n]*$/m },
    );
  });
});

/** In a child process: calls for a while. */
async function work(root, rounds) {
  const assert = require('node:assert/strict');
  const { sum, sumRange } = require(root);
  const view = new Float64Array(new SharedArrayBuffer(2 ** 22)).fill(0.1);
  for (let i = 0; i < rounds; i++) {
    assert.deepEqual(await Promise.all([sumRange(10_000 + i), sum(view), sum(view.subarray(0, 10))]), [
      ((10_000 + i) * (9999 + i)) / 2,
      52_428.8,
      1,
    ]);
  }
  console.log('done');
}

describe('a profiler disturbs no sum', { concurrency: 2 }, () => {
  const profilers = {
    '--cpu-prof': ['--cpu-prof', '--cpu-prof-interval=100', `--cpu-prof-dir=${folder}`],
    '--heap-prof': ['--heap-prof', `--heap-prof-dir=${folder}`],
    // A timer of the kernel sends SIGPROF to the main thread.
    '--prof': ['--prof', '--no-logfile-per-isolate', `--logfile=${folder}/v8.log`],
  };
  for (const [name, execArgv] of Object.entries(profilers)) {
    test(name, async () => {
      const before = fs.readdirSync(folder).length;
      assertEnd(await startChild(work, { execArgv, args: [scale(300)], limit }).done, { stdout: 'done' });
      assert.ok(fs.readdirSync(folder).length > before, 'and it leaves its record');
    });
  }
});
