'use strict';

// What the end of one thread means to the others: their calls go on untouched, and what it had in flight is marked as
// failed and free again.

const assert = require('node:assert/strict');
const { describe, test } = require('node:test');
const { sumIntoSharedBuffer, sumRange } = require('../..');
const { binaries } = require('../helpers/binaries.js');
const { runChild } = require('../helpers/child.js');
const { Gates, patience, spinUntil } = require('../helpers/handshake.js');
const { longTarget, startLong } = require('../helpers/jobs.js');
const { scale } = require('../helpers/scale.js');
const { startWorker } = require('../helpers/worker.js');

describe('the target of a terminated worker', () => {
  test('has -1 in its last slot, is written no more, and is free', async () => {
    // On a busy machine the call can be over before the worker is: then the slot holds a truthful 0.
    let failed = 0;
    const patient = patience();
    while (failed < 3 && patient()) {
      const { view, num, total, last } = longTarget();
      const worker = startWorker(
        (root, { view, num }) => {
          require(root).sumIntoSharedBuffer(view, num, { threads: 1 });
          setInterval(() => {}, 1000);
        },
        { view, num },
      );
      spinUntil(() => Atomics.load(view, 1) !== 0n, 'the first slots');
      await worker.terminate();
      const flag = Atomics.load(view, last);
      assert.ok(flag === -1n || flag === 0n, `the flag is ${flag}`);
      const before = view.slice();
      await sumRange(10_000);
      assert.deepEqual(view, before);
      if (flag === -1n) {
        failed++;
        assert.equal(view[last - 1], 0n, 'it had not come to the end');
      }
      assert.equal(await sumIntoSharedBuffer(view, num), total);
    }
    assert.ok(failed > 0, 'no worker was stopped in the middle of its call');
  });

  test('never keeps its request when the worker was blocked after its call', async () => {
    for (let i = 0; i < scale(4, 10); i++) {
      const view = new Int32Array(new SharedArrayBuffer(64));
      const gates = new Gates();
      const worker = startWorker(
        (root, { view, cells }) => {
          const { Gates } = require(`${root}/__test__/helpers/handshake.js`);
          require(root).sumIntoSharedBuffer(view, 1000);
          new Gates(cells).raise(0);
          Atomics.wait(cells, 15, 0);
        },
        { view, cells: gates.cells },
      );
      gates.wait(0);
      await worker.terminate();
      assert.ok(view[15] === 0 || view[15] === -1, `${view[15]}`);
      assert.equal(await sumIntoSharedBuffer(view, 1000), 499_500);
    }
  });
});

test('the calls of other threads go on untouched', async () => {
  const long = startLong(sumIntoSharedBuffer);
  const shared = new BigInt64Array(new SharedArrayBuffer(8 * 8 * 1000));
  const survivor = startWorker(
    async (root, { shared, rounds }) => {
      const { sumIntoSharedBuffer } = require(root);
      const view = shared.subarray(7000, 8000);
      for (let i = 0; i < rounds; i++) {
        const num = 1000 + i;
        if (Number(await sumIntoSharedBuffer(view, num)) !== (num * (num - 1)) / 2) throw new Error(`${num}`);
      }
      require('node:worker_threads').parentPort.postMessage('survived');
    },
    { shared, rounds: scale(500) },
  );
  const survived = new Promise((resolve, reject) => survivor.once('message', resolve).once('error', reject));
  for (let round = 0; round < scale(6); round++) {
    const gates = new Gates();
    const victim = startWorker(
      (root, { cells, view }) => {
        const { Gates } = require(`${root}/__test__/helpers/handshake.js`);
        const { sumRange, sumIntoSharedBuffer } = require(root);
        sumIntoSharedBuffer(view, 10_000);
        for (let i = 0; i < 100; i++) sumRange(10_000_000 + i);
        new Gates(cells).raise(0);
        setInterval(() => {}, 1000);
      },
      { cells: gates.cells, view: shared.subarray((round % 6) * 1000, (round % 6) * 1000 + 1000) },
    );
    const mine = Array.from({ length: 100 }, (_, i) => sumRange(2000 + i));
    gates.wait(0);
    await victim.terminate();
    const sums = await Promise.all(mine);
    assert.ok(sums.every((sum, i) => sum === ((2000 + i) * (1999 + i)) / 2));
  }
  assert.equal(await survived, 'survived');
  assert.equal(await long.call, long.total);
});

