'use strict';

// Whether memory grows with the number of calls.

const path = require('node:path');
const { short } = require('../../common/format');
const { runFresh } = require('../../common/fresh');
const { slope } = require('../../common/statistics');
const { atMost, rowOf } = require('../targets');

const PROGRAM = path.join(__dirname, '..', 'programs', 'growth.js');
const WHAT = 'growth of resident memory per call';

const growth = {
  name: 'growth',
  title: 'Memory over many calls',
  text: ({ growthCalls }) =>
    `allcores only: ${growthCalls} short calls in a fresh process, a hundred in flight at a time, after a fifth as many that warm up. ` +
    'Twenty times the garbage is collected and the resident memory read; the slope is by least squares.',
  headline: [],

  async measure({ inTurns, contenders, threads, options, tally, note }) {
    const [allcores] = contenders;
    await inTurns([allcores], options.growthRounds, async (contender, round) => {
      if (round === 0) return;
      const { answer } = await runFresh(
        PROGRAM,
        { contender: contender.name, threads, calls: options.growthCalls, samples: 20 },
        // V8 lets the space of young objects grow as it sees fit, which looks like a leak for a million calls: it stays small.
        { flags: ['--expose-gc', '--max-semi-space-size=1'] },
      );
      const [calls, bytes] = [answer.map(([at]) => at), answer.map(([, rss]) => rss)];
      const { slope: perCall, error } = slope(calls, bytes);
      tally.add({ what: WHAT, contender: contender.name, unit: 'B' }, round, [perCall]);
      note(
        `Round ${round}: ${short(bytes[0] / 2 ** 20)} MiB before, ${short(bytes.at(-1) / 2 ** 20)} MiB after; ` +
          `${perCall.toFixed(3)} ± ${error.toFixed(3)} bytes per call.`,
      );
    });
  },

  targets: (rows) => [atMost(rowOf(rows, WHAT, 'allcores'), 'p50', 1, 'B')],
};

module.exports = growth;
