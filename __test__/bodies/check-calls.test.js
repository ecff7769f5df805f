'use strict';

// Before a compiled body runs first, it is compared with the function: how often that is called, and that it is stopped if
// it does not end.

const assert = require('node:assert/strict');
const { describe, test } = require('node:test');
const { sumRange } = require('../..');
const { runChild } = require('../helpers/child.js');
const { opaque } = require('../helpers/opaque.js');
const { rejects } = require('../helpers/rejects.js');
const { shared } = require('../helpers/views.js');

const f64 = (values) => shared(Float64Array, values);

describe('a function that does not end', () => {
  const never = opaque(false);
  for (const [what, body, data] of [
    [
      'a loop whose end it captures',
      (i) => {
        let k = 0;
        while (!never) k++;
        return i + k;
      },
      { never: true },
    ],
    ['a helper', (i) => forever(i), { forever: (x) => x }],
  ]) {
    test(`${what}: it is stopped`, async () => {
      const error = await rejects(() => sumRange(5, body, { data }), 'ERR_DIFFERS', /does not end at index/);
      assert.equal(typeof error.index, 'number');
      assert.equal(await sumRange(5, (i) => i), 10);
    });
  }

  function forever() {
    while (true);
  }

  test('with a debugger attached it is stopped too, but that is no difference', async () => {
    await runChild(
      async (root) => {
        const { sumRange } = require(root);
        const forever = () => {
          while (true);
        };
        console.log(await sumRange(5, (i) => forever(i), { data: { forever: (x) => x } }));
      },
      { execArgv: ['--inspect=0'] },
      { stdout: '10', stderr: /Debugger listening/ },
    );
  });

  test('where the compiled body does not end either: it is not called, and an abort stops the threads', async () => {
    const controller = new AbortController();
    const body = (i) => {
      let k = i;
      while (k >= 0) k++;
      return k;
    };
    const call = sumRange(5, body, { signal: controller.signal });
    controller.abort();
    await rejects(() => call, 'ABORT_ERR');
  });

  test('one that calls a global that the program has replaced is stopped', async () => {
    const { floor } = Math;
    const body = (i) => {
      let k = 0;
      while (k < 3) k = Math.floor(k) + 1;
      return k + i;
    };
    let call;
    try {
      Math.floor = () => 0;
      call = sumRange(5, body);
    } finally {
      Math.floor = floor;
    }
    await rejects(() => call, 'ERR_DIFFERS', /does not end|never ends|stopped/);
  });

  test('one that is held up is not called endless', async () => {
    const cell = new Int32Array(new SharedArrayBuffer(4));
    const rest = (x) => {
      Atomics.wait(cell, 0, 0);
      return x;
    };
    assert.equal(await sumRange(5, (i) => rest(i), { data: { rest: (x) => x } }), 10);
  });

  test('one that waits in a stand-in for a lock that another thread has is not called endless', async () => {
    const cell = new Int32Array(new SharedArrayBuffer(4));
    let isHeld = true;
    const take = (cell) => {
      // Is called with a stand-in, where it is too late to give anything back.
      if (isHeld) while (Atomics.compareExchange(cell, 0, 0, 1) !== 2);
      return 0;
    };
    const body = (i, { cell }) => take(cell) + Atomics.exchange(cell, 0, 0) + i;
    assert.equal(await sumRange(5, body, { data: { cell, take: (_cell) => 0 } }), 10);
    isHeld = false;
  });

  test('nothing is left on the global object', async () => {
    const before = Reflect.ownKeys(globalThis).length;
    let seen = 0;
    const look = (x) => {
      seen = Reflect.ownKeys(globalThis).length;
      return x;
    };
    assert.equal(await sumRange(5, (i) => look(i), { data: { look: (x) => x } }), 10);
    assert.deepEqual([seen, Reflect.ownKeys(globalThis).length], [before, before]);
  });
});

