'use strict';

// Bugs of our own, on command: a panic in a thread becomes ERR_INTERNAL for one call, and nothing else changes.

const { describe, test } = require('node:test');
const { debug } = require('./helpers/binaries.js');
const { runChild } = require('./helpers/child.js');
const { scale } = require('./helpers/scale.js');

const quiet = { ...debug.env, RUST_BACKTRACE: '0' };

/** Runs `body(root, ...args)` on the build that knows how to fail. What a panic prints to stderr is not judged. */
const withFaults = (body, args = []) =>
  runChild(body, { args, env: quiet, limit: 60_000 * scale(1) }, { stderr: /(?:)/ });

const POINTS = ['run', 'finish'];

describe('a panic', { skip: debug.skip }, () => {
  for (const point of POINTS) {
    test(`in '${point}' rejects one call with ERR_INTERNAL, and the next hundred are right`, async () => {
      await withFaults(
        async (root, point, rounds) => {
          const assert = require('node:assert/strict');
          const { injectFault } = require(`${root}/native.js`);
          const { sumRange, threads } = require(root);
          const { spinUntil } = require(`${root}/__test__/helpers/handshake.js`);
          const { poolTasks } = require(`${root}/__test__/helpers/tasks.js`);
          const { rejects } = require(`${root}/__test__/helpers/rejects.js`);
          await sumRange(10);
          // A thread gets its name a moment after it was started.
          spinUntil(() => poolTasks().length === threads, 'all threads to have their names');
          const before = poolTasks().map(({ id }) => id);
          for (let round = 0; round < rounds; round++) {
            injectFault(point);
            await rejects(() => sumRange(10_000), 'ERR_INTERNAL', /report/i);
            const sums = await Promise.all(Array.from({ length: 100 }, (_, i) => sumRange(1000 + i)));
            assert.ok(sums.every((sum, i) => sum === ((1000 + i) * (999 + i)) / 2));
          }
          assert.deepEqual(
            poolTasks().map(({ id }) => id),
            before,
            'the same threads as before',
          );
        },
        [point, scale(100)],
      );
    });

    test(`in '${point}' leaves -1 in the last slot, and the target free`, async () => {
      await withFaults(
        async (root, point) => {
          const assert = require('node:assert/strict');
          const { injectFault } = require(`${root}/native.js`);
          const { sumIntoSharedBuffer } = require(root);
          const { rejects } = require(`${root}/__test__/helpers/rejects.js`);
          for (const View of [Int32Array, BigInt64Array]) {
            for (const length of [2, 5, 20_000]) {
              const view = new View(new SharedArrayBuffer((length + 1) * 8), 8, length);
              injectFault(point);
              await rejects(() => sumIntoSharedBuffer(view, 10_000), 'ERR_INTERNAL');
              assert.equal(Number(view[view.length - 1]), -1);
              assert.equal(Number(await sumIntoSharedBuffer(view, 10_000)), 49_995_000);
              assert.equal(Number(view[view.length - 1]), 0);
            }
          }
        },
        [point],
      );
    });

    test(`in '${point}' wakes the threads that wait`, async () => {
      await withFaults(
        async (root, point) => {
          const assert = require('node:assert/strict');
          const { injectFault } = require(`${root}/native.js`);
          const { Gates, patience, spin } = require(`${root}/__test__/helpers/handshake.js`);
          const { startWorker } = require(`${root}/__test__/helpers/worker.js`);
          const { sumIntoSharedBuffer } = require(root);
          let woken = 0;
          const patient = patience();
          for (let round = 0; woken === 0 && patient(); round++) {
            const view = new Int32Array(new SharedArrayBuffer(16));
            view[3] = 1000;
            const gates = new Gates();
            startWorker(
              (root, { view, cells }) => {
                const { Gates } = require(`${root}/__test__/helpers/handshake.js`);
                const gates = new Gates(cells);
                gates.raise(0);
                const woke = Atomics.wait(view, 3, 1000, 20_000);
                gates.raise(1, ['ok', 'not-equal', 'timed-out'].indexOf(woke) + 1);
              },
              { view, cells: gates.cells },
            );
            await gates.until(0);
            spin(20 + round);
            injectFault(point);
            await assert.rejects(sumIntoSharedBuffer(view), { code: 'ERR_INTERNAL' });
            const woke = await gates.until(1);
            assert.notEqual(woke, 3, 'timed out');
            assert.equal(view[3], -1);
            if (woke === 1) woken++;
          }
          assert.equal(woken, 1);
        },
        [point],
      );
    });

    test(`in '${point}' of one of many calls leaves the others exact`, async () => {
      await withFaults(
        async (root, point) => {
          const assert = require('node:assert/strict');
          const { injectFault } = require(`${root}/native.js`);
          const { sumRange } = require(root);
          for (let round = 0; round < 20; round++) {
            injectFault(point);
            const calls = Array.from({ length: 200 }, (_, i) => sumRange(1000 + i));
            const failed = (await Promise.allSettled(calls)).filter(({ status, value, reason }, i) => {
              if (status === 'rejected') assert.equal(reason.code, 'ERR_INTERNAL');
              else assert.equal(value, ((1000 + i) * (999 + i)) / 2);
              return status === 'rejected';
            });
            assert.equal(failed.length, 1);
          }
        },
        [point],
      );
    });

    test(`in '${point}' of a call that is aborted is an abort`, async () => {
      await withFaults(
        async (root, point) => {
          const assert = require('node:assert/strict');
          const { injectFault } = require(`${root}/native.js`);
          const { sumIntoSharedBuffer, sumRange } = require(root);
          const { spinUntil } = require(`${root}/__test__/helpers/handshake.js`);
          const { rejects } = require(`${root}/__test__/helpers/rejects.js`);
          let met = 0;
          for (let round = 0; round < 50; round++) {
            injectFault(point);
            const controller = new AbortController();
            const view = new Int32Array(new SharedArrayBuffer(16));
            const call = sumIntoSharedBuffer(view, 10, { signal: controller.signal });
            // Half of the time after the panic, which leaves -1, and before this thread is told of it.
            if (round % 2) spinUntil(() => Atomics.load(view, 3) === -1, 'the panic');
            controller.abort();
            await rejects(() => call, 'ABORT_ERR');
            assert.equal(view[3], -1);
            // A fault that the call did not meet is still armed: the next call meets it.
            const next = await sumRange(10).catch((error) => error.code);
            assert.ok(next === 45 || next === 'ERR_INTERNAL', `${next}`);
            if (next === 45) met++;
            assert.equal(await sumRange(10), 45);
          }
          assert.ok(met >= 25, `${met} aborted calls met the fault`);
        },
        [point],
      );
    });

    test(`in '${point}' of a worker's call, with the worker gone`, async () => {
      await withFaults(
        async (root, point) => {
          const assert = require('node:assert/strict');
          const { injectFault } = require(`${root}/native.js`);
          const { Gates, patience } = require(`${root}/__test__/helpers/handshake.js`);
          const { startWorker } = require(`${root}/__test__/helpers/worker.js`);
          const { sumRange } = require(root);
          let met = 0;
          const patient = patience();
          for (let round = 0; round < 10 || (met === 0 && patient()); round++) {
            const gates = new Gates();
            injectFault(point);
            const worker = startWorker((root, cells) => {
              const { Gates } = require(`${root}/__test__/helpers/handshake.js`);
              for (let i = 0; i < 20; i++) require(root).sumRange(10_000);
              new Gates(cells).raise(0);
              Atomics.wait(cells, 15, 0);
            }, gates.cells);
            gates.wait(0);
            await worker.terminate();
            // A fault that no call of the worker met is still armed: the next call meets it.
            const next = await sumRange(10).catch((error) => error.code);
            assert.ok(next === 45 || next === 'ERR_INTERNAL', `${next}`);
            if (next === 45) met++;
            assert.equal(await sumRange(10_000), 49_995_000);
          }
          assert.ok(met > 0, 'no call of a worker met the fault');
        },
        [point],
      );
    });

    test(`in '${point}' that nobody handles ends the process as any rejection does`, async () => {
      await runChild(
        (root, point) => {
          require(`${root}/native.js`).injectFault(point);
          require(root).sumRange(10_000);
        },
        { args: [point], env: quiet },
        { code: 1, stderr: /ERR_INTERNAL/ },
      );
    });
  }

  test("in 'submit', on the thread that calls: a rejection and no more", async () => {
    await withFaults(
      async (root, rounds) => {
        const assert = require('node:assert/strict');
        const { getEventListeners } = require('node:events');
        const { injectFault } = require(`${root}/native.js`);
        const { rejects } = require(`${root}/__test__/helpers/rejects.js`);
        const { sumRange } = require(root);
        const { signal } = new AbortController();
        const resources = process.getActiveResourcesInfo();
        for (let round = 0; round < rounds; round++) {
          injectFault('submit');
          await rejects(
            () => sumRange(10_000, round % 2 ? { signal } : undefined),
            'ERR_INTERNAL',
            /report/i,
          );
          assert.equal(getEventListeners(signal, 'abort').length, 0);
          assert.deepEqual(process.getActiveResourcesInfo(), resources);
          const sums = await Promise.all(Array.from({ length: 100 }, (_, i) => sumRange(1000 + i)));
          assert.ok(sums.every((sum, i) => sum === ((1000 + i) * (999 + i)) / 2));
        }
      },
      [scale(100)],
    );
  });

  for (const point of POINTS) {
    test(`in '${point}' of any call rejects that call, and the next ones are right`, async () => {
      await withFaults(
        async (root, point, rounds) => {
          const { injectFault } = require(`${root}/native.js`);
          const { rejects } = require(`${root}/__test__/helpers/rejects.js`);
          const { CALLS, resolves, start } = require(`${root}/__test__/helpers/calls.js`);
          const allcores = require(root);
          for (let round = 0; round < rounds; round++) {
            for (const row of CALLS) {
              injectFault(point);
              await rejects(() => start(allcores, row, row.make('small')), 'ERR_INTERNAL', /report/i);
              const made = Array.from({ length: 3 }, () => row.make('small'));
              await Promise.all(made.map((one) => resolves(row, one, start(allcores, row, one))));
            }
          }
        },
        [point, scale(4)],
      );
    });
  }

  test('needs its point to be named right', async () => {
    await withFaults((root) => {
      require('node:assert/strict').throws(() => require(`${root}/native.js`).injectFault('nowhere'));
    });
  });
});

// Under a sanitizer, one build stands for both.
const oneBuild = process.env.ALLCORES_TEST_ONE_BUILD === '1' && 'there is one build for both';

test('the release build has no way to inject a fault', { skip: oneBuild }, async () => {
  await runChild(
    (root) => {
      require('node:assert/strict').equal(require(`${root}/native.js`).injectFault, undefined);
    },
    { env: { NAPI_RS_NATIVE_LIBRARY_PATH: undefined } },
  );
});
