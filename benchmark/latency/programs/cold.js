'use strict';

// From nothing to the first result: node cold.js '{ "contender": …, "threads": … }'. Writes the moments, in seconds of the
// system's clock, and how many threads came.

const { now } = require('../../common/timed');

const { contender: name, threads } = JSON.parse(process.argv[2]);
const before = threadsNow();
// The file of one contender, not of all: it requires its package when it starts.
const { [name]: contender } = require(`../contenders/${name}`);

(async () => {
  const began = now();
  const pool = await contender.start({ threads });
  const value = await pool.call();
  const first = now();
  await pool.all();
  const all = now();
  const more = threadsNow() - before;
  process.stdout.write(JSON.stringify({ began, first, all, value, more }));
  await pool.stop?.();
})();

/** On Linux, else not a number. */
function threadsNow() {
  try {
    return require('node:fs').readdirSync('/proc/self/task').length;
  } catch {
    return Number.NaN;
  }
}
