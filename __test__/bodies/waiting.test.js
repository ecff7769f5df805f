'use strict';

// Bodies that look at an element, plainly, until others have changed it. Indices run in order then, so that a loop ends where the
// engine's own would; what waits for the rest of the program lets everything else go on. Each call has a limit, so that it fails
// where it would hang.

const assert = require('node:assert/strict');
const { test } = require('node:test');
const { Worker } = require('node:worker_threads');
const { explain, forRange, map, sum, sumRange, threads } = require('../..');
const { rejects } = require('../helpers/rejects.js');
const { scale } = require('../helpers/scale.js');
const { shared } = require('../helpers/views.js');

const LIMIT = 20_000;
const limited = (options) => ({ signal: AbortSignal.timeout(LIMIT), ...options });
const ones = (count) => new Array(count).fill(1);
const zeros = (count) => new Array(count).fill(0);
const COUNT = scale(2000);

const CHAINS = {
  while: (i, { done }) => {
    if (i > 0) while (done[i - 1] === 0);
    done[i] = 1;
  },
  'a loop that is left in its middle': (i, { done }) => {
    for (let turns = 0; i > 0; turns++) {
      if (done[i - 1] !== 0 && turns >= 0) break;
    }
    done[i] = 1;
  },
  'a helper function, and what it keeps': (i, { done, isDone }) => {
    let seen = i === 0;
    while (!seen) seen = isDone(done, i - 1);
    done[i] = 1;
  },
  'any of some elements': (i, { done }) => {
    let k = 0;
    while (i > 7 && done[i - 1 - k] === 0) k = k === 7 ? 0 : k + 1;
    done[i] = 1;
  },
  'a stored copy': (i, { done, copy }) => {
    while (i > 0 && copy[i] === 0) copy[i] = done[i - 1];
    done[i] = 1;
  },
};
const isDone = (done, k) => done[k] === 1;

for (const [name, body] of Object.entries(CHAINS)) {
  for (const limit of [1, threads]) {
    test(`each index waits for the one before: ${name}, ${limit === 1 ? 'one thread' : 'all threads'}`, async () => {
      const done = shared(Int32Array, zeros(COUNT));
      const copy = shared(Int32Array, zeros(COUNT));
      await forRange(COUNT, body, limited({ data: { done, copy, isDone }, threads: limit }));
      assert.deepEqual([...done], ones(COUNT));
    });
  }
}

test('the same in a sum, in two dimensions, and for elements of a view', async () => {
  let done = shared(Float64Array, zeros(COUNT));
  const term = (i, { done }) => {
    while (i > 0 && done[i - 1] === 0);
    done[i] = i + 1;
    return done[i];
  };
  assert.equal(await sumRange(COUNT, term, limited({ data: { done } })), (COUNT * (COUNT + 1)) / 2);

  done = shared(Float64Array, zeros(50 * 40));
  const point = (y, x, { done }) => {
    const k = y * 40 + x;
    if (k > 0) while (done[k - 1] === 0);
    done[k] = 1;
  };
  await forRange([50, 40], point, limited({ data: { done } }));
  assert.deepEqual([...done], ones(2000));

  const view = shared(Float32Array, zeros(COUNT));
  const element = (_x, i, { view }) => {
    while (i > 0 && view[i - 1] === 0);
    view[i] = 1;
    return 1;
  };
  assert.equal(await sum(view, element, limited({ data: { view } })), COUNT);
});

test('what an index waits for may be the same memory by another name', async () => {
  const buffer = new SharedArrayBuffer(4 * COUNT);
  const write = new Int32Array(buffer);
  const read = new Uint8Array(buffer);
  const body = (i, { read, write }) => {
    if (i > 0) while (read[4 * (i - 1)] === 0);
    write[i] = 1;
  };
  await forRange(COUNT, body, limited({ data: { read, write } }));
  assert.deepEqual([...write], ones(COUNT));
});

test('it may be what map has stored for an index before', async () => {
  const view = shared(Float64Array, ones(COUNT));
  const into = shared(Float64Array, zeros(COUNT));
  const body = (x, i, { into }) => {
    if (i > 0) while (into[i - 1] === 0);
    return x + (i > 0 ? into[i - 1] : 0);
  };
  await map(view, body, limited({ data: { into }, into }));
  assert.deepEqual(
    [...into],
    Array.from({ length: COUNT }, (_, i) => i + 1),
  );
});

test('a body that nobody answers holds nothing up, and ends when another thread has stored', async () => {
  const flag = shared(Int32Array, [0]);
  const wait = (i, { flag }) => {
    while (flag[0] === 0);
    return i + flag[0];
  };
  const call = sumRange(4 * threads, wait, limited({ data: { flag } }));
  let isOver = false;
  call.then(() => {
    isOver = true;
  });
  for (let k = 0; k < 20; k++) assert.equal(await sumRange(1000, (i) => i), 499_500);
  assert.ok(!isOver);
  const worker = new Worker('const { workerData: flag } = require("node:worker_threads"); flag[0] = 1;', {
    eval: true,
    workerData: flag,
  });
  const n = 4 * threads;
  assert.equal(await call, (n * (n - 1)) / 2 + n);
  await worker.terminate();
});

test('a body that waits for what never comes can be aborted', async () => {
  const done = shared(Int32Array, zeros(1000));
  for (const body of [
    (i, { done }) => {
      while (done[i] === 0);
      done[i] = 1;
    },
    (i, { done }) => {
      while (done[i + 1] === 0);
      done[i] = 1;
    },
  ]) {
    const controller = new AbortController();
    const call = forRange(1000, body, { data: { done }, signal: controller.signal });
    assert.equal(await sumRange(1000, (i) => i), 499_500);
    controller.abort();
    await rejects(() => call, 'ABORT_ERR');
  }
});

test('explain says that indices run one after the other', () => {
  const done = shared(Int32Array, zeros(10));
  const { text, engine } = explain(CHAINS.while, { data: { done } });
  assert.match(text, /each index runs by itself/);
  assert.equal(engine, explain((i) => i).engine, 'as any other body');
  const { text: other } = explain((i, { done }) => (done[i] += done[i + 1]), { data: { done } });
  assert.doesNotMatch(other, /each index runs by itself/);
});
