'use strict';

// From the last result to the end of the process.

const path = require('node:path');
const { CALL, check } = require('../check');
const { runFresh } = require('../../common/fresh');
const { nothing } = require('../contenders/nothing');
const { notAbove, rowOf } = require('../targets');

const PROGRAM = path.join(__dirname, '..', 'programs', 'exit.js');
/** Seconds after which a process that has nothing left to do is taken for one that never ends. */
const LIMIT = { quick: 0.5, full: 2 };

const NOTHING_DONE = 'last result to exit, pool left as it is';
const STOPPED = 'last result to exit, pool stopped';

const exit = {
  name: 'exit',
  title: 'From the last result to the end of the process',
  text:
    'Each in a fresh process, which has nothing more to do: either the pool is left as it is, or stopped (`destroy()`, `terminate()`). ' +
    'allcores has nothing that could be stopped; its line is the same in both. The end is when the parent hears of it.',
  headline: [{ what: STOPPED, text: 'last result to exit' }],

  async measure({ inTurns, contenders, threads, options, tally, note }) {
    const limit = options.quick ? LIMIT.quick : LIMIT.full;
    const warm = contenders.filter(({ warm: only }) => only === undefined);
    const plans = [nothing, ...warm].flatMap((contender) =>
      contender === nothing || contender.name === 'allcores'
        ? [{ contender, stop: false, both: true }]
        : [
            { contender, stop: false },
            { contender, stop: true },
          ],
    );
    await inTurns(plans, options.coldRounds, async (plan, round) => {
      if (plan.never) return;
      const { contender, stop, both } = plan;
      const { ended, answer } = await runFresh(
        PROGRAM,
        { contender: contender.name, threads, stop },
        stop || both ? {} : { limit },
      );
      check(answer.value, CALL);
      if (ended === undefined) {
        if (stop || both) throw new Error(`${contender.title} does not end`);
        plan.never = true;
        note(`${contender.title}, left as it is, keeps the process: it was still there after ${limit} s.`);
        return;
      }
      for (const what of both ? [NOTHING_DONE, STOPPED] : [stop ? STOPPED : NOTHING_DONE]) {
        tally.add({ what, contender: contender.name }, round, [ended - answer.last]);
      }
    });
    return [nothing];
  },

  targets: (rows) => [notAbove(rowOf(rows, STOPPED, 'workers'), 'worker_threads')],
};

module.exports = exit;
