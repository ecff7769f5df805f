'use strict';

// The same picture with worker threads. Rows differ in what they cost, so that each worker takes the next one that nobody has taken.

const { isMainThread, parentPort, workerData } = require('node:worker_threads');
const { newPicture } = require('../common/picture.js');
const { onWorkers } = require('../common/workers.js');
const { channel, turnsAt, view } = require('./escape.js');

async function run({ width, height, max }) {
  const picture = newPicture(width, height);
  const nextRow = new Int32Array(new SharedArrayBuffer(4));
  await onWorkers(__filename, { rgba: picture.rgba, nextRow, width, height, max });
  return picture;
}

function work({ rgba, nextRow, width, height, max }) {
  const { left, top, scale } = view(width, height);
  for (let y = Atomics.add(nextRow, 0, 1); y < height; y = Atomics.add(nextRow, 0, 1)) {
    for (let x = 0; x < width; x++) {
      const turns = turnsAt(left + (x - width / 2) * scale, top + (y - height / 2) * scale, max);
      const at = 4 * (y * width + x);
      rgba[at] = channel(turns, max, 0);
      rgba[at + 1] = channel(turns, max, 0.7);
      rgba[at + 2] = channel(turns, max, 1.4);
      rgba[at + 3] = 255;
    }
  }
  parentPort.postMessage('done');
}

module.exports = { run };
if (!isMainThread) work(workerData);
else if (require.main === module) require('./main.js').main(run);