describe('how often the function is called', () => {
  /** A body that counts its calls, though the compiled one cannot. */
  const counted = (counter) => {
    const count = () => {
      counter.calls++;
      return 0;
    };
    return (i, { step }) => i * step + count();
  };
  const zero = () => 0;

  test('some 64 times at first, some 8 times with other data or for another function, and then not at all', async () => {
    const counter = { calls: 0 };
    const body = counted(counter);
    const callsFor = async (body, data) => {
      counter.calls = 0;
      await sumRange(1e6, body, { data: { ...data, count: zero } });
      return counter.calls;
    };
    const first = await callsFor(body, { step: 1 });
    assert.ok(first > 48 && first <= 64, `${first} calls`);
    assert.equal(await callsFor(body, { step: 1 }), 0);
    const later = await callsFor(body, { step: 2 });
    assert.ok(later > 0 && later <= 8, `${later} calls`);
    assert.equal(await callsFor(body, { step: 2 }), 0);
    assert.equal(await callsFor(body, { step: 1 }), 0);
    assert.ok((await callsFor(body, { step: -0 })) > 0);
    assert.ok((await callsFor(body, { step: 0 })) > 0, '0 is not -0');
    const other = await callsFor(counted(counter), { step: 1 });
    assert.ok(other > 0 && other <= 8, `${other} calls`);
  });

  test('other arrays, tables and helpers are other data; the same elements in a new small array are not', async () => {
    const counter = { calls: 0 };
    const count = () => {
      counter.calls++;
      return 0;
    };
    const body = (i, { view, table, own, half }) => view[i] + table[i] + own[i] + half(i) + count();
    const base = {
      view: f64([1, 2]),
      table: [1, 2],
      own: new Int8Array([1, 2]),
      half: (x) => x / 2,
      count: zero,
    };
    const callsFor = async (data) => {
      counter.calls = 0;
      await sumRange(2, body, { data: { ...base, ...data } });
      return counter.calls;
    };
    assert.equal(await callsFor({}), 2);
    assert.equal(await callsFor({}), 0);
    assert.equal(await callsFor({ table: [1, 2] }), 0);
    base.view[0] = 7;
    assert.equal(await callsFor({}), 0);
    assert.equal(await callsFor({ table: [1, 3] }), 2);
    assert.equal(await callsFor({ view: f64([1, 2]) }), 2);
    assert.equal(await callsFor({ own: new Int8Array([1, 2]) }), 2);
    assert.equal(await callsFor({ half: (x) => x / 2 }), 2);
  });

  test('each index of a short loop once, and none of an empty one', async () => {
    const seen = [];
    const note = (x) => {
      seen.push(x);
      return x;
    };
    const body = (i) => note(i);
    const data = { note: (x) => x };
    assert.equal(await sumRange(0, body, { data }), 0);
    assert.deepEqual(seen, []);
    assert.equal(await sumRange(20, body, { data }), 190);
    assert.deepEqual(
      seen.sort((a, b) => a - b),
      Array.from({ length: 20 }, (_, i) => i),
    );
  });

  test('not if the signal is aborted', async () => {
    let calls = 0;
    const count = (x) => {
      calls++;
      return x;
    };
    const options = { data: { count: (x) => x }, signal: AbortSignal.abort() };
    await rejects(() => sumRange(5, (i) => count(i), options), 'ABORT_ERR');
    assert.equal(calls, 0);
  });

  test('a difference is found again: a body that has failed has not passed', async () => {
    const step = opaque(3);
    const body = (i) => i * step;
    for (let call = 0; call < 3; call++) {
      await rejects(() => sumRange(100, body, { data: { step: 2 } }), 'ERR_DIFFERS');
      assert.equal(await sumRange(100, body, { data: { step } }), 14_850);
    }
  });

  test('a body with long loops, found right before, is still compared with other data', async () => {
    const step = opaque(3);
    const body = (i, { turns }) => {
      let sum = 0;
      for (let k = 0; k < turns; k++) sum += i * step;
      return sum;
    };
    assert.equal(await sumRange(10, body, { data: { step, turns: 1000 } }), 135_000);
    assert.equal(await sumRange(10, body, { data: { step, turns: 2000 } }), 270_000);
    // The first index alone is compared whatever its loops take, so from 1 on: 0 times anything is the same.
    await rejects(() => sumRange(10, body, { from: 1, data: { step: 2, turns: 2000 } }), 'ERR_DIFFERS');
  });
});
