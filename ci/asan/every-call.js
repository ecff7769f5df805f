'use strict';

// For ci/asan.sh: every kind of call, in main and in workers, settled in every way or never; then a natural end.

const assert = require('node:assert/strict');
const { isMainThread } = require('node:worker_threads');
const { sum, sumIntoSharedBuffer, sumRange } = require('../..');
const { startWorker } = require('../../__test__/helpers/worker.js');
const { Gates } = require('../../__test__/helpers/handshake.js');

async function everyCall() {
  const rejected = (call, code) => assert.rejects(call, { code });
  for (let round = 0; round < 20; round++) {
    const view = new BigInt64Array(new SharedArrayBuffer(8 * 1000));
    const large = new Float64Array(new SharedArrayBuffer(8 * 100_000)).fill(0.1);
    const controller = new AbortController();
    const { signal } = controller;
    const calls = [
      sumRange(10_000_000),
      sumRange(2n ** 63n),
      sumRange(10, { threads: 1 }),
      sumIntoSharedBuffer(view, 100_000),
      sumIntoSharedBuffer(new SharedArrayBuffer(64), 1000),
      sumIntoSharedBuffer(new Int32Array(new SharedArrayBuffer(64))),
      sum(large),
      sum(large.subarray(0, 100)),
      sum(new BigUint64Array(large.buffer)),
      sum(new Uint8Array(large.buffer), { signal: new AbortController().signal }),
      rejected(sumIntoSharedBuffer(view, 10), 'ERR_BUFFER_BUSY'),
      rejected(sumIntoSharedBuffer(new SharedArrayBuffer(64), 2 ** 40), 'ERR_OUT_OF_RANGE'),
      rejected(sumRange(-1), 'ERR_OUT_OF_RANGE'),
      rejected(sum(new Float64Array(8)), 'ERR_NOT_SHARED'),
      rejected(sum({}), 'ERR_INVALID_ARG_TYPE'),
      rejected(sum(large, { signal }), 'ABORT_ERR'),
      rejected(sumRange(10, { signal }), 'ABORT_ERR'),
      rejected(sumIntoSharedBuffer(new SharedArrayBuffer(1 << 16), 1000, { signal }), 'ABORT_ERR'),
      rejected(sumRange(10, { signal: AbortSignal.abort() }), 'ABORT_ERR'),
    ];
    controller.abort();
    await Promise.all(calls);
  }
}

async function main() {
  const program = (root, { cells, how }) => {
    const { Gates } = require(`${root}/__test__/helpers/handshake.js`);
    const { sum, sumIntoSharedBuffer, sumRange } = require(root);
    const { everyCall } = require(`${root}/ci/asan/every-call.js`);
    const inFlight = () => {
      for (let i = 0; i < 20; i++) {
        const view = new Float64Array(new SharedArrayBuffer(1 << 20));
        sum(view);
        sumIntoSharedBuffer(new BigInt64Array(view.buffer), 10_000);
        sumRange(10_000_000, { signal: new AbortController().signal });
      }
      new Gates(cells).raise(0);
      if (how === 'terminate') setInterval(() => {}, 1000);
      if (how === 'exit') process.exit(0);
      if (how === 'throw') throw new Error('on purpose');
    };
    everyCall().then(() => setImmediate(inFlight));
  };
  for (const how of ['stop', 'terminate', 'exit', 'throw']) {
    for (let round = 0; round < 3; round++) {
      const gates = new Gates();
      const worker = startWorker(program, { cells: gates.cells, how });
      const exit = new Promise((resolve) => worker.once('exit', resolve));
      worker.once('error', (error) => assert.equal(error.message, 'on purpose'));
      await gates.until(0);
      if (how === 'terminate') await worker.terminate();
      await exit;
    }
  }
  await everyCall();
}

module.exports = { everyCall };
if (isMainThread) main();
