'use strict';

// Copies the tile over one thread's share of the memory.

const { workerData } = require('node:worker_threads');
const { share } = require('../common/elements');

const memory = new Uint8Array(workerData.memory);
const tile = new Uint8Array(workerData.tile);
const [from, to] = share(memory.length, workerData.index, workerData.threads);

for (let at = from; at < to; ) {
  const start = at % tile.length;
  const count = Math.min(tile.length - start, to - at);
  memory.set(tile.subarray(start, start + count), at);
  at += count;
}
