'use strict';

// Real AbortSignals that were tampered with, and code that runs in the middle of our own: a call never hangs, and never
// gets the answer of another.

const assert = require('node:assert/strict');
const { createHook } = require('node:async_hooks');
const { getEventListeners } = require('node:events');
const { describe, test } = require('node:test');
const { sum, sumIntoSharedBuffer, sumRange } = require('../..');
const { within } = require('../helpers/handshake.js');
const { rejects } = require('../helpers/rejects.js');
const { scale } = require('../helpers/scale.js');

const throws = () => {
  throw new Error('poison');
};

/** Right, or a coded error: resolves with what came. */
async function answer(call, right) {
  const seen = await within(
    call.catch((error) => error),
    'an answer',
    5000,
  );
  assert.ok((right && seen === right) || typeof seen?.code === 'string', `${seen?.stack ?? seen}`);
  return seen;
}

describe('own properties of a signal', () => {
  const lies = {
    'aborted is always false': { aborted: { get: () => false } },
    'aborted is always true': { aborted: { get: () => true } },
    'aborted throws': { aborted: { get: throws } },
    'reason throws': { reason: { get: throws } },
    'addEventListener throws': { addEventListener: { value: throws } },
    'addEventListener does nothing': { addEventListener: { value() {} } },
    'removeEventListener throws': { removeEventListener: { value: throws } },
    'removeEventListener does nothing': { removeEventListener: { value() {} } },
  };
  for (const [what, descriptors] of Object.entries(lies)) {
    test(`${what}: calls resolve, and an abort rejects them`, async () => {
      const controller = new AbortController();
      const { signal } = controller;
      Object.defineProperties(signal, descriptors);
      const strangers = () => Array.from({ length: 20 }, (_, i) => sumRange(100 + i));
      const before = strangers();
      const calls = Array.from({ length: 5 }, () => sumRange(10, { signal }));
      const after = strangers();
      assert.deepEqual(await within(Promise.all(calls), 'the calls'), [45, 45, 45, 45, 45]);
      for (const group of [before, after]) {
        const sums = await within(Promise.all(group), 'the strangers');
        assert.deepEqual(
          sums,
          group.map((_, i) => ((100 + i) * (99 + i)) / 2),
        );
      }
      const aborted = sumRange(10, { signal });
      controller.abort('why');
      assert.equal((await rejects(() => aborted, 'ABORT_ERR')).cause, 'why');
      assert.equal((await rejects(() => sumRange(10, { signal }), 'ABORT_ERR')).cause, 'why');
      assert.equal(getEventListeners(signal, 'abort').length, 0);
    });
  }

  test('a signal without a prototype: the call is refused or resolves, and other calls resolve', async () => {
    const { signal } = new AbortController();
    Object.setPrototypeOf(signal, null);
    const strangers = Array.from({ length: 20 }, (_, i) => sumRange(100 + i));
    const seen = await within(Promise.allSettled([1, 2, 3].map(() => sumRange(10, { signal }))), 'the calls');
    for (const { value, reason } of seen) {
      if (reason) assert.match(`${reason.code}`, /^ERR_INVALID_/);
      else assert.equal(value, 45);
    }
    assert.equal(
      new Set(seen.map(({ value, reason }) => reason?.code ?? value)).size,
      1,
      'each time the same',
    );
    const sums = await within(Promise.all(strangers), 'the strangers');
    assert.deepEqual(
      sums,
      sums.map((_, i) => ((100 + i) * (99 + i)) / 2),
    );
  });

  test('rejects with ERR_INVALID_ARG_TYPE for a proxy of a signal, and runs none of its traps', async () => {
    const traps = [];
    const handler = new Proxy({}, { get: (_target, trap) => void traps.push(trap) });
    const { signal } = new AbortController();
    for (const proxy of [new Proxy(signal, {}), new Proxy(signal, handler)]) {
      for (const call of [
        () => sumRange(10, { signal: proxy }),
        () => sumIntoSharedBuffer(new SharedArrayBuffer(16), 10, { signal: proxy }),
        () => sum(new Float64Array(new SharedArrayBuffer(8)), { signal: proxy }),
      ]) {
        await rejects(call, 'ERR_INVALID_ARG_TYPE', /"options\.signal"/);
      }
    }
    assert.deepEqual(traps, []);
    assert.equal(getEventListeners(signal, 'abort').length, 0);
  });

  test('an object that inherits from a signal gets an answer', async () => {
    // Node 24 sends it no events, but takes it for a signal.
    const controller = new AbortController();
    const signal = Object.create(controller.signal);
    await answer(sumRange(10, { signal }), 45);
    const call = answer(sumRange(10, { signal }), 45);
    controller.abort();
    await call;
    await answer(sumRange(10, { signal }));
  });

  test('a lie about aborted does not start a call on an aborted signal', async () => {
    const signal = AbortSignal.abort('why');
    Object.defineProperty(signal, 'aborted', { value: false });
    const view = new Int32Array(new SharedArrayBuffer(16)).fill(3);
    const error = await rejects(() => sumIntoSharedBuffer(view, 10, { signal }), 'ABORT_ERR');
    assert.equal(error.cause, 'why');
    assert.deepEqual([...view], [3, 3, 3, 3]);
  });

  test('methods of its own that call us do not mix up the calls that finish together', async () => {
    // While a batch of finished calls is being settled, this code starts new ones, which may get the numbers of
    // calls whose answers are still to be given out.
    const rounds = scale(20);
    const extra = [];
    for (let round = 0; round < rounds; round++) {
      const calls = Array.from({ length: 30 }, (_, i) => {
        const { signal } = new AbortController();
        signal.removeEventListener = function (...args) {
          extra.push(sumRange(5000), sumRange(6000));
          EventTarget.prototype.removeEventListener.apply(this, args);
        };
        return sumRange(1000 + i, { signal });
      });
      const sums = await within(Promise.all(calls), 'the calls', 5000);
      assert.deepEqual(
        sums,
        calls.map((_, i) => ((1000 + i) * (999 + i)) / 2),
      );
    }
    const sums = await within(Promise.all(extra), 'the calls made in between', 5000);
    assert.ok(sums.every((sum, i) => sum === (i % 2 ? 17_997_000 : 12_497_500)));
  });
});

