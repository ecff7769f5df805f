'use strict';

// All functions, each by allcores on one thread and by the loop, in turns: so that what disturbs the machine disturbs both.

const { random, sum } = require('../../index.js');
const { generator, unit } = require('../common/random');
const { timed, timedAsync } = require('../common/timed');
const { inTurns } = require('../common/turns');
const { ulps } = require('./real');

/** Resolves with [{ name, title, target, error, seconds: { allcores, loop } }], the seconds of a call for each round. */
async function measureFunctions(list, { count, exact, repetitions, sampleSeconds }, say) {
  const plans = [];
  for (const func of list) {
    say(func.title);
    const plan = planOf(func, count);
    const calls = await Promise.all([
      callsFor(plan.allcores, sampleSeconds),
      callsFor(plan.loop, sampleSeconds),
    ]);
    plans.push({
      ...plan,
      ...(await verified(func, plan, exact)),
      calls: { allcores: calls[0], loop: calls[1] },
      seconds: { allcores: [], loop: [] },
    });
  }
  const turns = plans.flatMap((plan) => ['allcores', 'loop'].map((contender) => ({ plan, contender })));
  await inTurns(turns, repetitions, async ({ plan, contender }, round) => {
    const calls = plan.calls[contender];
    const { seconds } = await plan[contender](Math.ceil(calls / 10), calls);
    if (round > 0) plan.seconds[contender].push(seconds / calls);
  });
  return plans;
}

/** The body, and a loop of its own for each: two loops that call different functions from one place would be slower. */
function planOf({ name, title, target, expression, body = `return ${expression};`, ...func }, count) {
  const uniform = generator(1);
  const [x, y] = [func.x, func.y ?? func.x].map((of) => shared(count, () => of(unit(uniform))));
  const made = new Function('random', `return (x, i, data) => { const y = data.y[i]; ${body} }`)(random);
  const loop = new Function(
    'random',
    `const body = (x, y, i) => { ${body} };
    return (x, y) => {
      let sum = 0;
      for (let i = 0; i < x.length; i++) sum += body(x[i], y[i], i);
      return sum;
    };`,
  )(random);
  const options = { threads: 1, data: { y, random } };
  return {
    name,
    title,
    target,
    x,
    y,
    body: (k) => made(x[k], k, { y }),
    allcores: (untimed, calls) => timedAsync(() => sum(x, made, options), untimed, calls),
    loop: async (untimed, calls) => timed(() => loop(x, y), untimed, calls),
  };
}

function shared(count, next) {
  const view = new Float64Array(new SharedArrayBuffer(8 * count));
  for (let k = 0; k < count; k++) view[k] = next();
  return view;
}

/** The sums of both, and the largest error of V8's function: that of allcores has the same bits, which the call itself sees to. */
async function verified({ exact }, { x, y, body, allcores, loop }, count) {
  const [ours, theirs] = [(await allcores(0, 1)).value, (await loop(0, 1)).value];
  if (Math.abs(ours - theirs) > 2 ** -36 * x.length * Math.max(1, Math.abs(theirs))) {
    throw new Error(`allcores: ${ours}, the loop: ${theirs}`);
  }
  if (exact === undefined) return { error: undefined };
  let error = 0;
  for (let k = 0; k < Math.min(count, x.length); k++)
    error = Math.max(error, ulps(exact(x[k], y[k]), body(k)));
  return { error };
}

/** The number of calls that take as long as a sample should. */
async function callsFor(run, sampleSeconds) {
  for (let calls = 1; ; calls *= 4) {
    const { seconds } = await run(1, calls);
    if (seconds >= sampleSeconds / 4) return Math.max(1, Math.round((calls * sampleSeconds) / seconds));
  }
}

module.exports = { measureFunctions };
