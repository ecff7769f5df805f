'use strict';

// Sums in flight: aborted at any moment, their thread terminated, many at once, short ones beside long ones, and the event
// loop meanwhile.

const assert = require('node:assert/strict');
const { getEventListeners } = require('node:events');
const { describe, test } = require('node:test');
const { sum, sumRange } = require('../..');
const { binaries } = require('../helpers/binaries.js');
const { runChild } = require('../helpers/child.js');
const { gc } = require('../helpers/gc.js');
const { spin } = require('../helpers/handshake.js');
const { rejects } = require('../helpers/rejects.js');
const { scale } = require('../helpers/scale.js');
const { noTasks, poolTasks } = require('../helpers/tasks.js');

const MIB = 2 ** 20;

/** Memory that is never written costs address space only; the first sum of it takes the system long. */
const zeros = (bytes) => new Float64Array(new SharedArrayBuffer(bytes));

const ones = (length) => new Float64Array(new SharedArrayBuffer(8 * length)).fill(1);

async function aborts(call, reason) {
  const error = await rejects(call, 'ABORT_ERR');
  assert.ok(Object.is(error.cause, reason), 'its cause is the reason of the signal');
}

describe('abort', () => {
  test('before the call: nothing starts', async () => {
    const signal = AbortSignal.abort('early');
    const began = performance.now();
    await aborts(() => sum(zeros(512 * MIB), { signal }), 'early');
    await aborts(() => sum(ones(0), { signal }), 'early');
    await aborts(() => sum(new BigInt64Array(new SharedArrayBuffer(8)), { signal }), 'early');
    assert.ok(performance.now() - began < 1000);
    assert.equal(getEventListeners(signal, 'abort').length, 0);
  });

  test('in the same turn: it wins, however short the sum', async () => {
    for (const view of [
      ones(0),
      ones(1),
      ones(1000),
      ones(100_000),
      new BigUint64Array(new SharedArrayBuffer(80)),
    ]) {
      for (let i = 0; i < scale(20); i++) {
        const controller = new AbortController();
        const call = sum(view, { signal: controller.signal });
        assert.equal(getEventListeners(controller.signal, 'abort').length, 1);
        // With time for the sum to be done, and without.
        if (i % 2) spin(0.2);
        controller.abort(i);
        await aborts(() => call, i);
        assert.equal(getEventListeners(controller.signal, 'abort').length, 0);
      }
    }
  });

  test('in the middle of a long sum: promptly, and the threads are idle again', {
    skip: noTasks,
  }, async () => {
    const used = () => poolTasks().reduce((total, { runNanoseconds }) => total + runNanoseconds, 0) / 1e6;
    await sumRange(10);
    const attempts = [];
    for (let attempt = 0; attempt < 4; attempt++) {
      const controller = new AbortController();
      const start = used();
      const call = sum(zeros(512 * MIB), { signal: controller.signal });
      // In the middle: the threads have worked on it for some milliseconds.
      const limit = performance.now() + 10_000;
      while (used() - start < 4) {
        assert.ok(performance.now() < limit, 'no thread has begun');
        await new Promise(setImmediate);
      }
      const began = performance.now();
      controller.abort('now');
      await aborts(() => call, 'now');
      const latency = performance.now() - began;
      const settled = used();
      spin(20);
      attempts.push({ latency, after: used() - settled });
      gc();
    }
    // The best of four: the machine may be busy, but not every time. A whole sum takes tens of milliseconds at least.
    assert.ok(Math.min(...attempts.map(({ latency }) => latency)) < 10, JSON.stringify(attempts));
    assert.ok(Math.min(...attempts.map(({ after }) => after)) < 2, JSON.stringify(attempts));
  });

  test('at any moment: either way all is consistent', async () => {
    const view = ones(200_000);
    let [done, aborted] = [0, 0];
    for (let i = 0; i < scale(300) || ((done === 0 || aborted === 0) && i < 5000); i++) {
      const controller = new AbortController();
      const call = sum(view, { signal: controller.signal });
      for (let turn = 0; turn < i % 8; turn++) await new Promise(setImmediate);
      controller.abort();
      await call.then(
        (result) => {
          assert.equal(result, 200_000);
          done++;
        },
        (error) => {
          assert.equal(error.code, 'ABORT_ERR');
          aborted++;
        },
      );
    }
    assert.ok(done > 0 && aborted > 0, `${done} done, ${aborted} aborted`);
    assert.equal(await sum(view), 200_000);
  });

  test('after the promise is settled: nothing happens', async () => {
    const controller = new AbortController();
    const call = sum(ones(1000), { signal: controller.signal });
    assert.equal(await call, 1000);
    assert.equal(getEventListeners(controller.signal, 'abort').length, 0);
    controller.abort();
    await new Promise(setImmediate);
    assert.equal(await call, 1000);
  });

  test('one of many on the same view: the others are exact', async () => {
    const view = ones(100_000);
    const jobs = Array.from({ length: scale(100) }, (_, i) => {
      const controller = new AbortController();
      return { controller, call: sum(view.subarray(i), { signal: controller.signal }), i };
    });
    for (const { controller, i } of jobs) if (i % 3 === 0) controller.abort(i);
    await Promise.all(
      jobs.map(async ({ call, i }) => {
        if (i % 3 === 0) await aborts(() => call, i);
        else assert.equal(await call, 100_000 - i);
      }),
    );
  });

  test('by AbortSignal.timeout and any', async () => {
    const signal = AbortSignal.any([AbortSignal.timeout(5), new AbortController().signal]);
    let error;
    // Until the time is over, which may be during or between two sums.
    while (error === undefined) {
      await sum(ones(500_000), { signal }).catch((reason) => {
        error = reason;
      });
    }
    assert.equal(error.code, 'ABORT_ERR');
    assert.equal(error.cause.name, 'TimeoutError');
  });
});