test('on one memory, the calls of three threads are exact while a fourth aborts its own, or is terminated', async () => {
  const memory = new SharedArrayBuffer(2 ** 20);
  const ones = new Float64Array(memory, 0, 2 ** 16).fill(1);
  const slots = Array.from({ length: 4 }, (_, i) => new Int32Array(memory, 2 ** 19 + i * 4096, 1024));
  // Gate 0 is raised when it is over, the others when a survivor has called.
  const stage = new Gates();
  const survivors = slots.slice(1).map((slots, i) =>
    startWorker(
      async (root, { ones, slots, cells, me }) => {
        const { Gates } = require(`${root}/__test__/helpers/handshake.js`);
        const { sum, sumIntoSharedBuffer } = require(root);
        const stage = new Gates(cells);
        let calls = 0;
        for (let num = 1000; stage.value(0) === 0; num = 1000 + (calls % 5000)) {
          const [total, length] = await Promise.all([sumIntoSharedBuffer(slots, num), sum(ones)]);
          if (total !== (num * (num - 1)) / 2 || length !== ones.length)
            throw new Error(`${num}: ${total}, ${length}`);
          calls++;
          stage.raise(me);
          // Leaves the machine some room for the fourth.
          await new Promise((resolve) => setTimeout(resolve, 1));
        }
        require('node:worker_threads').parentPort.postMessage('over');
      },
      { ones, slots, cells: stage.cells, me: i + 1 },
    ),
  );
  const answers = survivors.map(
    (worker) => new Promise((resolve, reject) => worker.once('message', resolve).once('error', reject)),
  );
  for (const answer of answers) answer.catch(() => {});
  for (const me of [1, 2, 3]) await stage.until(me);

  const rounds = scale(20, 100);
  for (let round = 0; round < rounds; round++) {
    const gates = new Gates();
    const victim = startWorker(
      (root, { ones, slots, cells }) => {
        const { Gates } = require(`${root}/__test__/helpers/handshake.js`);
        const { sum, sumIntoSharedBuffer } = require(root);
        const again = () => {
          const controller = new AbortController();
          const { signal } = controller;
          const calls = [sumIntoSharedBuffer(slots, 1000, { signal }), sum(ones, { signal }), sum(ones)];
          setImmediate(() => controller.abort());
          Promise.allSettled(calls).then(again);
        };
        again();
        new Gates(cells).raise(0);
      },
      { ones, slots: slots[0], cells: gates.cells },
    );
    await gates.until(0);
    // From at once to some aborts later.
    for (let turn = 0; turn < round % 8; turn++) await new Promise(setImmediate);
    await victim.terminate();
    assert.equal(await sumIntoSharedBuffer(slots[0], 1000), 499_500);
  }
  stage.raise(0);
  assert.deepEqual(await Promise.all(answers), ['over', 'over', 'over']);
});

for (const { name, env, skip } of binaries) {
  test(`thousands of calls that nobody lived to see settled (${name})`, { skip }, async () => {
    await runChild(
      async (root, rounds) => {
        const { Gates } = require(`${root}/__test__/helpers/handshake.js`);
        const { startWorker } = require(`${root}/__test__/helpers/worker.js`);
        for (let round = 0; round < rounds; round++) {
          const gates = new Gates();
          const worker = startWorker((root, cells) => {
            const { Gates } = require(`${root}/__test__/helpers/handshake.js`);
            const { sumRange } = require(root);
            for (let i = 0; i < 5000; i++) sumRange(10_000_000);
            new Gates(cells).raise(0);
            Atomics.wait(cells, 15, 0);
          }, gates.cells);
          gates.wait(0);
          await worker.terminate();
        }
        console.log('done');
      },
      { args: [scale(2, 5)], env },
      { stdout: 'done' },
    );
  });
}
