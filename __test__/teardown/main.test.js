'use strict';

// The main thread goes while calls are in flight, in every way there is: exact exit codes and signals, no hang, and a
// promise that nobody awaits is settled before a natural exit.

const { describe, test } = require('node:test');
const { binaries } = require('../helpers/binaries.js');
const { assertEnd, runChild, startChild } = require('../helpers/child.js');
const { scale } = require('../helpers/scale.js');

/**
 * In a child process: puts long and short calls in flight on memory that only they hold, then ends as told. Together the
 * calls take minutes: a process that waited for them would be killed by its limit.
 */
function endWithCallsInFlight(root, end) {
  const { sumRange, sumIntoSharedBuffer } = require(root);
  const { startFlood, startLong, longTarget } = require(`${root}/__test__/helpers/jobs.js`);
  const log = [];
  process.on('exit', () => log.length > 0 && require('node:fs').writeSync(1, log.join(' ')));
  const { CALLS, resolves, start } = require(`${root}/__test__/helpers/calls.js`);
  let every;
  let one;
  if (end !== 'reject') {
    every = CALLS.map((row) => {
      // Of the views of a sum that takes long, two are memory enough.
      const size = /^sum.*\(Float64Array|^sum.*\(BigInt64Array/.test(row.name) ? row.sizes.at(-1) : 'small';
      const made = row.make(size);
      return resolves(row, made, start(require(root), row, made));
    });
    for (let i = 0; i < 3; i++) startLong(sumIntoSharedBuffer);
    for (let i = 0; i < 100; i++) sumRange(1_000_000 + i);
    // Before the flood: turns are taken in order, and those of thousands of calls take a sanitized build a minute.
    one = sumRange(5);
    if (end !== 'fall off the end') startFlood(require(root).sum);
  }
  const endings = {
    'fall off the end'() {
      const { view, num, total } = longTarget(2 ** 20);
      sumIntoSharedBuffer(view, num).then((sum) => log.push(sum === total ? 'right' : 'wrong'));
      sumRange(10_000).then((sum) => log.push(sum));
      Promise.all(every).then((all) => log.push(`every one of ${all.length}`));
    },
    exit: () => process.exit(7),
    'exit later': () => setImmediate(() => process.exit(7)),
    'exit when one is settled': () => one.then(() => process.exit(7)),
    throw() {
      throw new Error('on purpose');
    },
    'throw later': () =>
      setImmediate(() => {
        throw new Error('on purpose');
      }),
    reject: () => void sumRange(-5),
    'unhandled rejection': () => void Promise.reject(new Error('on purpose')),
    SIGTERM: () => process.kill(process.pid, 'SIGTERM'),
    SIGINT: () => process.kill(process.pid, 'SIGINT'),
    SIGKILL: () => process.kill(process.pid, 'SIGKILL'),
    'handled signal'() {
      process.on('SIGTERM', () => process.exit(9));
      process.kill(process.pid, 'SIGTERM');
    },
    abort: () => process.abort(),
    'exit in an abort listener'() {
      const controller = new AbortController();
      sumRange(10, { signal: controller.signal });
      controller.signal.addEventListener('abort', () => process.exit(7));
      controller.abort();
    },
    'process.reallyExit': () => process.reallyExit(7),
  };
  endings[end]();
}

const EXPECTED = {
  'fall off the end': { code: 0, stdout: /^(?=.*\bright\b)(?=.*\b49995000\b)(?=.*\bevery one of \d\d)/ },
  exit: { code: 7 },
  'exit later': { code: 7 },
  'exit when one is settled': { code: 7 },
  throw: { code: 1, stderr: /on purpose/ },
  'throw later': { code: 1, stderr: /on purpose/ },
  reject: { code: 1, stderr: /ERR_OUT_OF_RANGE/ },
  'unhandled rejection': { code: 1, stderr: /on purpose/ },
  SIGTERM: { signal: 'SIGTERM' },
  SIGINT: { signal: 'SIGINT' },
  SIGKILL: { signal: 'SIGKILL' },
  'handled signal': { code: 9 },
  abort: { signal: 'SIGABRT', stderr: /./ },
  'exit in an abort listener': { code: 7 },
  'process.reallyExit': { code: 7 },
};

for (const { name, env, skip } of binaries) {
  describe(name, { skip, concurrency: 2 }, () => {
    for (const [end, expected] of Object.entries(EXPECTED)) {
      const posix = process.platform !== 'win32' || !(expected.signal || end === 'handled signal');
      test(`${end}, with calls in flight`, { skip: posix ? false : 'Windows has no signals' }, async () => {
        for (let i = 0; i < scale(1, 3); i++) {
          assertEnd(await startChild(endWithCallsInFlight, { args: [end], env }).done, expected);
        }
      });
    }

    const count = scale(6, name === 'release build' ? 100 : 30);
    test(`what was never awaited is settled before a natural exit, ${count} times`, async () => {
      // Memory of the main thread is freed at a natural exit. The event loop must not end before our threads do.
      for (let i = 0; i < count; i++) {
        await runChild(
          (root, wait) => {
            const { sumIntoSharedBuffer, sum } = require(root);
            let settled = 0;
            for (let k = 0; k < 8; k++) {
              const view = new BigInt64Array(new SharedArrayBuffer(8 * 2 ** 16));
              sumIntoSharedBuffer(view, 2 ** 17).then(() => settled++);
              sum(new Float64Array(new SharedArrayBuffer(8 * 2 ** 16))).then(() => settled++);
            }
            setTimeout(() => {}, wait);
            process.on('exit', (code) => console.log(code, settled));
          },
          { env, args: [i % 4] },
          { stdout: '0 16' },
        );
      }
    });

    test('process.exit() while workers have calls in flight', async () => {
      for (let i = 0; i < scale(1, 2); i++) {
        const result = await startChild(
          async (root) => {
            const { Gates } = require(`${root}/__test__/helpers/handshake.js`);
            const { startWorker } = require(`${root}/__test__/helpers/worker.js`);
            for (let k = 0; k < 4; k++) {
              const gates = new Gates();
              startWorker((root, cells) => {
                const { Gates } = require(`${root}/__test__/helpers/handshake.js`);
                const { startLong } = require(`${root}/__test__/helpers/jobs.js`);
                for (let i = 0; i < 4; i++) startLong(require(root).sumIntoSharedBuffer);
                new Gates(cells).raise(0);
              }, gates.cells);
              await gates.until(0);
            }
            process.exit(7);
          },
          { env },
        ).done;
        assertEnd(result, { code: 7 });
      }
    });

    test('main ends while a worker that does not hold it has calls in flight', async () => {
      await runChild(
        async (root) => {
          const { Gates } = require(`${root}/__test__/helpers/handshake.js`);
          const { startWorker } = require(`${root}/__test__/helpers/worker.js`);
          const gates = new Gates();
          const worker = startWorker((root, cells) => {
            const { Gates } = require(`${root}/__test__/helpers/handshake.js`);
            const { startLong } = require(`${root}/__test__/helpers/jobs.js`);
            for (let i = 0; i < 4; i++) startLong(require(root).sumIntoSharedBuffer);
            new Gates(cells).raise(0);
          }, gates.cells);
          await gates.until(0);
          worker.unref();
        },
        { env },
      );
    });
  });
}
