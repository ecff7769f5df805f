'use strict';

// Short calls with a body are over before they return: with the same results, and no call that may be aborted or may take long among them.

const assert = require('node:assert/strict');
const { AsyncLocalStorage } = require('node:async_hooks');
const { subscribe, unsubscribe } = require('node:diagnostics_channel');
const { once } = require('node:events');
const { Worker } = require('node:worker_threads');
const { test } = require('node:test');
const { argMax, count, findIndex, forRange, map, mean, min, sum, sumRange } = require('../..');
const { debug } = require('../helpers/binaries.js');
const { runChild } = require('../helpers/child.js');
const { rejects } = require('../helpers/rejects.js');

const newView = (length) => new Float64Array(new SharedArrayBuffer(8 * length));

/** A call is short if the last one was; a thread that was held up makes one look long. */
const ATTEMPTS = 10_000;

/** How many threads of the pool the calls that `run` makes may use: 0 for what this thread has done. */
function threadsOf(run) {
  const threads = [];
  const listen = (message) => threads.push(message.threads);
  subscribe('tracing:allcores:call:start', listen);
  try {
    run();
  } finally {
    unsubscribe('tracing:allcores:call:start', listen);
  }
  return threads;
}

/** Calls until this thread has done one. Resolves with its result; `check` looks at what there is when it returns. */
async function untilAtOnce(call, check = () => {}) {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    let promise;
    const [threads] = threadsOf(() => {
      promise = call();
    });
    if (threads === 0) check();
    await promise;
    if (threads === 0) return promise;
  }
  return assert.fail('no call runs on the thread that makes it');
}

const sum4 = newView(4).fill(2);
const one = (i) => i + 1;
const twice = (x) => 2 * x;

for (const [what, call, expected] of [
  ['sumRange', () => sumRange(4, one), 10],
  ['sumRange, two dimensions', () => sumRange([2, 2], (i, j) => i + j), 4],
  ['sum', () => sum(sum4, twice), 16],
  ['min', () => min(sum4, twice), 4],
  ['argMax', () => argMax(4, one), 3],
  ['mean', () => mean(4, one), 2.5],
  ['count', () => count(4, (i) => i > 1), 2],
  ['findIndex', () => findIndex(4, (i) => i > 1), 2],
]) {
  test(`${what}: on this thread`, async () => assert.equal(await untilAtOnce(call), expected));
}

test('forRange and map have stored all when they return', async () => {
  const a = newView(10);
  const fill = (i, { a, x }) => {
    a[i] = x;
  };
  let x = 0;
  const end = await untilAtOnce(
    () => forRange(10, fill, { data: { a, x: ++x } }),
    () => assert.equal(a[9], x),
  );
  assert.equal(end, undefined);
  const into = newView(10);
  const add = (y, _i, { x }) => x + y;
  const mapped = await untilAtOnce(
    () => map(a, add, { into, data: { x: ++x } }),
    () => assert.equal(into[9], x + a[9]),
  );
  assert.equal(mapped, into);
});

test('results are what they are otherwise', async () => {
  const half = (i) => i / 2;
  const negative = (x) => -x;
  const nothing = newView(0);
  const few = newView(3);
  for (let round = 0; round < 100; round++) {
    assert.equal(await sumRange(10, half), 22.5);
    assert.equal(await sumRange([2, 5], (i, j) => i * j), 10);
    assert.ok(Object.is(await sum(nothing, negative), 0), 'no -0');
    assert.ok(Object.is(await sum(few, negative), 0));
    assert.equal((await map(few, negative)).length, 3);
  }
});

test('a call that may be aborted, or reports, is never done by this thread', async () => {
  const a = newView(10);
  const increment = (i, { a }) => {
    a[i] += 1;
  };
  await untilAtOnce(() => forRange(10, increment, { data: { a } }));
  for (let round = 0; round < 100; round++) {
    const controller = new AbortController();
    let call;
    const [used] = threadsOf(() => {
      call = forRange(10, increment, { data: { a }, signal: controller.signal });
    });
    assert.ok(used > 0);
    controller.abort();
    await rejects(() => call, 'ABORT_ERR');
    const reports = [];
    await forRange(10, increment, { data: { a }, onProgress: ({ done }) => reports.push(done) });
    assert.deepEqual(reports, [10]);
  }
});

test('a body that turns out to take long does not hold up the event loop', async () => {
  const a = newView(1).fill(3);
  const loop = (i, { a }) => {
    let k = 0;
    while (k < a[0]) k++;
    return k + i;
  };
  for (let round = 0; round < 100; round++) assert.equal(await sumRange(2, loop, { data: { a } }), 7);
  a[0] = 2e7;
  let hasTurned = false;
  setImmediate(() => {
    hasTurned = true;
  });
  assert.equal(await sumRange(2, loop, { data: { a } }), 40_000_001);
  assert.ok(hasTurned);
});

