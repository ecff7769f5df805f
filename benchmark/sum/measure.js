'use strict';

// One workload, all contenders, in turns.

const { inTurns } = require('../common/turns');

/** Below this, data is in a cache only because the contender itself has just read it: it reads it once before. */
const WARM_BELOW = 64 << 20;

/**
 * Measures the contenders on `workload` ({ element, data, length, inCache }).
 *
 * Resolves with { name: { seconds: [per call, for each round], calls, value } }.
 */
async function measureWorkload(contenders, workload, { repetitions, sampleSeconds }) {
  const { element, length } = workload;
  const warm = length * element.Array.BYTES_PER_ELEMENT < WARM_BELOW;
  const plans = [];
  for (const contender of contenders) {
    if (!contender.supports(workload)) continue;
    const calls = await callsFor(contender, length, sampleSeconds);
    // A call that takes longer than a sample is a sample of its own.
    const untimed = warm ? Math.ceil(calls / 10) : 0;
    plans.push({ contender, calls, untimed, seconds: [], value: undefined });
  }
  await inTurns(plans, repetitions, async (plan, round) => {
    const { seconds, value } = await plan.contender.run(length, plan.untimed, plan.calls);
    if (round > 0) plan.seconds.push(seconds / plan.calls);
    if (round > 0 && plan.value !== undefined && !Object.is(value, plan.value)) {
      throw new Error(`${plan.contender.title}: ${value} after ${plan.value}, of the same numbers`);
    }
    plan.value = value;
  });
  return Object.fromEntries(
    plans.map(({ contender, calls, seconds, value }) => [contender.name, { seconds, calls, value }]),
  );
}

/** The number of calls that take as long as a sample should. */
async function callsFor(contender, length, sampleSeconds) {
  for (let calls = 1; ; calls *= 4) {
    const { seconds } = await contender.run(length, calls === 1 ? 1 : 0, calls);
    if (seconds >= sampleSeconds / 4) return Math.max(1, Math.round((calls * sampleSeconds) / seconds));
    if (calls > 1e6) return calls;
  }
}

module.exports = { measureWorkload };
