'use strict';

// Memory of a pool that has worked and is idle: node --expose-gc idle.js '{ "contender": …, "threads": … }'. Writes the
// resident bytes of the process.

const { makeMemory, sumOf } = require('../memory');
const { check } = require('../check');

const { contender: name, threads } = JSON.parse(process.argv[2]);
const { [name]: contender } = require(`../contenders/${name}`);

(async () => {
  const memory = makeMemory(4 << 20);
  const pool = await contender.start({ threads });
  await pool.all();
  for (let i = 0; i < 20; i++) {
    check(await pool.spread(memory), sumOf(memory));
    await Promise.all(Array.from({ length: threads }, () => pool.call()));
  }
  for (let i = 0; i < 3; i++) {
    globalThis.gc();
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  process.stdout.write(JSON.stringify({ rss: process.memoryUsage.rss() }), () => process.exit());
})();
