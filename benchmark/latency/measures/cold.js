'use strict';

// From nothing to the first result, each time in a fresh process.

const path = require('node:path');
const { CALL, check } = require('../check');
const { runFresh } = require('../../common/fresh');
const { nothing } = require('../contenders/nothing');
const { rowOf, timesAtLeast } = require('../targets');

const PROGRAM = path.join(__dirname, '..', 'programs', 'cold.js');

const START = 'process start to first result';
const FIRST = 'require to first result';
const ALL = 'require to all threads up';

const cold = {
  name: 'cold',
  title: 'Cold start',
  text:
    'Each in a fresh process. From the moment it is spawned, and from the `require` of the package (or of `node:worker_threads`), ' +
    'to the first result of a short call; then until all threads are up. Threads of JavaScript prove that by meeting each other. ' +
    'allcores is loaded as it is packed and installed, and starts all of its threads in the first call; that they are there is seen in `/proc`. *One worker* is a single `new Worker`.',
  headline: [
    { what: FIRST, text: FIRST },
    { what: ALL, text: ALL },
  ],

  async measure({ inTurns, contenders, threads, options, tally }) {
    const one = {
      name: 'worker',
      file: 'workers',
      title: 'one worker',
      why: 'a single `new Worker`, where all that counts is the first',
      threads: 1,
    };
    const plans = [nothing, ...contenders.filter(({ warm }) => warm === undefined), one];
    await inTurns(plans, options.coldRounds, async (plan, round) => {
      const wanted = plan.threads ?? threads;
      const { began: spawned, answer } = await runFresh(PROGRAM, {
        contender: plan.file ?? plan.name,
        threads: wanted,
      });
      const { began, first, all, value, more } = answer;
      check(value, CALL);
      if (plan !== nothing && more < wanted)
        throw new Error(`${plan.title}: ${more} threads came, not ${wanted}`);
      const contender = plan.name;
      tally.add({ what: START, contender }, round, [first - spawned]);
      if (plan === nothing) return;
      tally.add({ what: FIRST, contender }, round, [first - began]);
      if (plan !== one) tally.add({ what: ALL, contender }, round, [all - began]);
    });
    return [nothing, one];
  },

  targets: (rows) => [timesAtLeast(rowOf(rows, FIRST, 'worker'), 'one worker', 10)],
};

module.exports = cold;
