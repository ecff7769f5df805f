'use strict';

// Watches partial sums appear in shared memory while every core works on them.
//
//   node examples/watch-partials/main.js
//
// Three parties look at one BigInt64Array:
//   - the threads of allcores store a partial sum into each slot;
//   - this thread goes on with its own work, here: it draws which slots are filled, by Atomics.load alone;
//   - a worker thread (watcher.js) sleeps in Atomics.wait on the last slot until the sum is complete.

const { once } = require('node:events');
const path = require('node:path');
const { Worker } = require('node:worker_threads');
const { sumIntoSharedBuffer } = require('../..'); // in your own program: require('allcores')

const NUM = 1_000_000_000n;
const SLOTS = 16_000_001; // partial sums, and one last slot: the request and the flag
const LAST = SLOTS - 1;
const CELLS = 50;

async function main() {
  const slots = new BigInt64Array(new SharedArrayBuffer(SLOTS * BigInt64Array.BYTES_PER_ELEMENT));

  // The request is in the shared memory before anyone looks at it: the watcher cannot come too early or too late.
  Atomics.store(slots, LAST, NUM);
  const watcher = new Worker(path.join(__dirname, 'watcher.js'), { workerData: { slots, last: LAST } });
  await once(watcher, 'message'); // it says that it is about to sleep
  const woken = once(watcher, 'message');

  const started = sumIntoSharedBuffer(slots); // no num: the last slot holds it
  const drawing = setInterval(draw, 20, slots);
  const total = await started;
  clearInterval(drawing);
  draw(slots);
  process.stderr.write('\n');

  const [report] = await woken;
  console.log(report);
  console.log(`total: ${total}`);
  console.log(`reduce gives the same: ${slots.reduce((a, b) => a + b) === total}`);
}

/** One cell per stretch of slots, filled when the slot at its end is. */
function draw(slots) {
  const cells = Array.from({ length: CELLS }, (_, cell) => {
    const slot = Math.floor((LAST * (cell + 1)) / CELLS) - 1;
    return Atomics.load(slots, slot) === 0n ? '.' : '#';
  });
  process.stderr.write(`\r[${cells.join('')}]`);
}

main();
