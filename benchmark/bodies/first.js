'use strict';

// What it costs that a body is new: the first call of a body that no one has seen, beside the second of the same, and beside a call
// that has no body. Every call is timed by itself.

const path = require('node:path');
const { Worker } = require('node:worker_threads');
const { runFresh } = require('../common/fresh');
const { median, quantile } = require('../common/statistics');
const { now } = require('../common/timed');
const { inTurns } = require('../common/turns');
const { install } = require('../../release/installed');
const { COUNT, newBody, newSource, plainSum } = require('./new-body');

const TITLES = {
  cold: 'a new body, the first of its process',
  first: 'a new body',
  again: 'the same body again',
  range: 'no body',
  loop: 'a new body, plain loop',
  workers: 'a new body, sent to warm workers as text',
  numba: 'a new function, Numba',
};

/**
 * `present` are the contenders; resolves with { count, rows, cold, compile, warm }: the seconds of the first
 * call of a process, those that a new body takes on top, and how many times as long as one without a body the next call takes.
 */
async function measureFirst(present, threads, { rounds, calls, slow }) {
  const { sumRange } = require('../../index.js');
  const workers = await startWorkers(threads);
  const tasks = {
    first: (body) => sumRange(COUNT, body),
    again: (body) => sumRange(COUNT, body),
    range: () => sumRange(COUNT),
    loop: (body) => plainSum(body, 0, COUNT),
    workers: (_, source) => workers.sum(source),
  };
  const times = Object.fromEntries(Object.keys(tasks).map((name) => [name, []]));
  await inTurns(Object.entries(tasks), rounds, async ([name, run], round) => {
    const samples = new Float64Array(calls);
    for (let call = 0; call < calls; call++) {
      const source = newSource();
      const body = newBody(source);
      if (name === 'again') await sumRange(COUNT, body);
      const start = now();
      const sum = await run(body, source);
      samples[call] = now() - start;
      if (name !== 'range') check(name, sum, plainSum(body, 0, COUNT));
    }
    if (round > 0) times[name].push(samples);
  });
  await workers.close();
  times.cold = await measureCold(slow);
  const numba = present.find(({ name }) => name === 'numba');
  if (numba) times.numba = await measureSlow(slow, (round) => numba.first(round));

  const medians = (name) => times[name].map((part) => median(part));
  const [first, again, range] = ['first', 'again', 'range'].map(medians);
  return {
    count: COUNT,
    rows: Object.keys(TITLES)
      .filter((name) => times[name])
      .map((name) => rowOf(name, times[name])),
    cold: median(times.cold.flat()),
    compile: median(first.map((time, round) => time - again[round])),
    warm: median(again.map((time, round) => time / range[round])),
  };
}

/** Sums of a thousand terms of one sign are as near as that, in whichever order. */
function check(name, sum, expected) {
  if (Math.abs(sum - expected) <= 1e-12 * Math.abs(expected)) return;
  throw new Error(`${TITLES[name]}: ${sum}, not ${expected}`);
}

function rowOf(name, rounds) {
  const all = rounds.flatMap((part) => [...part]);
  const middle = rounds.map((part) => median(part));
  return {
    name,
    title: TITLES[name],
    p50: quantile(all, 0.5),
    p99: quantile(all, 0.99),
    middle: [quantile(middle, 0.25), quantile(middle, 0.75)],
    calls: all.length,
  };
}

/** In fresh processes, which have already made a call without a body. */
async function measureCold(rounds) {
  await install();
  const script = path.join(__dirname, 'first-cold.js');
  return measureSlow(rounds, async () => (await runFresh(script, {})).answer);
}

/** A sample a round. */
async function measureSlow(rounds, sample) {
  const times = [];
  for (let round = 0; round < rounds; round++) times.push([await sample(round)]);
  return times;
}

/** Workers that take a body as text, as libraries that promise functions in workers do. */
async function startWorkers(threads) {
  const script = path.join(__dirname, 'first-worker.js');
  const all = Array.from({ length: threads }, (_, index) => {
    return new Worker(script, { workerData: { index, threads } });
  });
  const answers = () => {
    return Promise.all(all.map((worker) => new Promise((resolve) => worker.once('message', resolve))));
  };
  await answers();
  return {
    async sum(source) {
      const parts = answers();
      for (const worker of all) worker.postMessage(source);
      return (await parts).reduce((a, b) => a + b, 0);
    },
    close: () => Promise.all(all.map((worker) => worker.terminate())),
  };
}

module.exports = { measureFirst };
