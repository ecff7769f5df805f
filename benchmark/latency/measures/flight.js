'use strict';

// Many short calls in flight at once: what one of them costs, and how long it is under way.

const { CALL, check } = require('../check');
const { now } = require('../../common/timed');
const { atMost, rowOf, timesAtLeast } = require('../targets');

const each = (size) => `time per call, ${size} in flight`;
const alone = (size) => `latency of a call, ${size} in flight`;

const flight = {
  name: 'flight',
  title: 'Many short calls in flight',
  text:
    '`await Promise.all` of a batch of calls, again and again. The time per call is that of a batch divided by its size; the ' +
    'latency is that of each call by itself, from the call to its own `then`, in batches of their own.',
  headline: [
    { what: each(10_000), text: 'per call, 10 000 in flight' },
    { what: alone(10_000), text: 'latency, 10 000 in flight' },
  ],

  async turn(pool, { size, calls }) {
    const batches = Math.max(1, Math.round(calls / size));
    const start = now();
    for (let i = 0; i < batches; i++) {
      const values = await Promise.all(Array.from({ length: size }, () => pool.call()));
      for (const value of values) check(value, CALL);
    }
    const perCall = (now() - start) / (batches * size);

    const latencies = [];
    // Fewer: each sample crosses a pipe.
    for (let i = 0; i < Math.ceil(batches / 4); i++) latencies.push(...(await batch(pool, size)));
    return { perCall, latencies };
  },

  async measure({ inTurns, hosts, options, tally }) {
    for (const size of options.inFlight) {
      await inTurns(hosts, options.rounds, async (host, round) => {
        const contender = host.contender.name;
        const { perCall, latencies } = await host.turn('flight', { size, calls: options.flightCalls });
        tally.add({ what: each(size), contender }, round, [perCall]);
        tally.add({ what: alone(size), contender }, round, latencies);
      });
    }
  },

  targets(rows) {
    return [
      atMost(rowOf(rows, each(10_000), 'allcores'), 'p50', 2, 'µs'),
      timesAtLeast(rowOf(rows, each(10_000), 'piscina'), 'piscina', 10),
    ];
  },
};

async function batch(pool, size) {
  const times = new Float64Array(size);
  await Promise.all(
    Array.from({ length: size }, (_, i) => {
      const start = now();
      return pool.call().then((value) => {
        times[i] = now() - start;
        check(value, CALL);
      });
    }),
  );
  return times;
}

module.exports = flight;
