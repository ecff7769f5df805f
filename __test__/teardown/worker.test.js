'use strict';

// Worker threads that go while their calls are in flight. The memory that only they hold is freed with them: a thread
// of ours that still wrote to it, or told a dead environment of a finished call, would take the process down.

const { describe, test } = require('node:test');
const { binaries } = require('../helpers/binaries.js');
const { runChild } = require('../helpers/child.js');
const { scale } = require('../helpers/scale.js');

/** In a child process: workers come and go in `lanes` rows, `rounds` each. `end` is what ends them. */
async function comeAndGo(root, { lanes, rounds, end }) {
  const assert = require('node:assert/strict');
  const { once } = require('node:events');
  const { Gates, spin } = require(`${root}/__test__/helpers/handshake.js`);
  const { startWorker } = require(`${root}/__test__/helpers/worker.js`);

  async function lane(me) {
    for (let round = 0; round < rounds; round++) {
      const gates = new Gates();
      const kind = ['memory', 'churn', 'blocked', 'aborts', 'shared', 'every', 'sums'][(me + round) % 7];
      const worker = startWorker(program, { cells: gates.cells, kind, end });
      const failed = once(worker, 'error').then(([error]) => error);
      const exit = new Promise((resolve) => worker.once('exit', resolve));
      await Promise.race([gates.until(0), failed.then((error) => end === 'throw' || Promise.reject(error))]);
      // From at once to a little later: the calls are at every stage.
      spin((round % 8) / 4);
      if (end === 'terminate') await worker.terminate();
      const code = await exit;
      const expected = { terminate: 1, exit: 5, throw: 1, stop: 0 }[end];
      assert.equal(code, expected, `${kind}: exit code ${code}`);
      if (end === 'throw') assert.equal((await failed).message, 'on purpose');
    }
  }

  // Sums of this thread go on untouched.
  const view = new Float64Array(new SharedArrayBuffer(8 * 100_000)).fill(1);
  let over = false;
  const mine = (async () => {
    while (!over) assert.equal(await require(root).sum(view), 100_000);
  })();
  await Promise.all(Array.from({ length: lanes }, (_, me) => lane(me)));
  over = true;
  await mine;
  assert.equal(await require(root).sumRange(10_000), 49_995_000);
  console.log('done');

  function program(root, { cells, kind, end }) {
    const { Gates } = require(`${root}/__test__/helpers/handshake.js`);
    const { sumRange, sumIntoSharedBuffer } = require(root);
    const gates = new Gates(cells);
    const ignore = () => {};
    const slots = (count) => new BigInt64Array(new SharedArrayBuffer(count * 8));
    let goOn = true;
    const again = (call) => call().then(() => goOn && again(call), ignore);
    const kinds = {
      // Memory that nobody else holds, with several calls on it.
      memory() {
        const view = slots(2 ** 19);
        for (let i = 0; i < 4; i++) {
          sumIntoSharedBuffer(view.subarray(i * 2 ** 17, (i + 1) * 2 ** 17), 2 ** 19).catch(ignore);
        }
      },
      // A call for each that is settled: some are submitted while the thread is being stopped.
      churn() {
        for (let i = 0; i < 10; i++) {
          again(() => sumRange(10_000_000));
          again(() => sumIntoSharedBuffer(new SharedArrayBuffer(4096), 10_000));
        }
      },
      // Finished calls that this thread never comes to settle.
      blocked() {
        for (let i = 0; i < 50; i++) sumRange(10_000).catch(ignore);
        sumIntoSharedBuffer(slots(2 ** 18), 10).catch(ignore);
      },
      aborts() {
        again(async () => {
          const controller = new AbortController();
          const call = sumIntoSharedBuffer(slots(2 ** 14), 2 ** 15, { signal: controller.signal }).catch(
            ignore,
          );
          await new Promise(setImmediate);
          controller.abort();
          return call;
        });
      },
      // Every form of every call.
      every() {
        const { CALLS, start } = require(`${root}/__test__/helpers/calls.js`);
        for (const row of CALLS) {
          for (const size of row.sizes) {
            if (size !== 'long' || row.writes) start(require(root), row, row.make(size)).catch(ignore);
          }
        }
      },
      // Large and small sums of memory that only this thread holds.
      sums() {
        const { sum } = require(root);
        for (const View of [Float64Array, Uint8Array, BigInt64Array, Float32Array]) {
          sum(new View(new SharedArrayBuffer(64 * 2 ** 20))).catch(ignore);
          sum(new View(new SharedArrayBuffer(2 ** 16))).catch(ignore);
        }
        again(() => sum(new Float64Array(new SharedArrayBuffer(2 ** 18))));
      },
      // Many small targets in one buffer.
      shared() {
        const view = slots(2 ** 12);
        for (let i = 0; i < 2 ** 12; i += 16)
          sumIntoSharedBuffer(view.subarray(i, i + 16), 10_000).catch(ignore);
      },
    };
    kinds[kind]();
    gates.raise(0);
    const ends = {
      terminate() {
        if (kind === 'blocked') Atomics.wait(cells, 15, 0);
        setInterval(ignore, 1000);
      },
      exit: () => process.exit(5),
      throw() {
        throw new Error('on purpose');
      },
      // Falls off its end: what is in flight is settled first.
      stop() {
        goOn = false;
      },
    };
    ends[end]();
  }
}

