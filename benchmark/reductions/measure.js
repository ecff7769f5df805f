'use strict';

// One workload, all contenders, in turns.

const { inTurns } = require('../common/turns');
const { errorOf } = require('./oracle');
const { arraysOf } = require('./workloads');

/**
 * Resolves with { name: { seconds: [per call, for each round], calls, error } }. Every value must be that of the loop, or, where it is
 * rounded, as near to the exact one as rounding explains: `error` is the largest distance in all rounds. That of who is exact must be 0.
 */
async function measureWorkload(contenders, workload, view, oracle, { repetitions, sampleSeconds }) {
  const expected = workload.isRounded
    ? oracle.best(workload, view)
    : workload.loop(...arraysOf(workload, view));
  const plans = [];
  for (const contender of contenders) {
    if (!contender.supports(workload)) continue;
    const calls = await callsFor(contender, workload, sampleSeconds);
    plans.push({ contender, calls, seconds: [], error: undefined });
  }
  await inTurns(plans, repetitions, async (plan, round) => {
    const { contender, calls } = plan;
    // A call that takes longer than a sample is a sample of its own.
    const untimed = calls > 1 ? Math.ceil(calls / 10) : 0;
    const { seconds, value } = await contender.run(workload, untimed, calls);
    if (round > 0) plan.seconds.push(seconds / calls);
    const error = errorOf(contender, workload, value, expected);
    if (error !== undefined) plan.error = Math.max(plan.error ?? 0, error);
  });
  return Object.fromEntries(
    plans.map(({ contender, calls, seconds, error }) => [contender.name, { calls, seconds, error }]),
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
