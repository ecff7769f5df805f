'use strict';

// The delay of the event loop while all threads work, as `perf_hooks.monitorEventLoopDelay` measures it.

const { monitorEventLoopDelay } = require('node:perf_hooks');
const { keepBusy } = require('../busy');
const { notAbove, rowOf } = require('../targets');

const IDLE = 'event loop, nothing else to do';
const BUSY = 'event loop, all threads at work';

const loop = {
  name: 'loop',
  title: 'Delay of the event loop while all threads work',
  text:
    'The time between two firings of a timer of 1 ms, which is the least that it can be. All threads work: there is always one ' +
    'long sum more in flight than they can work on. p99 of each round.',
  headline: [{ what: BUSY, text: 'event loop delay, p99' }],

  async turn(pool, { memory, seconds }) {
    const idle = await delay(seconds / 2);
    const end = await keepBusy(pool, memory, 2 * pool.width);
    const busy = await delay(seconds);
    await end();
    return { idle, busy };
  },

  async measure({ inTurns, hosts, options, tally }) {
    const { bytes, seconds } = options;
    await inTurns(hosts, options.longRounds, async (host, round) => {
      const contender = host.contender.name;
      const { idle, busy } = await host.turn('loop', { bytes, seconds });
      tally.add({ what: IDLE, contender }, round, [idle]);
      tally.add({ what: BUSY, contender }, round, [busy]);
    });
  },

  targets(rows) {
    return [notAbove(rowOf(rows, BUSY, 'workers'), 'worker_threads')];
  },
};

/** The p99 of so many seconds. */
async function delay(seconds) {
  const histogram = monitorEventLoopDelay({ resolution: 1 });
  histogram.enable();
  await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
  histogram.disable();
  return histogram.percentile(99) / 1e9;
}

module.exports = loop;
