'use strict';

// How fast and how exact `sum(view)` is, next to what else there is. Everything in one run, in turns, and checked.

const path = require('node:path');
const { bytes } = require('../common/format');
const { describe, machine } = require('../common/machine');
const records = require('../common/records');
const { speedRatio, summary } = require('../common/statistics');
const { HELP, readOptions } = require('./options');

async function run(args) {
  const options = readOptions(args);
  if (options.help) {
    process.stdout.write(`${HELP}\n`);
    return;
  }
  // Before the first load of allcores, which reads it.
  if (options.threads !== undefined) process.env.ALLCORES_THREADS = String(options.threads);
  const results = await collect(options);
  const { report, tables } = require('./report');
  process.stdout.write(`${report(results)}\n`);
  if (options.record) {
    const { plot } = require('./plot');
    const record = records.write(`sum-${options.name ?? records.slug(results.machine.cpu)}`, {
      'results.json': results,
      'table.md': tables(results),
      'report.md': report(results),
      'plot.svg': await plot(results),
    });
    process.stdout.write(`\nRecorded in ${path.relative(process.cwd(), record)}\n`);
  }
}

async function collect(options) {
  const { threads } = require('../../index.js');
  const { contenders } = require('./contenders');
  const { versions } = require('../common/versions');
  const { SERIES } = require('./data');
  const { crossovers, targets } = require('./verdicts');
  const os = require('node:os');

  const results = {
    benchmark: 'sum',
    plot: 'Speed of the sum of a Float64Array over its length',
    date: new Date().toISOString(),
    machine: machine(),
    versions: versions(['piscina']),
    threads,
    quick: options.quick,
    repetitions: options.repetitions,
    maxBytes: options.maxBytes,
    load: { before: os.loadavg(), after: undefined },
    contenders: [],
    absent: [],
    series: [],
  };
  say(describe(results.machine).join('\n'));

  const memory = new SharedArrayBuffer(options.maxBytes);
  const present = [];
  for (const contender of contenders) {
    const why = await contender.open({ threads, memory });
    if (why !== undefined) results.absent.push({ name: contender.name, title: contender.title, why });
    else present.push(contender);
  }
  results.contenders = present.map(({ name, title, why }) => ({ name, title, why }));
  for (const { title, why } of results.absent) say(`Without ${title}: ${why}`);

  results.short = await require('./short').measureShort(options.short);
  for (const series of SERIES) {
    if (options.elements && !options.elements.includes(series.element.id)) continue;
    results.series.push(...(await collectSeries(series, present, memory, threads, options)));
  }
  for (const contender of present) await contender.close();

  results.load.after = os.loadavg();
  results.crossovers = crossovers(results);
  results.targets = targets(results);
  return results;
}

async function collectSeries(
  { element, data, largestOnly, maxBytes = Number.POSITIVE_INFINITY },
  present,
  memory,
  threads,
  options,
) {
  const { fill, makeTile } = require('./data');
  const { measure } = require('./measure');
  const { Oracle } = require('./oracle');

  const most = Math.min(options.maxBytes, maxBytes);
  const tile = makeTile(element, data);
  const oracle = new Oracle(element, tile.view);
  try {
    await fill(memory, tile, threads);
    for (const contender of present) await contender.load({ element, memory, tile, bytes: most });
  } finally {
    tile.remove();
  }

  const width = element.Array.BYTES_PER_ELEMENT;
  const inCache = (threads << 20) / width;
  const rows = [];
  for (const length of largestOnly ? [most / width] : lengths(most / width, inCache, options.step)) {
    const workload = { element, data, length, inCache: length === inCache };
    say(`${element.name}, ${data}, ${bytes(length * width)}`);
    const measured = await measure(present, workload, options);
    rows.push({
      element: element.name,
      data,
      length,
      bytes: length * width,
      inCache: workload.inCache,
      contenders: Object.fromEntries(
        Object.entries(measured).map(([name, { seconds, calls, value }]) => [
          name,
          {
            speed: summary(seconds.map((time) => (length * width) / time / 1e9)),
            ratio: speedRatio(seconds, measured.allcores.seconds),
            error: checked(name, oracle.error(length, value), { element, data, length }),
            calls,
            seconds: seconds.map((time) => Number(time.toPrecision(5))),
          },
        ]),
      ),
    });
  }
  return rows;
}

/** Powers of 4 from 1 Ki elements on, what fits the caches of all threads, and the largest. */
function lengths(most, inCache, step) {
  const found = new Set([most]);
  for (let length = 1024; length < most; length *= step) found.add(length);
  if (inCache < most) found.add(inCache);
  return [...found].sort((a, b) => a - b);
}

/** An exact sum must be exact, and an inexact one of positive numbers near to it. Returns the error, as JSON takes it. */
function checked(name, error, { element, data, length }) {
  const exact = name.startsWith('allcores') || name === 'sum-precise';
  const near = data !== 'uniform' || error === 'wrapped' || error <= 2 ** 52;
  if (exact ? error !== 0 : !near) {
    throw new Error(`${name}: wrong by ${error} ulp (${element.name}, ${data}, ${length} elements)`);
  }
  return Number.isFinite(error) || typeof error === 'string' ? error : String(error);
}

function say(text) {
  process.stderr.write(`${text}\n`);
}

/** The Rust programs that it needs. */
const programs = ['roofline'];

module.exports = { programs, run };
