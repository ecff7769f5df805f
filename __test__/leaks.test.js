'use strict';

// Nothing of a settled call stays: no memory, no thread, no file. (The long version runs under other tools.)

const assert = require('node:assert/strict');
const { describe, test } = require('node:test');
const { sumIntoSharedBuffer, sumRange } = require('..');
const { runChild } = require('./helpers/child.js');
const { gcUntil } = require('./helpers/gc.js');
const { scale } = require('./helpers/scale.js');
const { noTasks } = require('./helpers/tasks.js');

describe('can be collected when the call is over:', () => {
  const kinds = {
    'a target that was summed into': (view) => sumIntoSharedBuffer(view, 10),
    'a target that was refused': (view) => sumIntoSharedBuffer(view, 10 ** 12),
    'a target whose call was aborted'(view) {
      const controller = new AbortController();
      const call = sumIntoSharedBuffer(view, 10, { signal: controller.signal });
      controller.abort();
      return call;
    },
    'a target of a call that was aborted before'(view) {
      return sumIntoSharedBuffer(view, 10, { signal: AbortSignal.abort() });
    },
  };
  for (const [what, use] of Object.entries(kinds)) {
    test(what, async () => {
      const gone = [];
      const registry = new FinalizationRegistry((name) => gone.push(name));
      await (async () => {
        for (let i = 0; i < 10; i++) {
          const view = new Int32Array(new SharedArrayBuffer(16));
          registry.register(view, 'view');
          registry.register(view.buffer, 'buffer');
          await use(view).catch(() => {});
        }
      })();
      assert.ok(await gcUntil(() => gone.length === 20), `${gone.length} of 20 are gone`);
    });
  }

  test('the promise and what it resolved with', async () => {
    const gone = [];
    const registry = new FinalizationRegistry((name) => gone.push(name));
    await (async () => {
      const call = sumRange(10);
      registry.register(call, 'promise');
      await call;
    })();
    assert.ok(await gcUntil(() => gone.length === 1));
  });
});

test('memory stays flat over many calls of every kind', async () => {
  await runChild(
    async (root, count) => {
      const assert = require('node:assert/strict');
      const { sumRange, sumIntoSharedBuffer } = require(root);
      const view = new Int32Array(new SharedArrayBuffer(64));
      const { signal } = new AbortController();
      const ignore = () => {};
      async function some() {
        for (let i = 0; i < count; i += 50) {
          const controller = new AbortController();
          const calls = [sumIntoSharedBuffer(view, 10), sumIntoSharedBuffer(view, 10 ** 9).catch(ignore)];
          for (let k = 0; k < 12; k++) {
            calls.push(
              sumRange(k),
              sumRange(2n ** 63n),
              sumRange(-1).catch(ignore),
              sumRange(10, { signal: k % 2 ? signal : controller.signal }).catch(ignore),
            );
          }
          controller.abort();
          await Promise.all(calls.map((call) => call.catch(ignore)));
        }
        for (let i = 0; i < 4; i++) {
          globalThis.gc();
          await new Promise(setImmediate);
        }
        return process.memoryUsage.rss();
      }
      // A leaked call would cost some hundred bytes, so that memory would grow in every window. What else goes on in
      // a process makes it grow in some windows, but not in all.
      const readings = [await some()];
      const growth = () => (readings.at(-1) - readings.at(-4)) / (3 * count);
      while (readings.length < 20 && !(growth() < 20)) readings.push(await some());
      assert.ok(growth() < 20, `${growth()} bytes per call; ${readings}`);
    },
    { args: [scale(15_000)], execArgv: ['--expose-gc'], limit: 120_000 * scale(1) },
  );
});

test('threads and files do not add up as workers come and go', { skip: noTasks }, async () => {
  await runChild(
    async (root, rounds) => {
      const assert = require('node:assert/strict');
      const fs = require('node:fs');
      const { tasks } = require(`${root}/__test__/helpers/tasks.js`);
      const { runWorker } = require(`${root}/__test__/helpers/worker.js`);
      const once = () =>
        runWorker(async (root) => {
          await require(root).sumRange(10_000);
        });
      const census = () => [tasks().length, fs.readdirSync('/proc/self/fd').length];
      for (let i = 0; i < 3; i++) await once();
      const before = census();
      for (let i = 0; i < rounds; i++) await once();
      const after = census();
      assert.ok(after[0] <= before[0] + 1 && after[1] <= before[1] + 1, `${before} before, ${after} after`);
    },
    { args: [scale(20)] },
  );
});
