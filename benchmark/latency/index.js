'use strict';

// How quickly allcores answers, next to pools of worker threads: from the start of the process to its end.

const { install } = require('../../release/installed');
const { say } = require('../common/benchmark');
const { names, size } = require('../common/options');
const { inTurns } = require('../common/turns');
const { contenders } = require('./contenders');
const { Host } = require('./hosts');
const { measures } = require('./measures');
const { plot } = require('./plot');
const { details, method, sections, tables } = require('./report');
const { Tally } = require('./tally');

const NAMES = measures.map(({ name }) => name);

const options = {
  'max-bytes': {
    type: 'string',
    argument: '<n>',
    help: 'the memory of a long sum, of each contender (default: 1Gi)',
  },
  measures: { type: 'string', argument: '<list>', help: `only these, of ${NAMES.join(',')}` },
};

function read({ quick, repetitions, 'max-bytes': most, measures: chosen }) {
  const rounds = size('--repetitions', repetitions ?? (quick ? '2' : '21'), 1, 10_000);
  return {
    measures: names('--measures', chosen, NAMES) ?? NAMES,
    bytes: size('--max-bytes', most ?? (quick ? '64Mi' : '1Gi'), 2 ** 20, 2 ** 36) & -4096,
    repetitions: rounds,
    rounds,
    coldRounds: quick ? 1 : rounds,
    /** Where a turn takes a second or more. */
    longRounds: quick ? 1 : Math.ceil(rounds / 2),
    /** Of such a turn. */
    seconds: quick ? 0.1 : 1,
    /** Short calls in a turn. */
    calls: quick ? 200 : 2000,
    inFlight: quick ? [10, 1000] : [10, 100, 1000, 10_000],
    flightCalls: quick ? 1000 : 10_000,
    /** Pools whose memory is compared. */
    sizes: quick ? [1, 3] : [1, 2, 4, 8, 16],
    idleRounds: quick ? 1 : 5,
    growthCalls: quick ? 20_000 : 1_000_000,
    growthRounds: quick ? 1 : 3,
  };
}

async function measure(results, settings) {
  await install();
  const { threads } = results;
  process.env.ALLCORES_THREADS = String(threads);
  results.bytes = settings.bytes;
  results.contenders = contenders.map(({ name, title, why }) => ({ name, title, why }));
  results.measures = [];

  let hosts;
  for (const one of measures.filter(({ name }) => settings.measures.includes(name))) {
    say(one.title);
    if (one.turn) hosts ??= contenders.map((contender) => new Host(contender, threads));
    const tally = new Tally();
    const notes = [];
    const own = await one.measure({
      contenders,
      threads,
      options: settings,
      inTurns,
      hosts: hosts?.filter((host) => host.takesPartIn(one.name)),
      tally,
      note: (text) => notes.push(text),
    });
    for (const { name, title, why } of own ?? []) {
      if (!results.contenders.some((known) => known.name === name))
        results.contenders.push({ name, title, why });
    }
    const order = results.contenders.map(({ name }) => name);
    const rows = tally.rows();
    rows.sort((a, b) => order.indexOf(a.contender) - order.indexOf(b.contender));
    const { name, title, headline } = one;
    const text = typeof one.text === 'function' ? one.text(settings) : one.text;
    results.measures.push({ name, title, text, headline, notes, rows });
    results.targets.push(...one.targets(rows).filter(Boolean));
  }
  for (const host of hosts ?? []) host.close();
}

module.exports = {
  title: 'Latencies of allcores and of pools of worker threads',
  summary: 'How quickly allcores answers, next to pools of worker threads.',
  packages: ['piscina', 'tinypool', 'workerpool'],
  options,
  read,
  measure,
  everySet: false,
  details,
  method,
  sections,
  tables,
  plot,
};
