'use strict';

// How fast arrays are reduced to what is no sum, next to what else there is.

const { say } = require('../common/benchmark');
const { bytes } = require('../common/format');
const { size } = require('../common/options');
const { speedRatio, summary } = require('../common/statistics');
const { plot } = require('./plot');
const { details, method, sections, tables } = require('./report');

const options = {
  bytes: {
    type: 'string',
    argument: '<n>',
    help: 'how long the arrays are, 256Mi for instance (default: 1Gi)',
  },
};

function read({ quick, repetitions, bytes: length }) {
  const page = 4096;
  return {
    bytes: page * Math.floor(size('--bytes', length ?? (quick ? '4Mi' : '1Gi'), 2 ** 16, 2 ** 36) / page),
    repetitions: size('--repetitions', repetitions ?? (quick ? '3' : '21'), 1, 10_000),
    /** The least time of the calls that are timed together. */
    sampleSeconds: quick ? 0.001 : 0.01,
  };
}

async function measure(results, settings) {
  const { measureWorkload } = require('./measure');
  const { Oracle } = require('./oracle');
  const { fill, makeTile } = require('../sum/data');
  const { targets } = require('./targets');
  const { arraysOf, workloads } = require('./workloads');

  const { threads } = results;
  const present = await open(results);
  const list = workloads(settings.bytes, threads);
  const cached = list.find(({ isCached }) => isCached).bytes;
  Object.assign(results, { bytes: settings.bytes, cached, workloads: [] });
  const most = Math.max(settings.bytes, cached);
  const memory = new SharedArrayBuffer(most);
  let [loaded, view, oracle] = [];
  for (const workload of list) {
    const { element } = workload;
    if (loaded !== element) {
      view = new element.Array(memory);
      const tile = makeTile(element, 'uniform');
      try {
        await fill(memory, tile, threads);
        for (const contender of present) await contender.load({ element, view, tile, bytes: most });
        oracle = element.id === 'f64' ? new Oracle(tile.view) : undefined;
      } finally {
        tile.remove();
      }
      loaded = element;
    }
    say(`${workload.title}, ${bytes(workload.bytes)}`);
    const measured = await measureWorkload(present, workload, view, oracle, settings);
    const length = arraysOf(workload, view).reduce((sum, { byteLength }) => sum + byteLength, 0);
    results.workloads.push(rowOf(workload, length, measured));
  }
  for (const contender of present) await contender.close();
  results.targets = targets(results);
}

/** Those who can take part; the others are told of. */
async function open(results) {
  const { contenders } = require('./contenders');
  const present = [];
  for (const contender of contenders) {
    const { name, title } = contender;
    // A smoke run installs nothing.
    const isLeftOut = results.quick && (name === 'numpy' || name === 'polars');
    const why = isLeftOut ? 'this is a smoke run' : await contender.open(results);
    if (why !== undefined) results.absent.push({ name, title, why });
    else present.push(contender);
  }
  results.contenders = present.map(({ name, title, why, isHidden }) => ({ name, title, why, isHidden }));
  for (const { title, why } of results.absent) say(`Without ${title}: ${why}`);
  return present;
}

function rowOf({ name, element, title, isCached }, length, measured) {
  const entries = Object.entries(measured).map(([contender, { seconds, calls, error }]) => [
    contender,
    {
      speed: summary(seconds.map((time) => length / time / 1e9)),
      ratio: speedRatio(seconds, measured.allcores.seconds),
      error,
      calls,
      seconds: seconds.map((time) => Number(time.toPrecision(5))),
    },
  ]);
  return { reduction: name, element: element.name, title, isCached, entries: Object.fromEntries(entries) };
}

module.exports = {
  title: 'Speed of reductions of a gigabyte',
  summary: 'How fast arrays are reduced to what is no sum, next to what else there is.',
  packages: [],
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
