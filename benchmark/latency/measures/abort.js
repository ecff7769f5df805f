'use strict';

// Abort in the middle of a sum: how long until the promise rejects, whether the threads are off the memory then, and how long
// until the pool answers again.

const { CALL, check } = require('../check');
const { sumOf } = require('../memory');
const { now } = require('../../common/timed');
const { atMost, rowOf, timesAtLeast } = require('../targets');

const REJECTED = 'abort() to rejection';
const SERVES = 'abort() to the answer of a new call';
/** Of a thread that still works, as CPU time after a rejection: less is the event loop's. */
const WORKING = 0.5;

/** Bytes of the sum that stores: some tens of milliseconds of work. */
const FILLED = 64 << 20;

const abort = {
  name: 'abort',
  title: 'Abort in the middle of a sum',
  text:
    'All threads work on one sum, `abort()` is called in the middle of it. A new call is made as soon as the sum has been ' +
    'rejected, and timed from `abort()` on. Worker threads that sum cannot be interrupted: the pools terminate them and ' +
    'start others (workerpool rejects at once, and terminates the worker when it has not ended a second later).',
  headline: [
    { what: REJECTED, text: REJECTED },
    { what: SERVES, text: 'abort() to the next answer' },
  ],

  async turn(pool, { memory, seconds, shortest }) {
    const found = { rejected: [], serves: [], refused: 0, stillAtWork: 0 };
    const start = now();
    // A sum that had ended when the abort came says nothing: another try.
    for (let i = 0; found.rejected.length === 0 || now() - start < seconds; i++) {
      if (i > 1000) throw new Error('no abort came in the middle of a sum');
      await once(pool, memory, shortest * (1 + (i % 4)), found);
    }
    if (pool.fill) await checkFill(pool, Math.min(memory.byteLength, FILLED));
    return found;
  },

  async measure({ inTurns, hosts, options, tally, note }) {
    const { bytes, seconds } = options;
    const totals = new Map(
      hosts.map(({ contender }) => [contender, { aborts: 0, stillAtWork: 0, refused: 0 }]),
    );
    await inTurns(hosts, options.longRounds, async (host, round) => {
      const contender = host.contender.name;
      const turn = { bytes, seconds, shortest: options.quick ? 0 : 2 };
      const { rejected, serves, stillAtWork, refused } = await host.turn('abort', turn);
      tally.add({ what: REJECTED, contender }, round, rejected);
      tally.add({ what: SERVES, contender }, round, serves);
      const total = totals.get(host.contender);
      total.aborts += rejected.length;
      total.stillAtWork += stillAtWork;
      total.refused += refused;
    });
    for (const [{ title }, { aborts, stillAtWork, refused }] of totals) {
      note(
        `${title}: in ${stillAtWork} of ${aborts} aborts a thread was still at work on the sum after the rejection; ` +
          `${refused} calls made after it were rejected, and made again.`,
      );
    }
  },

  targets(rows) {
    return [
      atMost(rowOf(rows, REJECTED, 'allcores'), 'p99', 3, 'ms'),
      timesAtLeast(rowOf(rows, SERVES, 'piscina'), 'piscina', 10),
    ];
  },
};

async function once(pool, memory, delay, found) {
  // Terminated workers have been replaced: all threads take part.
  await pool.all();
  const controller = new AbortController();
  const sum = pool.spread(memory, controller.signal).then(
    (value) => ({ value }),
    (error) => ({ error }),
  );
  await new Promise((resolve) => setTimeout(resolve, delay));
  const start = now();
  controller.abort();
  const { value, error } = await sum;
  const rejected = now() - start;
  if (error === undefined) {
    check(value, sumOf(memory));
    return;
  }
  const progress = pool.progress && new Int32Array(pool.progress);
  const before = progress && Atomics.load(progress, 0);
  found.refused += await answered(pool);
  const serves = now() - start;
  const atWork = progress ? Atomics.load(progress, 0) !== before : await worksOn();
  found.rejected.push(rejected);
  found.serves.push(serves);
  if (atWork) found.stillAtWork++;
}

/** Calls until there is an answer; resolves with the number of calls that were rejected. */
async function answered(pool) {
  for (let refused = 0; ; refused++) {
    let value;
    try {
      value = await pool.call();
    } catch (error) {
      if (refused > 1000) throw error;
      await new Promise(setImmediate);
      continue;
    }
    check(value, CALL);
    return refused;
  }
}

/** Whether some thread of this process works while its event loop does nothing. */
async function worksOn() {
  // A thread looks for more work for a moment before it sleeps.
  await new Promise((resolve) => setTimeout(resolve, 2));
  const [start, cpu] = [now(), process.cpuUsage()];
  await new Promise((resolve) => setTimeout(resolve, 4));
  const { user, system } = process.cpuUsage(cpu);
  return (user + system) / 1e6 > WORKING * (now() - start);
}

/**
 * The same of a sum that stores: after the rejection the memory is free for another call, and what the program writes
 * there stays.
 */
async function checkFill(pool, bytes) {
  const view = new BigInt64Array(new SharedArrayBuffer(bytes));
  const controller = new AbortController();
  const call = pool.fill(view, 2n ** 31n, { signal: controller.signal });
  await new Promise(setImmediate);
  controller.abort();
  const code = await call.then(
    () => 'none',
    (error) => error.code,
  );
  if (code !== 'ABORT_ERR') throw new Error(`sumIntoSharedBuffer was not aborted in the middle: ${code}`);
  const words = new Float64Array(view.buffer).fill(-1);
  await worksOn();
  const changed = words.findIndex((word) => word !== -1);
  if (changed >= 0) throw new Error(`slot ${changed} was written after the rejection`);
  check(await pool.fill(view, 10n), 45n);
}

module.exports = abort;
