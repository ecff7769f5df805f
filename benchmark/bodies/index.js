'use strict';

// How fast and how exact loops with a body are, next to what else there is.

const { say } = require('../common/benchmark');
const { names, size } = require('../common/options');
const { speedRatio, summary } = require('../common/statistics');
const { kernels } = require('./kernels');
const { plot } = require('./plot');
const { details, method, sections, tables } = require('./report');

const NAMES = kernels.map(({ name }) => name);

const options = {
  kernels: { type: 'string', argument: '<list>', help: `only these, of ${NAMES.join(',')}` },
};

function read({ quick, repetitions, kernels: chosen }) {
  const rounds = size('--repetitions', repetitions ?? (quick ? '3' : '21'), 1, 10_000);
  return {
    kernels: names('--kernels', chosen, NAMES) ?? NAMES,
    repetitions: rounds,
    /** The least time of the calls that are timed together. */
    sampleSeconds: quick ? 0.001 : 0.01,
    /** Calls with a new body in a round; and processes, or functions of Numba, that have a first one. */
    first: { rounds, calls: quick ? 5 : 50, slow: quick ? 1 : 5 },
  };
}

async function measure(results, settings) {
  const { measureFirst } = require('./first');
  const { workloads } = require('./kernels');
  const { makeMemory } = require('./memory');
  const { measureWorkload } = require('./measure');
  const { targets } = require('./targets');

  const { quick, threads } = results;
  const list = workloads({ quick });
  const memory = makeMemory();
  try {
    const present = await open(results, { threads, memory, list, quick });
    const entries = present.flatMap((contender) => entriesOf(contender, threads));
    results.entries = entries.map(({ key, title }) => ({ key, title }));
    results.workloads = [];
    for (const workload of list) {
      if (!settings.kernels.includes(workload.kernel.name)) continue;
      say(workload.title);
      const measured = await measureWorkload(entries, workload, { ...settings, memory });
      results.workloads.push(rowOf(workload, measured));
    }
    results.first = await measureFirst(present, threads, settings.first);
    for (const contender of present) await contender.close();
  } finally {
    memory.remove();
  }
  results.targets = targets(results);
}

/** Those who can take part; the others are told of. */
async function open(results, given) {
  const { contenders } = require('./contenders');
  const present = [];
  for (const contender of contenders) {
    const why = given.quick && !contender.quick ? 'this is a smoke run' : await contender.open(given);
    if (why !== undefined) results.absent.push({ name: contender.name, title: contender.title, why });
    else present.push(contender);
  }
  results.contenders = present.map(({ name, title, why }) => ({ name, title, why }));
  for (const { title, why } of results.absent) say(`Without ${title}: ${why}`);
  return present;
}

/** A contender on all threads, and on one: [{ key, title, contender, threads }]. */
function entriesOf(contender, threads) {
  const { name, title, oneThread } = contender;
  const onAll = { key: name, title, contender, threads: oneThread ? 1 : threads };
  if (onAll.threads === 1) return [onAll];
  return [onAll, { key: `${name}-1`, title: `${title}, 1 thread`, contender, threads: 1 }];
}

function rowOf({ kernel, count, indices, title }, measured) {
  return {
    kernel: kernel.name,
    title,
    count,
    indices,
    entries: Object.fromEntries(
      Object.entries(measured).map(([key, { seconds, calls, ...result }]) => [
        key,
        {
          ns: summary(seconds.map((time) => (time / indices) * 1e9)),
          ratio: speedRatio(seconds, measured.loop.seconds),
          ...result,
          calls,
          seconds: seconds.map((time) => Number(time.toPrecision(5))),
        },
      ]),
    ),
  };
}

module.exports = {
  title: 'Time for each index of loops with a body',
  summary: 'How fast and how exact loops with a body are, next to what else there is.',
  packages: ['piscina'],
  options,
  read,
  measure,
  everySet: true,
  details,
  method,
  sections,
  tables,
  plot,
};
