'use strict';

// Nothing of a settled call stays: no memory, no thread, no file. (The long version runs under other tools.)

const assert = require('node:assert/strict');
const { describe, test } = require('node:test');
const { forRange, map, sum, sumIntoSharedBuffer, sumRange } = require('..');
const { runChild } = require('./helpers/child.js');
const { gcUntil } = require('./helpers/gc.js');
const { scale } = require('./helpers/scale.js');
const { noTasks } = require('./helpers/tasks.js');

const four = 4;

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
    'a view that was summed at once': (view) => sum(view),
    'a view that was summed by the pool': (view) => sum(view, { signal: new AbortController().signal }),
    'a view whose sum was aborted'(view) {
      const controller = new AbortController();
      const call = sum(view, { signal: controller.signal });
      controller.abort();
      return call;
    },
    'a view whose sum was refused': (view) => sum(view, { threads: 0 }),
    'a view of a body': (view) => sum(view, (x) => x),
    'a view that a body maps': (view) => map(view, (x) => 2 * x),
    'a view into which a body maps': (into) =>
      map(new Int8Array(new SharedArrayBuffer(4)), (x) => x, { into }),
    'a view in data': (view) => sumRange(4, (i, { view }) => view[i], { data: { view } }),
    'a view that a body writes to': (view) =>
      forRange(4, (i, { view }) => Atomics.store(view, i, i), { data: { view } }),
    'a view of a body that was refused': (view) => sum(view, () => 'text', { data: { view } }),
    'a view of a body that differs': (view) => sum(view, (x) => x + four, { data: { view, four: 5 } }),
    'a view whose body was aborted'(view) {
      const controller = new AbortController();
      const call = sum(view, (x) => x, { signal: controller.signal });
      controller.abort();
      return call;
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
      const { sum, sumRange, sumIntoSharedBuffer } = require(root);
      const { staysFlat } = require(`${root}/__test__/helpers/flat.js`);
      const slots = new Int32Array(new SharedArrayBuffer(64));
      const view = new Float64Array(new SharedArrayBuffer(2 ** 16)).fill(0.5);
      const { signal } = new AbortController();
      const ignore = () => {};
      /** Fifty calls: answered, refused by us and by the native side, thrown at by a getter, aborted. */
      const some = () => {
        const controller = new AbortController();
        const aborted = { signal: controller.signal };
        const throwing = Object.defineProperty({}, 'threads', { get: () => assert.fail() });
        const calls = [sumIntoSharedBuffer(slots, 10), sumIntoSharedBuffer(slots, 10 ** 9)];
        for (let k = 0; k < 4; k++) {
          calls.push(sumRange(k), sumRange(2n ** 63n), sumRange(10, { signal }), sumRange(10, aborted));
          calls.push(sum(view.subarray(0, 9)), sum(view), sum(view, { signal }), sum(view, aborted));
          calls.push(sumRange(-1), sum(new Int8Array(4)), sumRange(1, throwing));
          calls.push(sumIntoSharedBuffer(new SharedArrayBuffer(64), 10, k % 2 ? { signal } : aborted));
        }
        controller.abort();
        return Promise.all(calls.map((call) => call.catch(ignore)));
      };
      await staysFlat(some, count);
    },
    {
      args: [scale(10_000, 20_000)],
      // Most of the steps are new machine code and a larger young generation: V8 is told to do without.
      execArgv: ['--expose-gc', '--no-opt', '--max-semi-space-size=1'],
      limit: 120_000 * scale(1),
    },
  );
});

test('memory stays flat over many calls with a body', async () => {
  await runChild(
    async (root, count) => {
      const { explain, forRange, map, sum, sumRange } = require(root);
      const { staysFlat } = require(`${root}/__test__/helpers/flat.js`);
      const view = new Float64Array(new SharedArrayBuffer(800)).fill(0.5);
      const ignore = () => {};
      let number = 0;
      /** Fifty calls: the same ones, new closures, other data, other sources, refused, different, aborted, with progress. */
      const some = () => {
        const controller = new AbortController();
        const { signal } = controller;
        const onProgress = ignore;
        const calls = [];
        for (let k = 0; k < 5; k++) {
          const step = number++;
          const own = new Float32Array([step]);
          const table = [step, 1];
          calls.push(sumRange(9, (i) => i * step + own[0] + table[1], { data: { step, own, table } }));
          calls.push(sumRange(9, (i) => i * step, { data: { step: step + 1 } }));
          calls.push(sumRange(9, new Function('i', `return i + ${step % 1000}`), { onProgress }));
          calls.push(
            sumRange(9, () => 'text'),
            sumRange(9, (i) => Math.sin(i), { signal }),
          );
          calls.push(
            sum(view, (x) => x + step, { data: { step } }),
            map(view, (x) => x),
          );
          const store = (i, { view }) => {
            view[i] = i;
          };
          calls.push(forRange(100, store, { data: { view } }));
          calls.push(sumRange(1e6, (i) => i, { signal, onProgress }));
          explain((i) => i * step, { data: { step } });
        }
        controller.abort();
        return Promise.all(calls.map((call) => call.catch(ignore)));
      };
      await staysFlat(some, count);
    },
    {
      // Of fewer calls, what is compiled and cached meanwhile looks like a leak.
      args: [Math.max(2000, scale(2000, 10_000))],
      execArgv: ['--expose-gc', '--no-opt', '--max-semi-space-size=1'],
      limit: 120_000 * scale(1),
    },
  );
});

