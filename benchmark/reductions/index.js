'use strict';

// How fast arrays are reduced to what is no sum, next to what else there is.

const { say } = require('../common/benchmark');
const { bytes } = require('../common/format');
const { size } = require('../common/options');
const { speedRatio, summary } = require('../common/statistics');
const { plot } = require('./plot');
const { details, sections, tables } = require('./report');

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
  const { contenders } = require('./contenders');
  const { measureWorkload } = require('./measure');
  const { WORKLOADS } = require('./workloads');
  const { fill, makeTile } = require('../sum/data');
  const { targets } = require('./targets');

  const { quick, threads } = results;
  const present = [];
  for (const contender of contenders) {
    // A smoke run installs nothing.
    const needsPython = contender.name === 'numpy' || contender.name === 'polars';
    const why = quick && needsPython ? 'this is a smoke run' : await contender.open({ threads });
    if (why !== undefined) results.absent.push({ name: contender.name, title: contender.title, why });
    else present.push(contender);
  }
  results.contenders = present.map(({ name, title, why }) => ({ name, title, why }));
  for (const { title, why } of results.absent) say(`Without ${title}: ${why}`);

  Object.assign(results, { bytes: settings.bytes, workloads: [] });
  const memory = new SharedArrayBuffer(settings.bytes);
  let loaded;
  for (const workload of WORKLOADS) {
    const { element } = workload;
    const view = new element.Array(memory);
    if (loaded !== element) {
      const tile = makeTile(element, 'uniform');
      try {
        await fill(memory, tile, threads);
        for (const contender of present) {
          await contender.load({ element, view, tile, bytes: settings.bytes });
        }
      } finally {
        tile.remove();
      }
      loaded = element;
    }
    say(`${workload.title}, ${bytes(settings.bytes)}`);
    results.workloads.push(
      rowOf(workload, settings.bytes, await measureWorkload(present, workload, view, settings)),
    );
  }
  for (const contender of present) await contender.close();
  results.targets = targets(results);
}

function rowOf({ name, element, title }, length, measured) {
  const entries = Object.entries(measured).map(([contender, { seconds, calls }]) => [
    contender,
    {
      speed: summary(seconds.map((time) => length / time / 1e9)),
      ratio: speedRatio(seconds, measured.allcores.seconds),
      calls,
      seconds: seconds.map((time) => Number(time.toPrecision(5))),
    },
  ]);
  return { reduction: name, element: element.name, title, entries: Object.fromEntries(entries) };
}

module.exports = {
  title: 'Speed of reductions of a gigabyte',
  summary: 'How fast arrays are reduced to what is no sum, next to what else there is.',
  packages: [],
  programs: ['roofline'],
  options,
  read,
  measure,
  details,
  sections,
  tables,
  plot,
};
