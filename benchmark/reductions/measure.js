'use strict';

// One workload, all contenders, in turns.

const { inTurns } = require('../common/turns');

/** Resolves with { name: { seconds: [per call, for each round], calls } }; every value must be that of the loop. */
async function measureWorkload(contenders, workload, view, { repetitions, sampleSeconds }) {
  const expected = workload.loop(view);
  const plans = [];
  for (const contender of contenders) {
    if (!contender.supports(workload)) continue;
    plans.push({ contender, calls: await callsFor(contender, workload, sampleSeconds), seconds: [] });
  }
  await inTurns(plans, repetitions, async ({ contender, calls, seconds: all }, round) => {
    // A call that takes longer than a sample is a sample of its own.
    const untimed = calls > 1 ? Math.ceil(calls / 10) : 0;
    const { seconds, value } = await contender.run(workload, untimed, calls);
    if (round > 0) all.push(seconds / calls);
    if (!contender.isOther && !Object.is(value, expected)) {
      throw new Error(`${contender.title}: ${value} instead of ${expected} (${workload.title})`);
    }
  });
  return Object.fromEntries(
    plans.map(({ contender, calls, seconds }) => [contender.name, { calls, seconds }]),
  );
}

/** The number of calls that take as long as a sample should. */
async function callsFor(contender, workload, sampleSeconds) {
  for (let calls = 1; ; calls *= 4) {
    const { seconds } = await contender.run(workload, 1, calls);
    if (seconds >= sampleSeconds / 4) return Math.max(1, Math.round((calls * sampleSeconds) / seconds));
    if (calls > 1e6) return calls;
  }
}

module.exports = { measureWorkload };
