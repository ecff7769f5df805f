'use strict';

// The same sum in this process and over workers, in turns, for chunks of several lengths; how many chunks a second there may be, and
// what each costs Redis and the client.

const os = require('node:os');
const { now } = require('../common/timed');
const { Service } = require('./service');

/** Nothing but arithmetic, and every index takes as long: functions of Math take longer for large arguments. */
const body = (i, { k }) => {
  let sum = 0;
  for (let j = 0; j < 16; j++) sum += Math.sin((i % 1024) * k + j);
  return sum / (i + 1);
};
const data = { k: 0.37 };
const SMALLEST = { chunk: 1, shortest: 1 };

/** So many threads as all workers have, as far as there are. */
const threadsOf = (workers) => Math.max(1, Math.floor(os.availableParallelism() / workers));

async function alone(count) {
  const { sumRange } = require('allcores');
  const start = now();
  const value = await sumRange(count, body, { data, math: 'portable' });
  return { seconds: now() - start, value };
}

/** Positions a second, of this process. */
async function rateOf(seconds) {
  await alone(1000);
  for (let count = 10_000; ; count *= 4) {
    const run = await alone(count);
    if (run.seconds > seconds) return count / run.seconds;
  }
}

async function over(client, count, expected) {
  const start = now();
  const value = await client.sumRange(count, body, { data });
  const seconds = now() - start;
  if (!Object.is(value, expected)) throw new Error(`the workers: ${value}, this process: ${expected}`);
  return seconds;
}

/**
 * Resolves with `{ overhead, rates, merge }`: seconds of each round for each length of chunks and number of workers; what happens
 * with the smallest chunks; nanoseconds of a merge.
 */
async function measureAll({ chunks, workers, repetitions, calibration, small }, say) {
  const service = await Service.start();
  try {
    const rate = await rateOf(calibration);
    const overhead = [];
    const rates = [];
    for (const count of workers) {
      await service.workers(count, threadsOf(count));
      for (const { seconds, whole } of chunks) {
        say(`${count} workers, chunks of ${seconds} s`);
        const terms = Math.round(rate * whole);
        overhead.push({
          workers: count,
          chunk: seconds,
          ...(await pairs(service, seconds, terms, repetitions)),
        });
      }
      say(`${count} workers, the smallest chunks`);
      rates.push({ workers: count, ...(await smallest(service, Math.round(rate * small))) });
    }
    return { overhead, rates, merge: await mergeCost() };
  } finally {
    await service.close();
  }
}

/** Both contenders, one after the other; in every second round the other one comes first. */
async function pairs(service, seconds, terms, repetitions) {
  const client = await service.connect({ chunk: 1000 * seconds, shortest: Math.min(100, 1000 * seconds) });
  const runs = { alone: [], cluster: [] };
  try {
    const first = await alone(Math.ceil(terms / 10));
    await over(client, Math.ceil(terms / 10), first.value);
    for (let round = 0; round < repetitions; round++) {
      const before = round % 2 === 0 ? await alone(terms) : undefined;
      const expected = before?.value ?? (await resultOf(terms));
      runs.cluster.push(await over(client, terms, expected));
      runs.alone.push((before ?? (await alone(terms))).seconds);
    }
  } finally {
    await client.close();
  }
  return runs;
}

const values = new Map();

async function resultOf(terms) {
  if (!values.has(terms)) values.set(terms, (await alone(terms)).value);
  return values.get(terms);
}

async function smallest(service, terms) {
  const client = await service.connect(SMALLEST);
  try {
    const expected = await resultOf(terms);
    const before = await service.work();
    const cpu = process.cpuUsage();
    const seconds = await over(client, terms, expected);
    const { user, system } = process.cpuUsage(cpu);
    const after = await service.work();
    const chunks = after.chunks - before.chunks;
    return {
      chunks,
      rate: chunks / seconds,
      commands: (after.commands - before.commands) / chunks,
      redis: (after.seconds - before.seconds) / chunks,
      client: (user + system) / 1e6 / chunks,
    };
  } finally {
    await client.close();
  }
}

/** Seconds of a merge of two partial results of a sum. */
async function mergeCost() {
  const path = require('node:path');
  const { partial, merge } = require(path.join(path.dirname(require.resolve('allcores')), 'lib', 'bodies.js'))
    .instance.partials;
  const half = (start) =>
    partial('sumRange', 20_000, body, { data, math: 'portable' }, start, start + 10_000);
  const [a, b] = [await half(0), await half(10_000)];
  const CALLS = 20_000;
  for (let k = 0; k < CALLS / 10; k++) merge('sumRange', a, b);
  const start = now();
  for (let k = 0; k < CALLS; k++) merge('sumRange', a, b);
  return (now() - start) / CALLS;
}

module.exports = { measureAll, threadsOf };
