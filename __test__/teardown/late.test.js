'use strict';

// Completions that come too late: the environment that waits for them has closed its port. Each is counted and dropped;
// telling the environment's threadsafe function of one would abort the process.

const { test } = require('node:test');
const { debug } = require('../helpers/binaries.js');
const { runChild } = require('../helpers/child.js');
const { scale } = require('../helpers/scale.js');

const WORKERS = 20;

/** In a child process: `rounds` times, workers end together, and every one of their calls comes too late. */
async function endTogether(root, { workers, rounds, end }) {
  const assert = require('node:assert/strict');
  const { Gates } = require(`${root}/__test__/helpers/handshake.js`);
  const { startWorker } = require(`${root}/__test__/helpers/worker.js`);
  const { holdCompletions, lateCompletions } = require(`${root}/native.js`);
  const { sum, sumIntoSharedBuffer, sumRange } = require(root);
  for (let round = 0; round < rounds; round++) {
    const before = lateCompletions();
    holdCompletions(true);
    const all = Array.from({ length: workers }, () => {
      const gates = new Gates();
      const worker = startWorker(
        (root, { cells, end }) => {
          const { Gates } = require(`${root}/__test__/helpers/handshake.js`);
          const { sum, sumIntoSharedBuffer, sumRange } = require(root);
          const gates = new Gates(cells);
          const fail = () => gates.raise(2);
          const view = new BigInt64Array(new SharedArrayBuffer(8 * 2 ** 16));
          const { signal } = new AbortController();
          const calls = [
            sumRange(10_000),
            sumRange(10n ** 10n, { signal }),
            sum(view),
            sum(new Float64Array(view.buffer), { signal }),
            sumIntoSharedBuffer(view.subarray(0, 10), 1000),
            sumIntoSharedBuffer(view.subarray(10), 2 ** 17),
          ];
          for (const call of calls) call.then(fail, fail);
          gates.raise(0, calls.length);
          if (end === 'terminate') setInterval(() => {}, 1000);
          // Until all are there, so that they end together.
          gates.wait(1);
          if (end === 'exit') process.exit(5);
        },
        { cells: gates.cells, end },
      );
      const exit = new Promise((resolve) => worker.once('exit', resolve));
      return { gates, worker, exit };
    });
    let submitted = 0;
    for (const { gates } of all) submitted += await gates.until(0);
    for (const { gates } of all) gates.raise(1);
    if (end === 'terminate') for (const { worker } of all) worker.terminate();
    for (const { exit } of all) assert.equal(await exit, { terminate: 1, exit: 5 }[end]);
    holdCompletions(false);
    assert.equal(lateCompletions() - before, submitted, 'every call came too late');
    assert.ok(
      all.every(({ gates }) => gates.value(2) === 0),
      'and none was delivered',
    );
    const view = new Float64Array(new SharedArrayBuffer(2 ** 20)).fill(1);
    assert.equal(await sumRange(10_000), 49_995_000);
    assert.equal(await sumIntoSharedBuffer(new SharedArrayBuffer(64), 1000), 499_500);
    assert.equal(await sum(view), 2 ** 17);
    assert.equal(lateCompletions() - before, submitted, 'these came in time');
  }
  console.log('done');
}

for (const [end, rounds] of [
  ['terminate', scale(2, 5)],
  ['exit', scale(1, 2)],
]) {
  test(`${WORKERS} workers at once (${end}), all of whose calls end after them`, { skip: debug.skip }, () =>
    runChild(
      endTogether,
      { args: [{ workers: WORKERS, rounds, end }], env: debug.env, limit: 120_000 * scale(1) },
      { stdout: 'done' },
    ),
  );
}
