'use strict';

// Resident memory over many calls: node --expose-gc growth.js '{ "contender": …, "threads": …, "calls": …, "samples": … }'.
// Writes [calls, bytes] pairs, from after a warm-up on.

const { CALL, check } = require('../check');

const { contender: name, threads, calls, samples } = JSON.parse(process.argv[2]);
const { [name]: contender } = require(`../contenders/${name}`);

const IN_FLIGHT = 100;

(async () => {
  const pool = await contender.start({ threads });
  const work = async (count) => {
    for (let done = 0; done < count; done += IN_FLIGHT) {
      const values = await Promise.all(Array.from({ length: IN_FLIGHT }, () => pool.call()));
      for (const value of values) check(value, CALL);
    }
  };
  const resident = () => {
    globalThis.gc();
    globalThis.gc();
    return process.memoryUsage.rss();
  };
  await work(calls / 5);
  const found = [[0, resident()]];
  for (let i = 1; i <= samples; i++) {
    await work(calls / samples);
    found.push([(i * calls) / samples, resident()]);
  }
  process.stdout.write(JSON.stringify(found), () => process.exit());
})();
