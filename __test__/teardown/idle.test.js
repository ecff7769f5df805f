'use strict';

// An idle pool keeps nothing alive: a program ends as soon as it would have ended without us.

const { describe, test } = require('node:test');
const { binaries } = require('../helpers/binaries.js');
const { assertEnd, runChild, startChild } = require('../helpers/child.js');
const { scale } = require('../helpers/scale.js');

const PROGRAMS = {
  'after nothing but require': (root) => {
    require(root);
  },
  'after one awaited call': async (root) => {
    await require(root).sumRange(10_000);
  },
  'after a call into a shared buffer': async (root) => {
    await require(root).sumIntoSharedBuffer(new SharedArrayBuffer(64), 10_000);
  },
  'after an aborted call': async (root) => {
    const controller = new AbortController();
    const call = require(root).sumRange(10_000, { signal: controller.signal });
    controller.abort();
    await call.catch(() => {});
  },
  'after a refused call': async (root) => {
    await require(root)
      .sumRange(-1)
      .catch(() => {});
  },
  'after a call on a signal that is never aborted': async (root) => {
    await require(root).sumRange(10_000, { signal: AbortSignal.timeout(600_000) });
  },
  'after large and small sums': async (root) => {
    const { sum } = require(root);
    const view = new Float64Array(new SharedArrayBuffer(2 ** 20));
    await Promise.all([sum(view), sum(view.subarray(0, 8))]);
  },
  'after calls in a worker': async (root) => {
    const { runWorker } = require(`${root}/__test__/helpers/worker.js`);
    await runWorker(async (root) => {
      await require(root).sumRange(10_000);
    });
  },
};

for (const { name, env, skip } of binaries) {
  describe(name, { skip }, () => {
    // A pool that kept the process alive would hang: the child would be killed by its limit.
    for (const [when, program] of Object.entries(PROGRAMS)) {
      test(`the process exits ${when}`, () => runChild(program, { env }));
    }

    test('nothing of ours is listed among the active resources after any kind of call', async () => {
      const result = await startChild(
        async (root, rounds) => {
          const assert = require('node:assert/strict');
          const before = process.getActiveResourcesInfo();
          const { sum, sumRange, sumIntoSharedBuffer } = require(root);
          assert.deepEqual(process.getActiveResourcesInfo(), before, 'loaded');
          const view = new Float64Array(new SharedArrayBuffer(2 ** 22));
          const slots = new Int32Array(new SharedArrayBuffer(64));
          const controller = () => new AbortController();
          const aborted = (start, when) => () => {
            const { signal, abort } = ((it) => ({ signal: it.signal, abort: () => it.abort() }))(
              controller(),
            );
            const call = start({ signal });
            when(abort);
            return call;
          };
          const kinds = {
            range: () => sumRange(10_000),
            bigint: () => sumRange(10n),
            slots: () => sumIntoSharedBuffer(slots, 10_000),
            'small sum': () => sum(view.subarray(0, 10)),
            'large sum': () => sum(view),
            'with a signal': () => sum(view, { signal: controller().signal }),
            'with a timeout': () => sumRange(10, { signal: AbortSignal.timeout(600_000) }),
            refused: () => sumRange(-1),
            'not shared': () => sum(new Float64Array(8)),
            busy: () => Promise.all([sumIntoSharedBuffer(slots, 10), sumIntoSharedBuffer(slots, 10)]),
            'aborted before': () => sumRange(10, { signal: AbortSignal.abort() }),
            'aborted at once': aborted(
              (options) => sum(view, options),
              (abort) => abort(),
            ),
            'aborted in a microtask': aborted(
              (options) => sumIntoSharedBuffer(slots, 10, options),
              queueMicrotask,
            ),
            'aborted in the next turn': aborted((options) => sum(view, options), setImmediate),
            'a hundred': () => Promise.all(Array.from({ length: 100 }, () => sumRange(1000))),
          };
          for (let round = 0; round < rounds; round++) {
            for (const [kind, call] of Object.entries(kinds)) {
              await call().catch(() => {});
              // An immediate of this test, and the first of two calls of which the second was refused.
              await sumIntoSharedBuffer(new SharedArrayBuffer(64), 10);
              await new Promise(setImmediate);
              assert.deepEqual(process.getActiveResourcesInfo(), before, kind);
            }
          }
          console.log('settled');
        },
        { env, args: [scale(20)] },
      ).done;
      assertEnd(result, { stdout: 'settled' });
    });

    test('a call that comes after a long idle time is answered', async () => {
      const result = await startChild(
        async (root) => {
          const { sumRange } = require(root);
          for (const pause of [0, 1, 5, 50, 200]) {
            await new Promise((resolve) => setTimeout(resolve, pause));
            console.log(await sumRange(4));
          }
        },
        { env },
      ).done;
      assertEnd(result, { stdout: '6\n6\n6\n6\n6' });
    });
  });
}