describe('many at once', () => {
  test('a short sum is settled while a long one runs', async () => {
    const order = [];
    const long = sum(zeros(512 * MIB)).then((result) => order.push(['long', result]));
    const short = sum(ones(1000)).then((result) => order.push(['short', result]));
    await Promise.all([long, short]);
    assert.deepEqual(order, [
      ['short', 1000],
      ['long', 0],
    ]);
  });

  test('a thousand short sums beside long ones', async () => {
    const big = Array.from({ length: 3 }, (_, i) => {
      const view = zeros(128 * MIB);
      view[view.length - 1] = i + 0.5;
      return sum(view);
    });
    let over = 0;
    for (const call of big) call.then(() => over++);
    const small = ones(2000);
    const results = await Promise.all(Array.from({ length: 1000 }, (_, i) => sum(small.subarray(i))));
    assert.ok(over < big.length, 'the long ones are over already');
    assert.deepEqual(
      results,
      Array.from({ length: 1000 }, (_, i) => 2000 - i),
    );
    assert.deepEqual(await Promise.all(big), [0.5, 1.5, 2.5]);
  });

  test('the same view a hundred times, with every number of threads', async () => {
    const { threads } = require('../..');
    const view = ones(100_000);
    const calls = Array.from({ length: 100 }, (_, i) => sum(view, { threads: 1 + (i % threads) }));
    assert.deepEqual(await Promise.all(calls), new Array(100).fill(100_000));
  });

  test('from many threads of the process, on one view', async () => {
    const { runWorker } = require('../helpers/worker.js');
    const view = ones(100_000);
    const answers = Array.from({ length: 4 }, () =>
      runWorker(async (root, view) => {
        const { sum } = require(root);
        const results = new Set();
        for (let i = 0; i < 20; i++)
          for (const result of await Promise.all([sum(view), sum(view)])) results.add(result);
        require('node:worker_threads').parentPort.postMessage([...results]);
      }, view),
    );
    for (const answer of await Promise.all(answers)) assert.deepEqual(answer, [100_000]);
  });
});

describe('the event loop', () => {
  test('turns while a sum is in flight', async () => {
    let [turns, over] = [0, false];
    const call = sum(zeros(512 * MIB)).finally(() => {
      over = true;
    });
    while (!over) {
      await new Promise(setImmediate);
      turns++;
    }
    assert.equal(await call, 0);
    assert.ok(turns > 20, `${turns} turns`);
  });

  test('gets control back from a call at once, however long the sum takes', async () => {
    const attempts = [];
    for (let i = 0; i < 4; i++) {
      const view = zeros(128 * MIB);
      const began = performance.now();
      const call = sum(view);
      const back = performance.now();
      await call;
      attempts.push([back - began, performance.now() - began]);
    }
    const share = Math.min(...attempts.map(([back, all]) => back / all));
    assert.ok(share < 0.1, JSON.stringify(attempts));
  });
});

