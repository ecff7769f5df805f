'use strict';

// An idle pool keeps nothing alive: a program ends as soon as it would have ended without us.

const assert = require('node:assert/strict');
const { describe, test } = require('node:test');
const { binaries } = require('../helpers/binaries.js');
const { assertEnd, startChild } = require('../helpers/child.js');

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
  'after calls in a worker': async (root) => {
    const { runWorker } = require(`${root}/__test__/helpers/worker.js`);
    await runWorker(async (root) => {
      await require(root).sumRange(10_000);
    });
  },
};

/** The least time that a child takes, of up to five; no more are tried when one took at most `enough`. */
async function best(body, { env, enough = 0 }) {
  let least = Number.POSITIVE_INFINITY;
  for (let i = 0; i < 5 && least > enough; i++) {
    const result = await startChild(body, { env, limit: 20_000 }).done;
    assertEnd(result);
    least = Math.min(least, result.ms);
  }
  return least;
}

/** The time that a child takes without us. */
let without;

for (const { name, env, skip } of binaries) {
  describe(name, { skip }, () => {
    for (const [when, program] of Object.entries(PROGRAMS)) {
      test(`exits at once ${when}`, async () => {
        // A pool that held the process would hang; one that lingered would show here. The best of a few: the machine
        // may be busy, but not every time.
        without ??= await best(() => {}, { env });
        const enough = without + (when.includes('worker') ? 600 : 300);
        const ms = await best(program, { env, enough });
        assert.ok(ms <= enough, `${ms} ms, and ${without} ms without us`);
      });
    }

    test('nothing of ours is listed among the active resources', async () => {
      const result = await startChild(
        async (root) => {
          const assert = require('node:assert/strict');
          const before = process.getActiveResourcesInfo();
          const { sumRange, sumIntoSharedBuffer } = require(root);
          assert.deepEqual(process.getActiveResourcesInfo(), before);
          const controller = new AbortController();
          await Promise.allSettled([
            sumRange(10_000),
            sumIntoSharedBuffer(new SharedArrayBuffer(64), 10_000),
            sumRange(-1),
            sumRange(10_000, { signal: controller.signal }),
            Promise.resolve().then(() => controller.abort()),
          ]);
          assert.deepEqual(process.getActiveResourcesInfo(), before);
          console.log('settled');
        },
        { env },
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
