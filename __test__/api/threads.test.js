'use strict';

// The pool: how large it is, what ALLCORES_THREADS and options.threads do to it, and what its threads are like.

const assert = require('node:assert/strict');
const os = require('node:os');
const { describe, test } = require('node:test');
const allcores = require('../..');
const { runChild, startNode, assertEnd } = require('../helpers/child.js');
const { noTasks } = require('../helpers/tasks.js');
const { ROOT } = require('../helpers/worker.js');

const available = os.availableParallelism();

function printThreads(root) {
  console.log(require(root).threads);
}

async function threadsWith(value, options = {}) {
  const { stdout } = await runChild(printThreads, { ...options, env: { ALLCORES_THREADS: value } });
  return Number(stdout);
}

describe('threads', () => {
  test('is one per CPU that the process may use, or fewer under a quota', async () => {
    const threads = await threadsWith(undefined);
    assert.ok(
      Number.isInteger(threads) && threads >= 1 && threads <= available,
      `${threads} of ${available}`,
    );
    assert.equal(typeof allcores.threads, 'number');
  });

  test('counts the CPUs of the affinity mask, not those of the machine', {
    skip: process.platform === 'linux' && available > 1 ? false : 'needs Linux and two CPUs',
  }, async (t) => {
    const wrap = ['taskset', '-c', '0'];
    const probe = await startNode(['-e', '0'], { wrap }).done.catch(() => ({ code: -1 }));
    if (probe.code !== 0) return t.skip('CPU 0 cannot be asked for with taskset');
    assert.equal(await threadsWith(undefined, { wrap }), 1);
  });
});

describe('ALLCORES_THREADS', () => {
  for (const value of ['1', '2', '7', '64', '1024']) {
    test(`${value} is taken, whatever the machine has`, async () => {
      assert.equal(await threadsWith(value), Number(value));
    });
  }

  test('empty is as good as unset', async () => {
    assert.equal(await threadsWith(''), await threadsWith(undefined));
  });

  const nonsense = ['0', '-1', '1.5', 'abc', '1025', '4abc', '0x4', '1e2', 'NaN', 'Infinity', '9'.repeat(30)];
  for (const value of nonsense) {
    test(`'${value}' is a clear error at load`, async () => {
      await runChild(
        (root, arrived) => {
          const assert = require('node:assert/strict');
          for (let again = 0; again < 2; again++) {
            assert.throws(
              () => require(root),
              (error) => {
                assert.ok(error instanceof RangeError, `${error}`);
                assert.equal(error.code, 'ERR_OUT_OF_RANGE');
                assert.ok(error.message.includes('ALLCORES_THREADS'), error.message);
                assert.ok(error.message.includes(arrived), error.message);
                assert.match(error.message, /1024/);
                return true;
              },
            );
          }
        },
        { args: [value], env: { ALLCORES_THREADS: value } },
      );
    });
  }

  test('a bad value fails an import too', async () => {
    const program = `import('file://${ROOT}/index.js').catch((error) => console.log(error.code))`;
    const env = { ALLCORES_THREADS: '0' };
    assertEnd(await startNode(['--input-type=module', '-e', program], { env }).done, {
      stdout: 'ERR_OUT_OF_RANGE',
    });
  });

  for (const count of ['1', '3', '16']) {
    test(`results are the same with ${count} threads`, async () => {
      await runChild(
        async (root) => {
          const assert = require('node:assert/strict');
          const { sumRange, sumIntoSharedBuffer, threads } = require(root);
          const oracle = require(`${root}/__test__/helpers/oracle.js`);
          for (const num of [0, 1, 2, 15, 16, 17, 10_000, 2 ** 53 - 1]) {
            for (const options of [undefined, { threads: 1 }, { threads }]) {
              assert.equal(await sumRange(num, options), Number(oracle.rangeSum(num)));
            }
          }
          for (const length of [2, 3, 17, 20_001]) {
            const view = new Int32Array(new SharedArrayBuffer(length * 4));
            await sumIntoSharedBuffer(view, 60_000);
            assert.deepEqual(oracle.asBigInts(view), oracle.finalSlots(60_000, length));
          }
        },
        { env: { ALLCORES_THREADS: count } },
      );
    });
  }
});

describe('the threads', { skip: noTasks }, () => {
  test('none starts at load; the first call starts the pool, and no later call adds to it', async () => {
    await runChild(
      async (root) => {
        const assert = require('node:assert/strict');
        const { poolTasks, tasks } = require(`${root}/__test__/helpers/tasks.js`);
        const before = tasks().length;
        const { sumRange, threads } = require(root);
        assert.equal(threads, 5);
        assert.deepEqual(poolTasks(), []);
        assert.ok(tasks().length <= before, 'loading starts no thread');
        await sumRange(10_000);
        assert.ok(poolTasks().length >= 1 && poolTasks().length <= 5, `${poolTasks().length} threads`);
        await Promise.all(Array.from({ length: 500 }, () => sumRange(10_000)));
        assert.ok(poolTasks().length <= 5, `${poolTasks().length} threads`);
      },
      { env: { ALLCORES_THREADS: '5' } },
    );
  });

  test('refused arguments and aborted calls start none', async () => {
    await runChild(async (root) => {
      const assert = require('node:assert/strict');
      const { poolTasks } = require(`${root}/__test__/helpers/tasks.js`);
      const { sumRange, sumIntoSharedBuffer } = require(root);
      const calls = [
        sumRange(-1),
        sumRange('1'),
        sumRange(5, { signal: AbortSignal.abort() }),
        sumIntoSharedBuffer(new ArrayBuffer(8)),
      ];
      for (const { status } of await Promise.allSettled(calls)) assert.equal(status, 'rejected');
      assert.deepEqual(poolTasks(), []);
    });
  });

  test('take no signals: those are for the program', async () => {
    await runChild(async (root) => {
      const assert = require('node:assert/strict');
      const { poolTasks } = require(`${root}/__test__/helpers/tasks.js`);
      await require(root).sumRange(10_000);
      const threads = poolTasks();
      assert.ok(threads.length > 0);
      const numbers = require('node:os').constants.signals;
      for (const { name, blockedSignals } of threads) {
        for (const signal of [
          'SIGHUP',
          'SIGINT',
          'SIGTERM',
          'SIGUSR1',
          'SIGUSR2',
          'SIGPROF',
          'SIGCHLD',
          'SIGWINCH',
        ]) {
          assert.ok(blockedSignals & (1n << BigInt(numbers[signal] - 1)), `${name} blocks ${signal}`);
        }
      }
    });
  });

  test('a flood of signals during calls reaches its handler and disturbs no sum', async () => {
    await runChild(async (root) => {
      const assert = require('node:assert/strict');
      const { sumRange } = require(root);
      let handled = 0;
      process.on('SIGUSR2', () => {
        handled++;
      });
      for (let i = 0; i < 200; i++) {
        const call = sumRange(10_000);
        process.kill(process.pid, 'SIGUSR2');
        assert.equal(await call, 49_995_000);
      }
      const end = performance.now() + 10_000;
      while (handled === 0 && performance.now() < end) await new Promise(setImmediate);
      assert.ok(handled > 0);
    });
  });
});
