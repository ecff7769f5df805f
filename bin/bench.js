'use strict';

// `allcores bench`: whether results are those of plain loops, bit for bit, and how long they take.

const { FUNCTIONS } = require('./functions.js');
const { isSame, workloads } = require('./workloads.js');

/** Each function of Math is compared at so many numbers. */
const ARGUMENTS = 20_000;

async function bench({ allcores }, { seconds }) {
  const functions = await compareFunctions(allcores);
  const all = workloads(allcores);
  const results = [];
  for (const work of all) results.push(await measure(work, allcores.threads, seconds / all.length));
  const report = {
    version: require('../package.json').version,
    threads: allcores.threads,
    functions,
    results,
  };
  const isWell =
    results.every(({ result }) => result === 'same' || result === 'refused') &&
    functions.different.length === 0;
  return { report: { isWell, ...report }, text: textOf({ isWell, ...report }), isWell };
}

/** The functions of Math in bodies, and in this engine. */
async function compareFunctions({ map, random, shared }) {
  const view = shared(Float64Array, ARGUMENTS);
  for (let i = 0; i < ARGUMENTS; i++) {
    // Numbers of every size that is usual, of both signs.
    view[i] = (random(1, i, 0) - 0.5) * 10 ** (6 * random(1, i, 1) - 3);
  }
  const names = { same: [], different: [], refused: [] };
  for (const [name, body] of Object.entries(FUNCTIONS)) {
    try {
      const found = await map(view, body);
      const isRight = found.every((value, i) => Object.is(value, body(view[i])));
      names[isRight ? 'same' : 'different'].push(name);
    } catch (error) {
      names[error.code === 'ERR_UNSUPPORTED' ? 'refused' : 'different'].push(name);
    }
  }
  return { numbers: ARGUMENTS, ...names };
}

/** Takes turns until the time is over, and at least three of each. A result on one thread is compared too. */
async function measure({ name, loop, call, exact, portable }, threads, seconds) {
  const began = performance.now();
  const times = { loop: [], allcores: [] };
  try {
    const expected = (exact ?? loop)();
    const limits = threads > 1 ? [1, threads] : [1];
    for (const limit of limits) {
      if (!isSame(expected, await call({ threads: limit }))) return { name, result: 'different' };
    }
    while (times.loop.length < 3 || performance.now() - began < 1000 * seconds) {
      const start = performance.now();
      loop();
      const between = performance.now();
      await call({});
      times.loop.push((between - start) / 1000);
      times.allcores.push((performance.now() - between) / 1000);
    }
    if (!isSame(expected, await call({}))) return { name, result: 'different' };
  } catch (error) {
    // An engine whose functions of Math no library here has: it is said above.
    if (portable && error.code === 'ERR_UNSUPPORTED') return { name, result: 'refused' };
    return { name, result: 'failed', error: `${error.code ?? error.name}: ${error.message}` };
  }
  const ratios = times.loop.map((time, round) => time / times.allcores[round]);
  return {
    name,
    result: 'same',
    rounds: ratios.length,
    loop: median(times.loop),
    allcores: median(times.allcores),
    ratio: median(ratios),
  };
}

function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

function textOf({ version, threads, functions, results, isWell }) {
  const { same, different, refused, numbers } = functions;
  const lines = [
    `allcores ${version}, ${threads} ${threads === 1 ? 'thread' : 'threads'}`,
    '',
    `${same.length} functions of Math have the bits of this engine, at ${numbers} numbers each`,
  ];
  if (refused.length > 0) lines.push(`refused without { math: 'portable' }: ${refused.join(' ')}`);
  if (different.length > 0) lines.push(`DIFFERENT: ${different.join(' ')}`);
  lines.push('', row(['', 'loop', 'allcores', 'times as fast', 'result']));
  for (const { name, result, loop, allcores, ratio, error } of results) {
    const numbers = loop === undefined ? ['', '', ''] : [time(loop), time(allcores), ratio.toFixed(2)];
    lines.push(row([name, ...numbers, error ?? (result === 'different' ? 'DIFFERENT' : result)]));
  }
  lines.push('', isWell ? 'All results are right.' : 'Something is wrong: please report it, with --json.');
  return lines.join('\n');
}

const row = ([name, loop, allcores, ratio, result]) =>
  `  ${name.padEnd(25)}${loop.padStart(10)}${allcores.padStart(10)}${ratio.padStart(15)}   ${result}`;

const time = (seconds) => `${(1000 * seconds).toPrecision(3)} ms`;

module.exports = { bench };
