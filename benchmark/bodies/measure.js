'use strict';

// One workload, all contenders, each on one thread and on all, in turns.

const { inTurns } = require('../common/turns');
const { Reference, writes } = require('./reference');

/** Of a sum or an element, relative to the magnitudes: a plain sum of 2 ** 24 terms stays far within it, one term more or less does not. */
const PRECISION = 2 ** -36;

/**
 * Measures `entries` ([{ key, contender, threads }]) on `workload`. Resolves with
 * { key: { seconds: [per call, for each round], calls, error or differing } }.
 */
async function measureWorkload(entries, workload, { memory, repetitions, sampleSeconds }) {
  const reference = new Reference(workload, memory);
  const plans = [];
  for (const entry of entries) {
    if (!entry.contender.supports(workload)) continue;
    const result = await verified(entry, workload, reference, memory);
    plans.push({ entry, calls: await callsFor(entry, workload, sampleSeconds), seconds: [], result });
  }
  await inTurns(plans, repetitions, async (plan, round) => {
    const { contender, threads } = plan.entry;
    // A call that takes longer than a sample is a sample of its own.
    const untimed = plan.calls > 1 ? Math.ceil(plan.calls / 10) : 0;
    const { seconds, value } = await contender.run(workload, threads, untimed, plan.calls);
    if (round === 0) return;
    plan.seconds.push(seconds / plan.calls);
    if (!writes(workload.kernel)) {
      const { error } = reference.verify(value, undefined, rules(contender));
      plan.result.error = Math.max(plan.result.error, error);
    }
  });
  return Object.fromEntries(
    plans.map(({ entry, seconds, calls, result }) => [entry.key, { seconds, calls, ...result }]),
  );
}

/** Computes it once, and compares the result. */
async function verified({ title, contender, threads }, workload, reference, memory) {
  memory.out.fill(0);
  try {
    const { value } = await contender.run(workload, threads, 0, 1);
    const out = writes(workload.kernel) ? await contender.output() : undefined;
    return reference.verify(value, out, rules(contender));
  } catch (error) {
    error.message = `${title}: ${error.message}`;
    throw error;
  }
}

function rules({ exact, precision = PRECISION }) {
  return { exact, precision };
}

/** The number of calls that take as long as a sample should. */
async function callsFor({ contender, threads }, workload, sampleSeconds) {
  for (let calls = 1; ; calls *= 4) {
    const { seconds } = await contender.run(workload, threads, 1, calls);
    if (seconds >= sampleSeconds / 4) return Math.max(1, Math.round((calls * sampleSeconds) / seconds));
    if (calls > 1e6) return calls;
  }
}

module.exports = { measureWorkload };
