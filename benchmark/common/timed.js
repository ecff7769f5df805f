'use strict';

// Times calls one after the other, in this process.

const now = () => Number(process.hrtime.bigint()) / 1e9;

/** For a function that returns the sum. */
function timed(sum, untimed, calls) {
  let value;
  for (let i = 0; i < untimed; i++) value = sum();
  const start = now();
  for (let i = 0; i < calls; i++) value = sum();
  return { seconds: now() - start, value };
}

/** For a function that returns a promise of the sum. */
async function timedAsync(sum, untimed, calls) {
  let value;
  for (let i = 0; i < untimed; i++) value = await sum();
  const start = now();
  for (let i = 0; i < calls; i++) value = await sum();
  return { seconds: now() - start, value };
}

module.exports = { now, timed, timedAsync };
