'use strict';

// options.onProgress: what is reported, when, and what it changes for the call: nothing.

const assert = require('node:assert/strict');
const { AsyncLocalStorage } = require('node:async_hooks');
const { describe, test } = require('node:test');
const allcores = require('../..');
const { CALLS, resolves, start } = require('../helpers/calls.js');
const { runChild } = require('../helpers/child.js');
const { opaque } = require('../helpers/opaque.js');
const { rejects } = require('../helpers/rejects.js');

const { forRange, map, sum, sumIntoSharedBuffer, sumRange } = allcores;

const WITH_BODY = CALLS.filter(({ options }) => options.includes('onProgress'));

/** A body that takes a microsecond or so, and calls with it that last. */
const slow = (i) => {
  let x = i;
  for (let k = 0; k < 300; k++) x = (x * 5 + 1) % 1021;
  return x;
};

describe('every call with a body', () => {
  for (const row of WITH_BODY) {
    test(`${row.name}: once with done === total, before the promise resolves`, async () => {
      const reports = [];
      const made = row.make('small');
      let isSettled = false;
      const call = start(allcores, row, made, {
        onProgress(progress) {
          assert.equal(isSettled, false);
          assert.equal(this, undefined);
          reports.push(progress);
        },
      }).finally(() => {
        isSettled = true;
      });
      await resolves(row, made, call);
      const last = reports.at(-1);
      assert.deepEqual(Object.keys(last), ['done', 'total']);
      assert.equal(last.done, last.total);
      assert.equal(reports.filter(({ done, total }) => done === total).length, 1);
    });

    test(`${row.name}: not once it is aborted`, async () => {
      const controller = new AbortController();
      const made = row.make('long');
      const reports = [];
      let isAborted = false;
      const call = start(allcores, row, made, {
        signal: controller.signal,
        onProgress: (progress) => reports.push({ ...progress, isAborted }),
      });
      controller.abort();
      isAborted = true;
      await rejects(() => call, 'ABORT_ERR');
      await new Promise((resolve) => setTimeout(resolve, 120));
      assert.deepEqual(
        reports.filter(({ isAborted, done, total }) => isAborted && done === total),
        [],
      );
    });
  }
});

test('total is the number of indices, or of elements', async () => {
  const view = new Float64Array(new SharedArrayBuffer(80));
  const slots = new Int32Array(new SharedArrayBuffer(16));
  slots[3] = 7;
  for (const [call, total] of [
    [(options) => sumRange(12, (i) => i, options), 12],
    [(options) => sumRange(12, (i) => i, { ...options, from: 5 }), 7],
    [(options) => sumRange(12, (i) => i, { ...options, from: 15 }), 0],
    [(options) => sumRange([3, 4, 5], (i, j, k) => i + j + k, options), 60],
    [(options) => forRange(0, (i) => i, options), 0],
    [(options) => sum(view, (x) => x, options), 10],
    [(options) => map(view, (x) => x, options), 10],
    [(options) => sumIntoSharedBuffer(slots, undefined, (i) => i, options), 7],
    [(options) => sumIntoSharedBuffer(slots, 9, (i) => i, { ...options, from: 2 }), 7],
  ]) {
    const reports = [];
    await call({ onProgress: (progress) => reports.push(progress) });
    assert.deepEqual(reports, [{ done: total, total }]);
  }
});

describe('while a call runs', () => {
  test('done grows, is an integer, and is reported some ten times a second at most', async () => {
    let reports = [];
    let milliseconds = 0;
    // As long as it takes to be reported twice before the end.
    for (let num = 2 ** 18; reports.length < 3; num *= 4) {
      reports = [];
      const began = performance.now();
      await sumRange(num, slow, { onProgress: (progress) => reports.push(progress) });
      milliseconds = performance.now() - began;
      for (const { done, total } of reports) {
        assert.equal(total, num);
        assert.ok(Number.isInteger(done) && done > 0 && done <= total);
      }
    }
    for (let i = 1; i < reports.length; i++) assert.ok(reports[i].done > reports[i - 1].done);
    assert.ok(reports.length <= milliseconds / 100 + 2, `${reports.length} in ${milliseconds} ms`);
  });

  test('of several calls, each reports for itself, in the context in which it was made', async () => {
    const storage = new AsyncLocalStorage();
    const seen = new Map();
    const calls = [1, 2, 3].map((id) =>
      storage.run(id, () => {
        seen.set(id, []);
        return sumRange(id * 1000, (i) => i, {
          onProgress: ({ total }) => seen.get(id).push([storage.getStore(), total]),
        });
      }),
    );
    await Promise.all(calls);
    for (const [id, reports] of seen) assert.deepEqual(reports, [[id, id * 1000]]);
  });

  test('an abort by onProgress itself stops the call', async () => {
    const controller = new AbortController();
    const call = sumRange(2 ** 50, slow, {
      signal: controller.signal,
      onProgress: ({ done, total }) => {
        assert.ok(done < total);
        controller.abort('enough');
      },
    });
    const error = await rejects(() => call, 'ABORT_ERR');
    assert.equal(error.cause, 'enough');
  });

  test('an abort at done === total wins, until the promise has settled', async () => {
    const controller = new AbortController();
    const call = sumRange(10, (i) => i, { signal: controller.signal, onProgress: () => controller.abort() });
    await rejects(() => call, 'ABORT_ERR');
  });
});

describe('a call that is refused', () => {
  test('reports nothing', async () => {
    const onProgress = () => assert.fail('reported');
    const step = opaque(2);
    await rejects(() => sumRange(5, () => 'text', { onProgress }), 'ERR_UNSUPPORTED');
    await rejects(() => sumRange(5, (i) => i * step, { onProgress, data: { step: 3 } }), 'ERR_DIFFERS');
    await rejects(() => sumRange(5, (i) => i, { onProgress, signal: AbortSignal.abort() }), 'ABORT_ERR');
    const slots = new Int32Array(new SharedArrayBuffer(16));
    const large = (i) => i * 1_000_000_000;
    await rejects(() => sumIntoSharedBuffer(slots, 9, large, { onProgress }), 'ERR_OUT_OF_RANGE');
    assert.equal(slots[3], -1);
  });
});

describe('what onProgress throws', () => {
  test('is an uncaught exception, as in a listener of an event, and the call goes on', async () => {
    const result = await runChild(async (root) => {
      const { sumRange } = require(root);
      process.on('uncaughtException', ({ message }) => console.log(message));
      const onProgress = () => {
        throw new Error('mine');
      };
      const calls = [1, 2].map((num) => sumRange(num, (i) => i + 1, { onProgress }));
      console.log(`${await Promise.all(calls)}`);
    });
    const lines = result.stdout.trim().split('\n');
    assert.ok(lines.includes('1,3'));
    assert.ok(lines.includes('mine'));
  });

  test('ends the process if nobody handles it', async () => {
    await runChild(
      (root) => {
        require(root).sumRange(5, (i) => i, {
          onProgress() {
            throw new Error('mine');
          },
        });
      },
      {},
      { code: 1, stderr: /error: mine/i },
    );
  });
});

test('keeps no process alive, and leaves no timer', async () => {
  await runChild(
    async (root) => {
      const { sumRange } = require(root);
      const timers = () => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
      const before = timers();
      await sumRange(1e6, (i) => i, { onProgress() {} });
      require('node:assert/strict').equal(timers(), before);
      sumRange(1e6, (i) => i, { onProgress: ({ done }) => console.log(done) });
    },
    {},
    { stdout: /1000000\n$/ },
  );
});