for (const { name, env, skip } of binaries) {
  describe(name, { skip, concurrency: 2 }, () => {
    // In four lanes, through seven kinds of calls.
    const count = 4 * scale(name === 'release build' ? 10 : 7, name === 'release build' ? 50 : 25);
    test(`${count} workers terminated with calls in flight`, async () => {
      await runChild(
        comeAndGo,
        { args: [{ lanes: 4, rounds: count / 4, end: 'terminate' }], env, limit: 120_000 * scale(1) },
        { stdout: 'done' },
      );
    });

    for (const [end, what] of Object.entries({
      exit: 'that call process.exit()',
      throw: 'that throw',
      stop: 'that fall off their end',
    })) {
      test(`workers ${what} with calls in flight`, async () => {
        await runChild(
          comeAndGo,
          { args: [{ lanes: 2, rounds: scale(6), end }], env, limit: 60_000 * scale(1) },
          { stdout: 'done' },
        );
      });
    }

    test('twenty workers terminated at once, while main calls too', async () => {
      await runChild(
        async (root, rounds) => {
          const assert = require('node:assert/strict');
          const { Gates } = require(`${root}/__test__/helpers/handshake.js`);
          const { startWorker } = require(`${root}/__test__/helpers/worker.js`);
          const { sumRange } = require(root);
          for (let round = 0; round < rounds; round++) {
            const all = Array.from({ length: 20 }, () => {
              const gates = new Gates();
              const worker = startWorker((root, cells) => {
                const { Gates } = require(`${root}/__test__/helpers/handshake.js`);
                const { sumIntoSharedBuffer } = require(root);
                const view = new BigInt64Array(new SharedArrayBuffer(8 * 2 ** 18));
                for (let i = 0; i < 8; i++) {
                  sumIntoSharedBuffer(view.subarray(i * 2 ** 15, (i + 1) * 2 ** 15), 2 ** 17);
                }
                new Gates(cells).raise(0);
                setInterval(() => {}, 1000);
              }, gates.cells);
              return { gates, worker };
            });
            for (const { gates } of all) await gates.until(0);
            const calls = Array.from({ length: 100 }, (_, i) => sumRange(1000 + i));
            await Promise.all(all.map(({ worker }) => worker.terminate()));
            const sums = await Promise.all(calls);
            assert.ok(sums.every((sum, i) => sum === ((1000 + i) * (999 + i)) / 2));
          }
          console.log('done');
        },
        { args: [scale(1, 2)], env, limit: 60_000 * scale(1) },
        { stdout: 'done' },
      );
    });

    test('a worker that falls off its end has its calls settled first', async () => {
      await runChild(
        async (root) => {
          const assert = require('node:assert/strict');
          const { runWorker } = require(`${root}/__test__/helpers/worker.js`);
          const answer = await runWorker((root) => {
            const { parentPort } = require('node:worker_threads');
            const { longTarget } = require(`${root}/__test__/helpers/jobs.js`);
            const { view, num, total } = longTarget(2 ** 19);
            require(root)
              .sumIntoSharedBuffer(view, num)
              .then((sum) => parentPort.postMessage(sum === total));
          });
          assert.equal(answer, true);
        },
        { env },
      );
    });

    test('a worker that exits in the middle of the settling of its calls', async () => {
      // The promise hook runs inside of `resolve`, called by us with a batch half settled.
      await runChild(
        async (root) => {
          const assert = require('node:assert/strict');
          const { once } = require('node:events');
          const { startWorker } = require(`${root}/__test__/helpers/worker.js`);
          for (let round = 0; round < 4; round++) {
            const worker = startWorker((root) => {
              const { sumRange, sumIntoSharedBuffer } = require(root);
              for (let i = 0; i < 50; i++) {
                sumRange(1000);
                sumIntoSharedBuffer(new SharedArrayBuffer(1 << 16), 1000);
              }
              let countdown = 10;
              require('node:async_hooks')
                .createHook({
                  promiseResolve() {
                    if (--countdown === 0) process.exit(6);
                  },
                })
                .enable();
            });
            const [code] = await once(worker, 'exit');
            assert.equal(code, 6);
          }
          console.log('done');
        },
        { env },
        { stdout: 'done' },
      );
    });
  });
}

test('a worker that is terminated does not wait for its calls, only for the pieces that run', async () => {
  // Its calls would take minutes: a terminate() that waited for them would run into the limit of the child process.
  await runChild(
    async (root, rounds) => {
      const { Gates } = require(`${root}/__test__/helpers/handshake.js`);
      const { startWorker } = require(`${root}/__test__/helpers/worker.js`);
      for (let round = 0; round < rounds; round++) {
        const gates = new Gates();
        const worker = startWorker((root, cells) => {
          const { Gates } = require(`${root}/__test__/helpers/handshake.js`);
          const { longTarget, startFlood } = require(`${root}/__test__/helpers/jobs.js`);
          const { sum, sumIntoSharedBuffer } = require(root);
          for (let i = 0; i < 4; i++) {
            const { view, num } = longTarget();
            sumIntoSharedBuffer(view, num).catch(() => {});
          }
          startFlood(sum, 5000);
          new Gates(cells).raise(0);
          setInterval(() => {}, 1000);
        }, gates.cells);
        await gates.until(0);
        await worker.terminate();
      }
      console.log('done');
    },
    { args: [scale(3, 20)] },
    { stdout: 'done' },
  );
});
