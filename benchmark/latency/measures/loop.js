'use strict';

// The delay of the event loop while all threads work, as `perf_hooks.monitorEventLoopDelay` measures it.

const os = require('node:os');
const { monitorEventLoopDelay } = require('node:perf_hooks');
const { short } = require('../../common/format');
const { median } = require('../../common/statistics');
const { keepBusy } = require('../busy');
const { notAbove, rowOf } = require('../targets');

const IDLE = 'event loop, nothing else to do';
const BUSY = 'event loop, all threads at work';
const EVEN = 'event loop, all threads at work, as many results';

const loop = {
  name: 'loop',
  title: 'Delay of the event loop while all threads work',
  text:
    'The time between two firings of a timer of 1 ms, which is the least that it can be. All threads work: there is always one ' +
    'long sum more in flight than they can work on. p99 of each round. Each result wakes the event loop, and a timer that is ' +
    'waiting then is up to a millisecond late, since libuv counts in whole ones: who has three times as many results is late ' +
    'three times as often. So there is another table for the same number of results per second: who is faster than the ' +
    'hand-written workers sums as much more memory at a time.',
  headline: [
    { what: BUSY, text: 'event loop delay, p99' },
    { what: EVEN, text: 'event loop delay, p99, as many results' },
  ],

  async turn(pool, { memory, seconds }) {
    const idle = await delay(seconds / 2);
    const end = await keepBusy(pool, memory, 2 * pool.width);
    const busy = await delay(seconds);
    return { idle, busy, rate: await end() };
  },

  async measure({ inTurns, hosts, options, tally, note }) {
    const { bytes, seconds } = options;
    /** contender -> results per second, each round. */
    const rates = new Map(hosts.map(({ contender }) => [contender.name, []]));
    await inTurns(hosts, options.longRounds, async (host, round) => {
      const contender = host.contender.name;
      const { idle, busy, rate } = await host.turn('loop', { bytes, seconds });
      tally.add({ what: IDLE, contender }, round, [idle]);
      tally.add({ what: BUSY, contender }, round, [busy]);
      if (round > 0) rates.get(contender).push(rate);
    });

    const standard = rates.get('workers');
    if (standard === undefined) return;
    const most = Math.max(1, Math.floor(os.totalmem() / 4 / bytes));
    const factor = ({ name }) =>
      Math.min(most, Math.max(1, Math.round(median(rates.get(name)) / median(standard))));
    await inTurns(hosts, options.longRounds, async (host, round) => {
      const { contender } = host;
      const { busy } = await host.turn('loop', { bytes: bytes * factor(contender), seconds });
      tally.add({ what: EVEN, contender: contender.name }, round, [busy]);
    });
    for (const { contender } of hosts) {
      const { name, title } = contender;
      note(
        `${title}: ${short(median(rates.get(name)))} results per second; for as many as worker_threads, ${factor(contender)} times the memory.`,
      );
    }
  },

  targets(rows) {
    return [BUSY, EVEN].map((what) => notAbove(rowOf(rows, what, 'workers'), 'worker_threads'));
  },
};

/** The p99 over some seconds. */
async function delay(seconds) {
  const histogram = monitorEventLoopDelay({ resolution: 1 });
  histogram.enable();
  await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
  histogram.disable();
  return histogram.percentile(99) / 1e9;
}

module.exports = loop;
