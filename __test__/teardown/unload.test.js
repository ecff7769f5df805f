'use strict';

// Node unloads an addon when the last worker that loaded it is gone, unless main has loaded it too. Our threads live
// on: their code must stay where it is.

const assert = require('node:assert/strict');
const { spawnSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');
const { describe, test } = require('node:test');
const { binaries, debug } = require('../helpers/binaries.js');
const { runChild } = require('../helpers/child.js');
const { scale } = require('../helpers/scale.js');
const { ROOT } = require('../helpers/worker.js');

/**
 * In a child process: workers load the addon, one after the other, and end, as `lives` says; main loads it before, after, or
 * never.
 */
async function loadAndGo(root, { who, lives }) {
  const assert = require('node:assert/strict');
  const { existsSync, readFileSync } = require('node:fs');
  const { Gates } = require(`${root}/__test__/helpers/handshake.js`);
  const { startWorker } = require(`${root}/__test__/helpers/worker.js`);

  if (who === 'main first') await require(root).sumRange(10);
  for (const { end, busy } of lives) {
    const gates = new Gates();
    const worker = startWorker(
      async (root, { cells, end, busy }) => {
        const { Gates } = require(`${root}/__test__/helpers/handshake.js`);
        const { sumRange, sumIntoSharedBuffer } = require(root);
        await sumRange(10_000);
        if (busy) sumIntoSharedBuffer(new BigInt64Array(new SharedArrayBuffer(2 ** 23)), 10_000);
        new Gates(cells).raise(0);
        if (end === 'exit') process.exit(0);
        if (end === 'throw') throw new Error('on purpose');
        if (end === 'terminate') setInterval(() => {}, 1000);
      },
      { cells: gates.cells, end, busy },
    );
    worker.on('error', (error) => assert.equal(error.message, 'on purpose'));
    const exit = new Promise((resolve) => worker.once('exit', resolve));
    await gates.until(0);
    if (end === 'terminate') await worker.terminate();
    assert.equal(await exit, { natural: 0, exit: 0, throw: 1, terminate: 1 }[end]);
    // Our threads look for work for some microseconds, and then go to sleep: in code that was gone they would fall.
    await new Promise((resolve) => setTimeout(resolve, 30));
  }
  if (existsSync('/proc/self/maps'))
    assert.match(readFileSync('/proc/self/maps', 'utf8'), /allcores.*\.node/);
  if (who === 'main afterwards') assert.equal(await require(root).sumRange(10_000), 49_995_000);
  console.log('alive');
}

for (const { name, env, skip } of binaries) {
  describe(name, { skip, concurrency: 2 }, () => {
    for (const who of ['workers only', 'main first', 'main afterwards']) {
      // Of workers only, each is the last that has it loaded.
      const rounds = scale(1, who === 'workers only' ? 3 : 1);
      const run = (lives) => {
        const args = [{ who, lives: Array.from({ length: rounds }, () => lives).flat() }];
        return runChild(loadAndGo, { args, env, limit: 60_000 * scale(1) }, { stdout: 'alive' });
      };
      const inEveryState = (end) => [true, false].map((busy) => ({ end, busy }));

      test(`loaded by ${who}, natural end, exit and terminate, idle and with a call in flight`, () =>
        run(['natural', 'exit', 'terminate'].flatMap(inEveryState)));

      for (const busy of [false, true]) {
        test(`loaded by ${who}, throw end, ${busy ? 'with a call in flight' : 'idle'}`, () =>
          run([{ end: 'throw', busy }]));
      }
    }
  });
}

/** The reason why the file cannot be looked into, or false. On musl nothing is ever unloaded. */
function reasonToSkip() {
  if (process.platform !== 'linux') return 'not an ELF file';
  if (!process.report.getReport().header.glibcVersionRuntime) return 'not glibc';
  return spawnSync('readelf', ['--version']).status === 0 ? false : 'needs readelf';
}

test('the file itself asks not to be unloaded', { skip: reasonToSkip() }, () => {
  const release = fs.readdirSync(ROOT).filter((file) => file.endsWith('.node'));
  const files = release.map((file) => path.join(ROOT, file));
  if (!debug.skip) files.push(debug.env.NAPI_RS_NATIVE_LIBRARY_PATH);
  assert.notEqual(files.length, 0);
  for (const file of files) {
    const { stdout } = spawnSync('readelf', ['-d', '-W', file], { encoding: 'utf8' });
    assert.match(stdout, /\(FLAGS_1\).*\bNODELETE\b/, file);
  }
});
