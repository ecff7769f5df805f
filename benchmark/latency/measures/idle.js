'use strict';

// Memory that a thread of an idle pool keeps resident.

const path = require('node:path');
const { runFresh } = require('../../common/fresh');
const { slope } = require('../../common/statistics');
const { atMost, rowOf } = require('../targets');

const PROGRAM = path.join(__dirname, '..', 'programs', 'idle.js');
const WHAT = 'resident memory per idle thread';

const idle = {
  name: 'idle',
  title: 'Memory of an idle thread',
  text: (options) =>
    `In fresh processes with pools of ${options.sizes.join(', ')} threads: the resident memory after each thread has worked and ` +
    'the garbage has been collected on the main thread. The slope of the line through them, by least squares, is what one ' +
    'thread more costs.',
  headline: [{ what: WHAT, text: WHAT }],

  async measure({ inTurns, contenders, options, tally }) {
    const warm = contenders.filter(({ warm: only }) => only === undefined);
    await inTurns(warm, options.idleRounds, async (contender, round) => {
      const resident = [];
      // The rest of the round has no first time: every process is fresh.
      if (round === 0) return;
      for (const threads of options.sizes) {
        const { answer } = await runFresh(
          PROGRAM,
          { contender: contender.name, threads },
          { env: { ALLCORES_THREADS: String(threads) }, flags: ['--expose-gc'] },
        );
        resident.push(answer.rss);
      }
      const perThread = slope(options.sizes, resident).slope;
      tally.add({ what: WHAT, contender: contender.name, unit: 'B' }, round, [perThread]);
    });
  },

  targets: (rows) => [atMost(rowOf(rows, WHAT, 'allcores'), 'p50', 1, 'MB')],
};

module.exports = idle;