test('async hooks that call us while promises are being settled do not mix up the calls', async () => {
  // promiseResolve hooks run inside of `resolve`, in the middle of a batch.
  let [budget, inside] = [0, false];
  const extra = [];
  const hook = createHook({
    promiseResolve() {
      if (inside || budget === 0) return;
      inside = true;
      budget--;
      extra.push(sumRange(5000));
      inside = false;
    },
  }).enable();
  try {
    for (let round = 0; round < scale(20); round++) {
      const calls = Array.from({ length: 40 }, (_, i) => sumRange(1000 + i));
      budget = 100;
      const sums = await within(Promise.all(calls), 'the calls', 5000);
      budget = 0;
      assert.deepEqual(
        sums,
        calls.map((_, i) => ((1000 + i) * (999 + i)) / 2),
      );
    }
  } finally {
    hook.disable();
  }
  assert.ok(extra.length > 0, 'the promise hook has called');
  const sums = await within(Promise.all(extra), 'the calls made in between', 5000);
  assert.ok(sums.every((sum) => sum === 12_497_500));
});

test('async hooks that abort calls about to be settled do not abort the new ones', async () => {
  // In the middle of a batch, calls further down have given their numbers back, but have no answer yet. New calls
  // take those numbers; an abort of the old ones must not reach them.
  const ours = new Set();
  let [creating, act] = [false, undefined];
  const hook = createHook({
    init(id, type) {
      if (creating && type === 'PROMISE') ours.add(id);
    },
    promiseResolve(id) {
      if (!act || !ours.has(id)) return;
      const actNow = act;
      act = undefined;
      actNow();
    },
  }).enable();
  const hooked = [];
  try {
    for (let round = 0; round < scale(20); round++) {
      const controller = new AbortController();
      const { signal } = controller;
      creating = true;
      const calls = Array.from({ length: 40 }, (_, i) => sumRange(1000 + i, { signal }));
      creating = false;
      act = () => {
        for (let i = 0; i < 40; i++) {
          const view = new Int32Array(new SharedArrayBuffer(16));
          const call = sumIntoSharedBuffer(view, 1000).catch((error) => error.code);
          hooked.push(call.then((sum) => [sum, view[3]]));
        }
        controller.abort();
      };
      const results = await within(Promise.allSettled(calls), 'the calls', 5000);
      results.forEach(({ status, value, reason }, i) => {
        if (status === 'rejected') assert.equal(reason.code, 'ABORT_ERR');
        else assert.equal(value, ((1000 + i) * (999 + i)) / 2);
      });
    }
  } finally {
    hook.disable();
  }
  assert.ok(hooked.length > 0, 'the promise hook has called');
  const answers = await within(Promise.all(hooked), 'the calls made in between', 5000);
  for (const answer of answers) assert.deepEqual(answer, [499_500, 0]);
});

describe('events without an abort', () => {
  test('do not make later calls deaf to the abort', async () => {
    const controller = new AbortController();
    const { signal } = controller;
    const first = answer(sumRange(10, { signal }), 45);
    signal.dispatchEvent(new Event('abort'));
    const view = new Int32Array(new SharedArrayBuffer(16));
    const second = rejects(() => sumIntoSharedBuffer(view, 10, { signal }), 'ABORT_ERR');
    controller.abort('for real');
    await first;
    assert.equal((await second).cause, 'for real');
    assert.equal(view[3], -1);
    assert.equal(getEventListeners(signal, 'abort').length, 0);
  });
});
