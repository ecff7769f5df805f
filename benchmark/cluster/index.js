'use strict';

// What it costs to spread a call over workers: next to one process, on one machine, where there is nothing to gain.

const path = require('node:path');
const { say } = require('../common/benchmark');
const { size } = require('../common/options');
const { speedRatio, summary } = require('../common/statistics');
const { plot } = require('./plot');
const { details, method, sections, tables } = require('./report');
const { targets } = require('./targets');

/** Seconds of a chunk, and of a whole run of all threads: six chunks or more for each of two workers. */
const CHUNKS = [
  { seconds: 0.1, whole: 3 },
  { seconds: 1, whole: 15 },
  { seconds: 10, whole: 120 },
];
const QUICK = [
  { seconds: 0.1, whole: 0.5 },
  { seconds: 1, whole: 1 },
];

function read({ quick, repetitions }) {
  return {
    repetitions: size('--repetitions', repetitions ?? (quick ? '1' : '5'), 1, 1000),
    workers: [2, 4],
    chunks: quick ? QUICK : CHUNKS,
    /** The least time that the speed of this process is measured by. */
    calibration: quick ? 0.05 : 1,
    /** Seconds of all threads, in the smallest chunks. */
    small: quick ? 0.2 : 10,
  };
}

async function measure(results, settings) {
  const { install } = require('../../release/installed.js');
  await install(path.join(__dirname, '..', 'node_modules'));
  const { measureAll, threadsOf } = require('./measure');
  const threads = settings.workers.map((count) => `${count} of ${threadsOf(count)}`).join(', ');
  results.contenders = [
    {
      name: 'alone',
      title: 'one process',
      why: "`sumRange(num, body, { math: 'portable' })`, on all threads",
    },
    { name: 'cluster', title: 'workers', why: `\`cluster.sumRange(num, body)\`; threads: ${threads}` },
  ];
  const { overhead, rates, merge } = await measureAll(settings, say);
  results.overhead = overhead.map(({ alone, cluster, ...rest }) => ({
    ...rest,
    alone: summary(alone),
    cluster: summary(cluster),
    ratio: speedRatio(alone, cluster),
  }));
  results.rates = rates;
  results.merge = merge;
  results.targets = targets(results);
}

module.exports = {
  title: 'Time of a sum over workers, next to one process',
  summary: 'What it costs to spread a call over workers, on one machine.',
  packages: ['bullmq', 'ioredis'],
  options: {},
  read,
  measure,
  everySet: false,
  details,
  method,
  sections,
  tables,
  plot,
};
