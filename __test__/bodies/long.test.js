'use strict';

// Bodies that take long for a single index, or never end: others have their turns meanwhile, and they can be stopped.

const assert = require('node:assert/strict');
const { once } = require('node:events');
const { Worker } = require('node:worker_threads');
const { test } = require('node:test');
const { forRange, map, sum, sumIntoSharedBuffer, sumRange, threads } = require('../..');
const { rejects } = require('../helpers/rejects.js');
const { runChild } = require('../helpers/child.js');

/** Runs until element 0 is not 0 any more. The check leaves it out: it takes too many turns. */
const wait = (i, { flag }) => {
  let turns = 0;
  while (Atomics.load(flag, 0) === 0) turns++;
  return turns < 0 ? i : 1;
};

const newFlag = () => new Int32Array(new SharedArrayBuffer(64));

test('short calls do not wait for bodies that take long, however many they are', async () => {
  const flags = [newFlag(), newFlag()];
  const long = flags.map((flag) => sumRange(4 * threads, wait, { data: { flag } }));
  let ended = 0;
  for (const call of long) call.then(() => ended++);
  const view = new Float64Array(new SharedArrayBuffer(2 ** 16)).fill(0.5);
  for (let k = 0; k < 20; k++) {
    assert.equal(await sumRange(1_000_000), 499_999_500_000);
    assert.equal(await sum(view, (x) => 2 * x), view.length);
    assert.equal(await sumRange(1000, (i) => i), 499_500);
  }
  assert.equal(ended, 0);
  for (const flag of flags) Atomics.store(flag, 0, 1);
  assert.deepEqual(await Promise.all(long), [4 * threads, 4 * threads]);
});

const endless = (i) => {
  let k = 0;
  while (k >= 0) k = (k + 1) % 1000;
  return k + i;
};

const target = () => new BigInt64Array(new SharedArrayBuffer(80));
const view = () => new Float64Array(new SharedArrayBuffer(80));

for (const [name, call] of [
  ['sumRange', (options) => sumRange(1e6, endless, options)],
  ['sumIntoSharedBuffer', (options) => sumIntoSharedBuffer(target(), 100, endless, options)],
  ['sum', (options) => sum(view(), endless, options)],
  ['map', (options) => map(view(), endless, options)],
  [
    'forRange',
    (options) =>
      forRange(
        100,
        () => {
          while (true);
        },
        options,
      ),
  ],
]) {
  test(`${name}: a body that never ends can be aborted`, async () => {
    const controller = new AbortController();
    const call_ = call({ signal: controller.signal });
    await sumRange(1_000_000);
    controller.abort();
    await rejects(() => call_, 'ABORT_ERR');
  });
}

test('calls are answered while twenty others never end', async () => {
  const controller = new AbortController();
  const endings = Array.from({ length: 20 }, () =>
    rejects(() => sumRange(1e6, endless, { signal: controller.signal }), 'ABORT_ERR'),
  );
  for (let round = 0; round < 20; round++) {
    assert.equal(await sumRange(1000, (i) => i), 499_500);
    assert.equal(await sumRange(1000), 499_500);
  }
  controller.abort();
  await Promise.all(endings);
});

test('workers can be terminated whose bodies never end', async () => {
  const source = `
    const { sumRange } = require(${JSON.stringify(require.resolve('../..'))});
    const { parentPort } = require('node:worker_threads');
    for (let k = 0; k < 3; k++) {
      sumRange(1e6, ${endless}).then(() => process.exit(1), () => {});
    }
    parentPort.postMessage('busy');
  `;
  for (let round = 0; round < 3; round++) {
    const workers = Array.from({ length: 3 }, () => new Worker(source, { eval: true }));
    await Promise.all(workers.map((worker) => once(worker, 'message')));
    await Promise.all(workers.map((worker) => worker.terminate()));
    assert.equal(await sumRange(1000, (i) => i), 499_500);
  }
});

test('a process can exit while bodies run that never end', async () => {
  await runChild(
    async (root, source) => {
      const { sumRange } = require(root);
      const endless = new Function(`return ${source}`)();
      for (let k = 0; k < 3; k++) sumRange(1e6, endless);
      await sumRange(1_000_000);
      process.exit(0);
    },
    { args: [String(endless)] },
  );
});
