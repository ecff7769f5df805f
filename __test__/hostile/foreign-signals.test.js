'use strict';

// AbortSignals of other makers, and realms without any.

const assert = require('node:assert/strict');
const { describe, test } = require('node:test');
const { sumRange } = require('../..');
const { runChild } = require('../helpers/child.js');
const { rejects } = require('../helpers/rejects.js');

/** As a polyfill makes it: nothing of Node's, `aborted` on the prototype, no `reason`. */
class Signal {
  #aborted = false;
  listeners = new Set();
  get aborted() {
    return this.#aborted;
  }
  addEventListener(_type, listener) {
    this.listeners.add(listener);
  }
  removeEventListener(_type, listener) {
    this.listeners.delete(listener);
  }
  abort() {
    this.#aborted = true;
    for (const listener of this.listeners) listener({ type: 'abort' });
  }
}

describe('a signal of another maker', () => {
  test('stops a call, and keeps no listener', async () => {
    const signal = new Signal();
    assert.equal(await sumRange(10, { signal }), 45);
    assert.equal(signal.listeners.size, 0);
    const call = sumRange(10, { signal });
    signal.abort();
    await rejects(() => call, 'ABORT_ERR');
    assert.equal(signal.listeners.size, 0);
    await rejects(() => sumRange(10, { signal }), 'ABORT_ERR');
  });

  test('that throws in the middle is refused, or the call is answered', async () => {
    const poison = () => {
      throw new Error('poison');
    };
    for (const name of ['aborted', 'addEventListener']) {
      class Broken extends Signal {}
      Object.defineProperty(Broken.prototype, name, { get: poison });
      await rejects(() => sumRange(10, { signal: new Broken() }), 'ERR_INVALID_ARG_TYPE', /AbortSignal/);
    }
    class Refusing extends Signal {
      addEventListener() {
        poison();
      }
    }
    await rejects(() => sumRange(10, { signal: new Refusing() }), 'ERR_INVALID_ARG_TYPE', /AbortSignal/);
    class Sticky extends Signal {
      removeEventListener() {
        poison();
      }
    }
    assert.equal(await sumRange(10, { signal: new Sticky() }), 45);
  });
});

test('hostile signals are ERR_INVALID_ARG_TYPE', async () => {
  const { proxy, revoke } = Proxy.revocable(new AbortController().signal, {});
  revoke();
  const bare = Object.setPrototypeOf(new AbortController().signal, null);
  const forged = {};
  const { signal } = new AbortController();
  for (const symbol of Object.getOwnPropertySymbols(signal)) forged[symbol] = signal[symbol];
  for (const signal of [proxy, bare, forged]) {
    await rejects(() => sumRange(10, { signal }), 'ERR_INVALID_ARG_TYPE', /AbortSignal/);
  }
});

for (const [what, prepare] of [
  ['missing', 'delete globalThis.AbortSignal; delete globalThis.EventTarget;'],
  ['replaced by others', 'globalThis.AbortSignal = Other; globalThis.EventTarget = Object;'],
  ['replaced by one whose getter checks nothing', 'globalThis.AbortSignal = Unchecked;'],
]) {
  test(`AbortSignal and EventTarget are ${what}: we load, and Node's own signals work`, async () => {
    await runChild(
      async (root, source, prepare) => {
        const assert = require('node:assert/strict');
        const controller = new AbortController();
        const Other = new Function(`return ${source}`)();
        class Unchecked extends Other {
          get aborted() {
            return this.no;
          }
        }
        new Function('Other', 'Unchecked', prepare)(Other, Unchecked);
        const { sumRange } = require(root);
        const { signal } = controller;
        assert.equal(await sumRange(10, { signal }), 45);
        const call = sumRange(10, { signal });
        controller.abort('why');
        await assert.rejects(call, { code: 'ABORT_ERR', cause: 'why' });
        await assert.rejects(sumRange(10, { signal: {} }), { code: 'ERR_INVALID_ARG_TYPE' });
        const other = new Other();
        const second = sumRange(10, { signal: other });
        other.abort();
        await assert.rejects(second, { code: 'ABORT_ERR' });
      },
      { args: [`${Signal}`, prepare] },
    );
  });
}
