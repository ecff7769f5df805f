'use strict';

// Works once, says when the last result came, and has nothing more to do:
// node exit.js '{ "contender": …, "threads": …, "stop": … }'.

const fs = require('node:fs');
const { now } = require('../../common/timed');

const { contender: name, threads, stop } = JSON.parse(process.argv[2]);
const { [name]: contender } = require(`../contenders/${name}`);

(async () => {
  const pool = await contender.start({ threads });
  await pool.all();
  const value = await pool.call();
  // At once, with work left in the event loop.
  fs.writeSync(1, JSON.stringify({ last: now(), value }));
  if (stop) await pool.stop();
})();
