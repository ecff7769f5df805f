'use strict';

// One short call after the other, each awaited before the next: the round trip to a warm thread and back.

const { CALL, check } = require('../check');
const { now } = require('../../common/timed');
const { atMost, rowOf, timesAtLeast } = require('../targets');

const WHAT = 'awaited one after the other';

const trip = {
  name: 'trip',
  title: 'A short call, awaited before the next one',
  text: 'Warm pools. Each call is timed by itself, from the call to the line after the `await`; the cost of the clock is included.',
  headline: [{ what: WHAT, text: 'short call, awaited' }],

  /** In the host. */
  async turn(pool, { calls }) {
    const times = new Float64Array(calls);
    for (let i = 0; i < calls; i++) {
      const start = now();
      const value = await pool.call();
      times[i] = now() - start;
      check(value, CALL);
    }
    return Array.from(times);
  },

  async measure({ inTurns, hosts, options, tally }) {
    await inTurns(hosts, options.rounds, async (host, round) => {
      const samples = await host.turn('trip', { calls: options.calls });
      tally.add({ what: WHAT, contender: host.contender.name }, round, samples);
    });
  },

  targets(rows) {
    return [
      atMost(rowOf(rows, WHAT, 'allcores'), 'p50', 6, 'µs'),
      timesAtLeast(rowOf(rows, WHAT, 'piscina'), 'piscina', 4),
    ];
  },
};

module.exports = trip;
