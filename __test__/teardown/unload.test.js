'use strict';

// Node unloads an addon when the last worker that loaded it is gone, unless main has loaded it too. Our threads live
// on: their code must stay where it is.

const { describe, test } = require('node:test');
const { binaries } = require('../helpers/binaries.js');
const { runChild } = require('../helpers/child.js');

async function loadAndGo(root, { who, end, busy }) {
  const assert = require('node:assert/strict');
  const { existsSync, readFileSync } = require('node:fs');
  const { once } = require('node:events');
  const { Gates, spin } = require(`${root}/__test__/helpers/handshake.js`);
  const { startWorker } = require(`${root}/__test__/helpers/worker.js`);

  if (who === 'main first') await require(root).sumRange(10);
  for (let round = 0; round < (who === 'twice' ? 2 : 1); round++) {
    const gates = new Gates();
    const worker = startWorker(
      async (root, { cells, end, busy }) => {
        const { Gates } = require(`${root}/__test__/helpers/handshake.js`);
        const { sumRange, sumIntoSharedBuffer } = require(root);
        await sumRange(10_000);
        if (busy)
          sumIntoSharedBuffer(new BigInt64Array(new SharedArrayBuffer(2 ** 23)), 10_000).catch(() => {});
        new Gates(cells).raise(0);
        if (end === 'exit') process.exit(0);
        if (end === 'terminate') setInterval(() => {}, 1000);
      },
      { cells: gates.cells, end, busy },
    );
    const exit = once(worker, 'exit');
    await gates.until(0);
    if (end === 'terminate') await worker.terminate();
    await exit;
    // Threads that run in code that is gone would fall here.
    spin(20);
  }
  if (existsSync('/proc/self/maps'))
    assert.match(readFileSync('/proc/self/maps', 'utf8'), /allcores.*\.node/);
  if (who === 'main afterwards') assert.equal(await require(root).sumRange(10_000), 49_995_000);
  console.log('alive');
}

for (const { name, env, skip } of binaries) {
  describe(name, { skip, concurrency: 2 }, () => {
    for (const who of ['a worker only', 'twice', 'main first', 'main afterwards']) {
      for (const end of ['natural', 'exit', 'terminate']) {
        for (const busy of who === 'a worker only' ? [false, true] : [true]) {
          test(`loaded by ${who}, ${end} end, ${busy ? 'with a call in flight' : 'idle'}`, async () => {
            await runChild(loadAndGo, { args: [{ who, end, busy }], env }, { stdout: 'alive' });
          });
        }
      }
    }
  });
}