test('a body with loops that stores what it does not read: on this thread, and elsewhere if it turns out to take long', async () => {
  const [turns, out] = [newView(1).fill(3), newView(4)];
  const loop = (i, { turns, out }) => {
    for (let k = 0; k <= turns[0]; k++) out[i] = k + i;
  };
  const data = { turns, out };
  await untilAtOnce(
    () => forRange(4, loop, { data }),
    () => assert.deepEqual([...out], [3, 4, 5, 6]),
  );
  turns[0] = 2e7;
  let hasTurned = false;
  setImmediate(() => {
    hasTurned = true;
  });
  await forRange(4, loop, { data });
  assert.deepEqual([...out], [2e7, 2e7 + 1, 2e7 + 2, 2e7 + 3]);
  assert.ok(hasTurned);
});

test('a body with loops that reads what it stores is never done by this thread', async () => {
  const a = newView(4);
  const add = (i, { a }) => {
    for (let k = 0; k < 3; k++) a[i] += 1;
  };
  for (let round = 0; round < 100; round++) {
    let call;
    const [used] = threadsOf(() => {
      call = forRange(4, add, { data: { a } });
    });
    assert.ok(used > 0);
    await call;
  }
  assert.deepEqual([...a], [300, 300, 300, 300]);
});

test('of calls at once that are a little longer, this thread does one', async () => {
  const loop = (i, { n }) => {
    let k = 0;
    while (k < n) k++;
    return k + i;
  };
  const counts = new Set();
  for (let n = 1000; !counts.has(1) && n < 1e6; n += n / 16) {
    const call = () => sumRange(1, loop, { data: { n } });
    for (let round = 0; round < 20; round++) await call();
    const calls = [];
    const threads = threadsOf(() => {
      for (let k = 0; k < 5; k++) calls.push(call());
    });
    await Promise.all(calls);
    counts.add(threads.filter((threads) => threads === 0).length);
  }
  assert.ok(counts.has(1), [...counts].join());
});

test('what cannot go on rejects, and says the same as ever', async () => {
  const a = new Int32Array(new SharedArrayBuffer(40));
  const add = (i, { a, n }) => Atomics.add(a, i + n, 1);
  for (let round = 0; round < 100; round++) {
    await sumRange(5, add, { data: { a, n: 0 } });
    await rejects(() => sumRange(5, add, { data: { a, n: 8 } }), 'ERR_OUT_OF_RANGE', /element 10 of "a"/);
  }
});

test('getters of data may call the same body, and change what there is', async () => {
  const body = (i, { x, a }) => a[i] + x;
  const buffer = new SharedArrayBuffer(80, { maxByteLength: 800 });
  const a = new Float64Array(buffer);
  const inner = [];
  for (let round = 0; round < 100; round++) {
    const data = {
      get x() {
        if (buffer.byteLength < 800) buffer.grow(buffer.byteLength + 8);
        inner.push(sumRange(2, body, { data: { x: 1000, a } }));
        a[0] = round;
        return 1;
      },
      a,
    };
    assert.equal(await sumRange(2, body, { data }), round + 2);
  }
  // An array is seen live, when its call is made or later.
  for (const [round, value] of (await Promise.all(inner)).entries()) {
    assert.ok(value === 2000 + round || value === 2000 + Math.max(0, round - 1), `${round}: ${value}`);
  }
});

test('the context is that of the call', async () => {
  const storage = new AsyncLocalStorage();
  const body = (i) => i + 1;
  for (let round = 0; round < 100; round++) {
    await storage.run(round, () => sumRange(4, body).then(() => assert.equal(storage.getStore(), round)));
  }
});

test('a worker may be terminated in the middle of many', async () => {
  for (let round = 0; round < 5; round++) {
    const worker = new Worker(
      `const { parentPort, workerData } = require('node:worker_threads');
       const { sumRange } = require(workerData);
       const body = (i) => i * 2;
       (async () => {
         for (let k = 0; ; k++) {
           await sumRange(100, body);
           if (k === 1000) parentPort.postMessage('running');
         }
       })();`,
      { eval: true, workerData: require.resolve('../..') },
    );
    await once(worker, 'message');
    assert.equal(await worker.terminate(), 1);
  }
});

test('a panic rejects one call', { skip: debug.skip }, async () => {
  await runChild(
    async (root) => {
      const assert = require('node:assert/strict');
      const { injectFault } = require(`${root}/native.js`);
      const { sumRange } = require(root);
      const { rejects } = require(`${root}/__test__/helpers/rejects.js`);
      const body = (i) => i + 1;
      for (let round = 0; round < 100; round++) {
        assert.equal(await sumRange(4, body), 10);
        injectFault('run');
        await rejects(() => sumRange(4, body), 'ERR_INTERNAL', /report/i);
      }
    },
    { env: { ...debug.env, RUST_BACKTRACE: '0' } },
    { stderr: /(?:)/ },
  );
});
