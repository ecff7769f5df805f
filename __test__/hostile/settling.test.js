'use strict';

// Calls that finish together are settled together. Nothing that a program does to one of them, or in the middle, keeps
// another from its answer, or gives it a wrong one.

const assert = require('node:assert/strict');
const { createHook } = require('node:async_hooks');
const { test } = require('node:test');
const { sum, sumIntoSharedBuffer, sumRange } = require('../..');
const { debug } = require('../helpers/binaries.js');
const { runChild } = require('../helpers/child.js');

test('a signal that has lost its prototype since', async () => {
  const { signal } = new AbortController();
  const calls = [sumRange(10, { signal }), sumRange(11)];
  Object.setPrototypeOf(signal, null);
  assert.deepEqual(await Promise.all(calls), [45, 55]);
});

test('setters on Object.prototype for every name that a call has', async () => {
  const names = [
    'id',
    'aborted',
    'resolve',
    'reject',
    'signal',
    'slots',
    'flag',
    'calls',
    'onAbort',
    'code',
    'cause',
  ];
  await runChild(
    async (root, names) => {
      const assert = require('node:assert/strict');
      const { sumIntoSharedBuffer, sumRange } = require(root);
      const { signal } = new AbortController();
      const aborted = AbortSignal.abort(7);
      const view = new Int32Array(new SharedArrayBuffer(16));
      let touched = 0;
      for (const name of names) {
        Object.defineProperty(Object.prototype, name, {
          configurable: true,
          set() {
            touched++;
          },
        });
      }
      const calls = [
        sumRange(10, { signal }),
        sumIntoSharedBuffer(view, 10),
        sumRange(-1).catch((error) => error.code),
        sumRange(1, { signal: aborted }).catch((error) => [error.code, error.cause]),
      ];
      const waiting = Atomics.waitAsync(view, 3, 10);
      const answers = await Promise.all(calls);
      for (const name of names) delete Object.prototype[name];
      assert.deepEqual(answers, [45, 45, 'ERR_OUT_OF_RANGE', ['ABORT_ERR', 7]]);
      if (waiting.async) assert.equal(await waiting.value, 'ok');
      assert.equal(touched, 0);
    },
    { args: [names] },
  );
});

test('small sums in the middle of a batch do not get into the other answers', async () => {
  const small = new Int32Array(new SharedArrayBuffer(8)).fill(4);
  const extra = [];
  let on = false;
  const hook = createHook({
    promiseResolve() {
      if (!on) return;
      on = false;
      extra.push(sum(small));
      on = true;
    },
  }).enable();
  try {
    const calls = Array.from({ length: 100 }, (_, i) =>
      i % 2 ? sumRange(1000 + i) : sumRange(BigInt(1000 + i)),
    );
    on = true;
    const answers = await Promise.all(calls);
    on = false;
    answers.forEach((answer, i) => {
      assert.equal(Number(answer), ((1000 + i) * (999 + i)) / 2);
    });
    assert.ok(extra.length >= 100, `${extra.length} sums in between`);
    assert.ok((await Promise.all(extra)).every((answer) => answer === 8));
  } finally {
    on = false;
    hook.disable();
  }
});

test('promise hooks that throw cost no call its answer', async () => {
  await runChild(async (root) => {
    const assert = require('node:assert/strict');
    const { promiseHooks } = require('node:v8');
    const { sumRange } = require(root);
    let on = false;
    let thrown = 0;
    const poison = () => {
      if (on) throw new Error('poison');
    };
    process.on('uncaughtException', (error) => {
      if (error.message !== 'poison') throw error;
      thrown++;
    });
    const stop = promiseHooks.createHook({ init: poison, settled: poison });
    const answers = [];
    on = true;
    for (let i = 0; i < 50; i++) {
      sumRange(i + 1).then((answer) => {
        answers[i] = answer;
      });
    }
    while (answers.filter((answer) => answer !== undefined).length < 50) {
      await new Promise(setImmediate);
    }
    on = false;
    stop();
    answers.forEach((answer, i) => {
      assert.equal(answer, (i * (i + 1)) / 2);
    });
    assert.ok(thrown >= 100, `${thrown} hooks have thrown`);
  });
});

test('a request that is left out is not read from a buffer that is busy', async () => {
  const view = new BigInt64Array(new SharedArrayBuffer(8 * 1_000_001));
  const controller = new AbortController();
  const first = sumIntoSharedBuffer(view, 1_000_000, { signal: controller.signal });
  controller.abort();
  // The last slot may be -1 by now; that is the first call's business.
  await assert.rejects(sumIntoSharedBuffer(view), { code: 'ERR_BUFFER_BUSY' });
  await assert.rejects(first, { code: 'ABORT_ERR' });
  assert.equal(view[1_000_000], -1n);
  await assert.rejects(sumIntoSharedBuffer(view), { code: 'ERR_OUT_OF_RANGE' });
  view[1_000_000] = 5n;
  assert.equal(await sumIntoSharedBuffer(view), 10n);
});

test('a panic on the calling thread is ERR_INTERNAL as well', { skip: debug.skip }, async () => {
  await runChild(
    async (root) => {
      const assert = require('node:assert/strict');
      const { sumRange } = require(root);
      require(`${root}/native.js`).injectFault('submit');
      await assert.rejects(sumRange(10), { code: 'ERR_INTERNAL', name: 'Error' });
      assert.equal(await sumRange(10), 45);
    },
    { env: debug.env },
    { stderr: /a fault was injected at Submit/ },
  );
});
