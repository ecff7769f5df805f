'use strict';

// How quickly allcores answers, next to pools of worker threads: from the start of the process to its end. Everything in one
// run, in turns, and checked.

const os = require('node:os');
const path = require('node:path');
const { install } = require('../../release/installed');
const { describe, machine } = require('../common/machine');
const records = require('../common/records');
const { inTurns } = require('../common/turns');
const { versions } = require('../common/versions');
const { contenders } = require('./contenders');
const { Host } = require('./hosts');
const { measures } = require('./measures');
const { HELP, readOptions } = require('./options');
const { report, tables } = require('./report');
const { Tally } = require('./tally');

const NAMES = measures.map(({ name }) => name);

async function run(args) {
  const options = readOptions(args, NAMES);
  if (options.help) {
    process.stdout.write(`${HELP.replace('NAMES', NAMES.join(','))}\n`);
    return;
  }
  const results = await collect(options);
  process.stdout.write(`${report(results)}\n`);
  if (options.record) {
    const { plot } = require('./plot');
    const record = records.write(`latency-${options.name ?? records.slug(results.machine.cpu)}`, {
      'results.json': results,
      'table.md': tables(results),
      'report.md': report(results),
      'plot.svg': await plot(results),
    });
    process.stdout.write(`\nRecorded in ${path.relative(process.cwd(), record)}\n`);
  }
}

async function collect(options) {
  await install();
  // Read by the first load of allcores, here and in every process that is started.
  if (options.threads !== undefined) process.env.ALLCORES_THREADS = String(options.threads);
  const { threads } = require('../../index.js');
  process.env.ALLCORES_THREADS = String(threads);

  const results = {
    benchmark: 'latency',
    plot: 'Latencies of allcores and of pools of worker threads',
    date: new Date().toISOString(),
    machine: machine(),
    versions: versions(['piscina', 'tinypool', 'workerpool']),
    threads,
    quick: options.quick,
    repetitions: options.rounds,
    bytes: options.bytes,
    load: { before: os.loadavg(), after: undefined },
    contenders: contenders.map(({ name, title, why }) => ({ name, title, why })),
    absent: [],
    measures: [],
    targets: [],
  };
  say(describe(results.machine).join('\n'));

  const chosen = measures.filter(({ name }) => options.measures.includes(name));
  let hosts;
  for (const measure of chosen) {
    say(measure.title);
    if (measure.turn) hosts ??= contenders.map((contender) => new Host(contender, threads));
    const bench = { contenders, threads, options, inTurns };
    const { rows, notes, own } = await one(measure, hosts, bench);
    for (const { name, title, why } of own) {
      if (!results.contenders.some((one) => one.name === name)) results.contenders.push({ name, title, why });
    }
    const order = results.contenders.map(({ name }) => name);
    rows.sort((a, b) => order.indexOf(a.contender) - order.indexOf(b.contender));
    const { name, title, headline } = measure;
    const text = typeof measure.text === 'function' ? measure.text(options) : measure.text;
    results.measures.push({ name, title, text, headline, notes, rows });
    results.targets.push(...measure.targets(rows).filter(Boolean));
  }
  for (const host of hosts ?? []) host.close();
  results.load.after = os.loadavg();
  return results;
}

async function one(measure, hosts, bench) {
  const tally = new Tally();
  const notes = [];
  const own = await measure.measure({
    ...bench,
    hosts: hosts?.filter((host) => host.takesPartIn(measure.name)),
    tally,
    note: (text) => notes.push(text),
  });
  return { rows: tally.rows(), notes, own: own ?? [] };
}

function say(text) {
  process.stderr.write(`${text}\n`);
}

module.exports = { run };
