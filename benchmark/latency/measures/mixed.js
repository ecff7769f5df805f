'use strict';

// A short call while eight long sums are in flight: does it wait for one of them to end?

const { keepBusy } = require('../busy');
const { CALL, check } = require('../check');
const { now } = require('../../common/timed');
const { atMost, rowOf, timesAtLeast } = require('../targets');

const LONG = 8;
const WHAT = `short call under ${LONG} long sums`;
const SUM = 'a long sum by itself';

const mixed = {
  name: 'mixed',
  title: `A short call under ${LONG} long sums`,
  text:
    `${LONG} sums of the long memory are always in flight; as soon as one has ended, another begins. Meanwhile one short ` +
    'call after the other. For scale: one long sum with nothing else going on. In a pool of worker threads a long sum is one ' +
    'task on one thread; allcores puts all threads to work on each.',
  headline: [{ what: WHAT, text: WHAT }],

  async turn(pool, { memory, seconds }) {
    const begin = now();
    await pool.long(memory);
    const alone = now() - begin;

    const end = await keepBusy(pool, memory, LONG);
    const times = [];
    const start = now();
    do {
      const before = now();
      const value = await pool.call();
      times.push(now() - before);
      check(value, CALL);
    } while (now() - start < seconds);
    await end();
    return { alone, times };
  },

  async measure({ inTurns, hosts, options, tally }) {
    const { bytes, seconds } = options;
    await inTurns(hosts, options.longRounds, async (host, round) => {
      const contender = host.contender.name;
      const { alone, times } = await host.turn('mixed', { bytes, seconds });
      tally.add({ what: WHAT, contender }, round, times);
      tally.add({ what: SUM, contender }, round, [alone]);
    });
  },

  targets(rows) {
    return [
      atMost(rowOf(rows, WHAT, 'allcores'), 'p99', 10, 'ms'),
      timesAtLeast(rowOf(rows, WHAT, 'piscina'), 'piscina', 10),
    ];
  },
};

module.exports = mixed;
