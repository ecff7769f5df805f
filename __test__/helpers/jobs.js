'use strict';

// Calls that last: a view of millions of slots keeps a thread busy for tens of milliseconds.

const LONG_SLOTS = 2 ** 22;

/** A target for a long call. `num` fits every slot, and of the partial sums none is 0. */
function longTarget(slots = LONG_SLOTS) {
  const view = new BigInt64Array(new SharedArrayBuffer((slots + 1) * 8));
  const num = BigInt(slots) * 3n + 1n;
  return { view, num, total: (num * (num - 1n)) / 2n, last: slots };
}

/**
 * Starts a long call with `sumIntoSharedBuffer`. Until `call` is over, `part`, a small view inside of its target, is
 * busy.
 */
function startLong(sumIntoSharedBuffer, options) {
  const target = longTarget();
  const call = sumIntoSharedBuffer(target.view, target.num, { threads: 1, ...options });
  return { ...target, call, part: new Int32Array(target.view.buffer, target.view.byteLength - 128, 8) };
}

/**
 * Starts sums of views of 64 MiB that together take the pool minutes: whoever waited for them would run into the limit of
 * every child process. Their results are ignored.
 */
function startFlood(sum, calls = 20_000) {
  const view = new Float64Array(new SharedArrayBuffer(2 ** 26));
  for (let i = 0; i < calls; i++) sum(view).catch(() => {});
}

module.exports = { longTarget, startFlood, startLong };