test('memory and its mappings stay flat over different sources, each with machine code', async () => {
  await runChild(
    async (root, count, isLinux) => {
      const assert = require('node:assert/strict');
      const fs = require('node:fs');
      const { explain, forRange, sumRange } = require(root);
      const { staysFlat } = require(`${root}/__test__/helpers/flat.js`);
      const out = new Float64Array(new SharedArrayBuffer(8 * 16));
      let number = 0;
      /** A loop: then there is code for any number of indices. */
      const body = () =>
        new Function(
          'i',
          'data',
          `let s = ${number++}; for (let k = 0; k < i; k++) s += k; data.out[i] = s; return s`,
        );
      const some = async () => {
        const first = number;
        const options = { data: { out } };
        const calls = Array.from({ length: 10 }, (_, k) =>
          (k % 2 ? sumRange : forRange)(10, body(), options),
        );
        const sums = await Promise.all(calls);
        // Each of these ten numbers, and Σ k(k - 1) / 2.
        for (const k of [1, 3, 5, 7, 9]) assert.equal(sums[k], 10 * (first + k) + 120);
        return sums;
      };
      const mappings = [];
      const counted = async () => {
        const calls = await some();
        if (isLinux) mappings.push(fs.readFileSync('/proc/self/maps', 'latin1').split('\n').length);
        return calls;
      };
      // Since version 14, V8 by itself keeps functions that were made of texts: then it is the mappings that tell.
      if (Number.parseInt(process.versions.v8, 10) >= 14) {
        for (let k = 0; k < count; k++) await counted();
      } else {
        // A body that stays would take kilobytes.
        await staysFlat(counted, count, 128);
      }
      // Bodies that nobody uses are kept, some dozens, and V8 collects functions when it likes.
      const [early, late] = [mappings.slice(0, mappings.length / 2), mappings.slice(mappings.length / 2)];
      assert.ok(
        Math.max(0, ...late) < Math.max(0, ...early) + 100,
        `${Math.max(...early)} ${Math.max(...late)}`,
      );
      console.log(
        `${number} sources, ${Math.max(0, ...late)} mappings, ${explain(body(), { data: { out } }).engine}`,
      );
    },
    {
      args: [scale(400, 10_000), process.platform === 'linux'],
      execArgv: ['--expose-gc', '--no-opt', '--max-semi-space-size=1'],
      limit: 120_000 * scale(1, 5),
    },
    { stdout: /^\d+ sources, \d+ mappings, (machine code|block interpreter)\n$/ },
  );
});

test('threads, files and memory do not add up as workers come and go', { skip: noTasks }, async () => {
  await runChild(
    async (root, rounds) => {
      const assert = require('node:assert/strict');
      const fs = require('node:fs');
      const { spinUntil } = require(`${root}/__test__/helpers/handshake.js`);
      const { tasks } = require(`${root}/__test__/helpers/tasks.js`);
      const { startWorker } = require(`${root}/__test__/helpers/worker.js`);
      /** A worker that calls, and ends with calls in flight or without. */
      const live = (end) =>
        new Promise((resolve) => {
          const worker = startWorker(async (root, end) => {
            const { sum, sumIntoSharedBuffer, sumRange } = require(root);
            await sumRange(10_000);
            const view = new BigInt64Array(new SharedArrayBuffer(2 ** 16));
            sumIntoSharedBuffer(view, 1000);
            sum(view, { signal: new AbortController().signal });
            if (end === 'exit') process.exit();
          }, end);
          worker.once('exit', resolve);
        });
      const lane = async (count) => {
        for (let i = 0; i < count; i++) await live(i % 2 ? 'exit' : 'natural');
      };
      const lives = (count) => Promise.all([lane(count / 2), lane(count / 2)]);
      const census = () => ({
        threads: tasks().length,
        files: fs.readdirSync('/proc/self/fd').length,
        memory: process.memoryUsage.rss() / 2 ** 20,
      });
      await lives(20);
      const before = census();
      await lives(rounds);
      globalThis.gc();
      // A thread is listed for a moment after it has been joined.
      spinUntil(() => tasks().length <= before.threads, 'the threads to be as many as before');
      const after = census();
      const story = `${JSON.stringify(before)} before, ${JSON.stringify(after)} after`;
      assert.ok(after.files <= before.files, story);
      // What an environment leaves behind would be some 10 KiB a worker.
      assert.ok(after.memory - before.memory < 32 + rounds * 0.005, story);
    },
    { args: [scale(60, 200)], execArgv: ['--expose-gc'], limit: 120_000 * scale(1) },
  );
});
