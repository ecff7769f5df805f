'use strict';

// How fast and how exact `sum(view)` is, next to what else there is.

const { say } = require('../common/benchmark');
const { IDS } = require('../common/elements');
const { bytes } = require('../common/format');
const { names, size } = require('../common/options');
const { speedRatio, summary } = require('../common/statistics');
const { details, method, sections, tables } = require('./report');
const { plot } = require('./plot');

const options = {
  'max-bytes': {
    type: 'string',
    argument: '<n>',
    help: 'the largest view, 256Mi for instance (default: 1Gi)',
  },
  elements: { type: 'string', argument: '<list>', help: `only these, of ${IDS.join(',')}` },
};

function read({ quick, repetitions, elements, 'max-bytes': most }) {
  const page = 4096;
  return {
    elements: names('--elements', elements, IDS),
    // Whole pages, so that each share consists of whole cache lines.
    maxBytes:
      page * Math.floor(size('--max-bytes', most ?? (quick ? '4Mi' : '1Gi'), 2 ** 16, 2 ** 36) / page),
    repetitions: size('--repetitions', repetitions ?? (quick ? '3' : '21'), 1, 10_000),
    /** The least time of the calls that are timed together. */
    sampleSeconds: quick ? 0.001 : 0.01,
    /** From one length to the next. */
    step: quick ? 16 : 4,
    short: quick ? { rounds: 3, calls: 100 } : { rounds: 21, calls: 2000 },
  };
}

async function measure(results, settings) {
  const { contenders } = require('./contenders');
  const { SERIES } = require('./data');
  const { crossovers, targets } = require('./verdicts');

  const { threads } = results;
  const { maxBytes } = settings;
  const memory = new SharedArrayBuffer(maxBytes);
  const present = [];
  for (const contender of contenders) {
    const why = await contender.open({ threads, memory });
    if (why !== undefined) results.absent.push({ name: contender.name, title: contender.title, why });
    else present.push(contender);
  }
  results.contenders = present.map(({ name, title, why }) => ({ name, title, why }));
  for (const { title, why } of results.absent) say(`Without ${title}: ${why}`);

  Object.assign(results, { maxBytes, series: [] });
  results.short = await require('./short').measureShort(settings.short);
  for (const series of SERIES) {
    if (settings.elements && !settings.elements.includes(series.element.id)) continue;
    results.series.push(...(await collectSeries(series, present, memory, threads, settings)));
  }
  for (const contender of present) await contender.close();

  results.crossovers = crossovers(results);
  results.targets = targets(results);
}

async function collectSeries(
  { element, data, largestOnly, maxBytes = Number.POSITIVE_INFINITY },
  present,
  memory,
  threads,
  settings,
) {
  const { fill, makeTile } = require('./data');
  const { measureWorkload } = require('./measure');
  const { Oracle } = require('./oracle');

  const most = Math.min(settings.maxBytes, maxBytes);
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
  for (const length of largestOnly ? [most / width] : lengths(most / width, inCache, settings.step)) {
    const workload = { element, data, length, inCache: length === inCache };
    say(`${element.name}, ${data}, ${bytes(length * width)}`);
    const measured = await measureWorkload(present, workload, settings);
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

module.exports = {
  title: 'Speed of the sum of a Float64Array over its length',
  summary: 'How fast and how exact sum(view) is, next to what else there is.',
  packages: ['piscina'],
  programs: ['roofline'],
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