test('the memory stays while a sum is in flight, even when nobody else holds it', async () => {
  const start = (i) => {
    // Untouched memory: every page that is summed has to be found first, which takes a while.
    const view = new Float64Array(new SharedArrayBuffer(2 ** 26));
    view[0] = i;
    const one = { buffer: new WeakRef(view.buffer), pending: true };
    one.call = sum(view).finally(() => {
      one.pending = false;
    });
    return one;
  };
  const all = Array.from({ length: 8 }, (_, i) => start(i));
  let seen = 0;
  while (all.some(({ pending }) => pending)) {
    // What a WeakRef has given out stays until the turn is over.
    await new Promise(setImmediate);
    gc();
    for (const { pending, buffer } of all) {
      if (!pending) continue;
      assert.ok(buffer.deref(), 'collected while its sum is in flight');
      seen++;
    }
  }
  assert.ok(seen > 0, 'no sum was in flight when the garbage was collected');
  for (const [i, { call }] of all.entries()) assert.equal(await call, i);
});

/** In a child process: workers with sums in flight on memory that only they hold are terminated, one after the other. */
async function terminate(root, rounds) {
  const assert = require('node:assert/strict');
  const { Gates, spin } = require(`${root}/__test__/helpers/handshake.js`);
  const { startWorker } = require(`${root}/__test__/helpers/worker.js`);
  const { sum } = require(root);

  async function lane(me) {
    for (let round = me; round < rounds; round += 2) {
      const gates = new Gates();
      const worker = startWorker((root, cells) => {
        const { Gates } = require(`${root}/__test__/helpers/handshake.js`);
        const { sum } = require(root);
        const ignore = () => {};
        for (const View of [Float64Array, Uint8Array, BigInt64Array, Float32Array]) {
          sum(new View(new SharedArrayBuffer(64 * 2 ** 20))).catch(ignore);
          sum(new View(new SharedArrayBuffer(2 ** 16))).catch(ignore);
        }
        // And some that are submitted while the thread is being stopped.
        const again = () => sum(new Float64Array(new SharedArrayBuffer(2 ** 18))).then(again, ignore);
        again();
        new Gates(cells).raise(0);
      }, gates.cells);
      await gates.until(0);
      // From at once to a little later: the sums are at every stage.
      spin((round % 8) / 4);
      assert.equal(await worker.terminate(), 1);
    }
  }

  // Sums of this thread go on untouched.
  const view = new Float64Array(new SharedArrayBuffer(8 * 100_000)).fill(1);
  let over = false;
  const mine = (async () => {
    let count = 0;
    for (; !over; count++) assert.equal(await sum(view), 100_000);
    return count;
  })();
  await Promise.all([lane(0), lane(1)]);
  over = true;
  assert.ok((await mine) > 10);
  console.log('done');
}

/** In a child process: the main thread comes to its end while sums are in flight that it does not wait for. */
function fallOff(root, wait) {
  const { sum } = require(root);
  const log = [];
  process.on('exit', (code) => console.log(code, log.sort().join(' ')));
  for (let i = 0; i < 4; i++) {
    const view = new Float64Array(new SharedArrayBuffer(64 * 2 ** 20));
    view[view.length - 1] = i;
    sum(view).then((result) => log.push(result));
  }
  sum(new BigInt64Array(new SharedArrayBuffer(2 ** 20)).fill(-1n)).then((result) => log.push(`${result}`));
  setTimeout(() => {}, wait);
}

for (const { name, env, skip } of binaries) {
  describe(name, { skip }, () => {
    test('workers are terminated with sums in flight', () =>
      runChild(terminate, { args: [scale(50)], env, limit: 60_000 * scale(1) }, { stdout: 'done' }));

    test('the main thread ends with sums in flight: they are settled first', async () => {
      for (let i = 0; i < scale(2); i++) {
        await runChild(fallOff, { args: [i % 4], env }, { stdout: '0 -131072 0 1 2 3' });
      }
    });

    test('process.exit() with sums in flight', async () => {
      await runChild(
        (root) => {
          const { sum } = require(root);
          for (let i = 0; i < 4; i++) sum(new Uint8Array(new SharedArrayBuffer(256 * 2 ** 20)));
          setImmediate(() => process.exit(7));
        },
        { env },
        { code: 7 },
      );
    });
  });
}
