'use strict';

// What a worker thread does for its pool: the task in the file that piscina and tinypool are given, and that the other
// workers require.

/** How many doubles are summed between two signs of life: an eighth of a millisecond or so. */
const BLOCK = 2 ** 16;

/** Milliseconds that a thread waits for the others; long for a machine that does nothing else. */
const PATIENCE = 5000;

/**
 * A number asks for the sum of the integers below it. { memory, from, to, progress } asks for the sum of those doubles, and
 * { meeting, threads } for that many threads to come together.
 */
function task(what) {
  if (typeof what === 'number') return sumRange(what);
  return what.meeting ? meet(what) : sumMemory(what);
}

function sumRange(num) {
  let sum = 0;
  for (let i = 0; i < num; i++) sum += i;
  return sum;
}

function sumMemory({ memory, from, to, progress }) {
  const view = new Float64Array(memory);
  const alive = new Int32Array(progress);
  let sum = 0;
  for (let at = from; at < to; at += BLOCK) {
    sum += sumBlock(view, at, Math.min(at + BLOCK, to));
    Atomics.add(alive, 0, 1);
  }
  return sum;
}

function sumBlock(view, from, to) {
  let sum = 0;
  for (let i = from; i < to; i++) sum += view[i];
  return sum;
}

/** Each waits until the last one has come, so that each is a thread of its own. */
function meet({ meeting, threads }) {
  const present = new Int32Array(meeting);
  if (Atomics.add(present, 0, 1) + 1 === threads) {
    Atomics.store(present, 1, 1);
    Atomics.notify(present, 1);
  } else if (Atomics.wait(present, 1, 0, PATIENCE) === 'timed-out') {
    throw new Error('the others have not come');
  }
  return threads;
}

module.exports = task;
