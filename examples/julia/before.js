'use strict';

// The same picture with worker threads, which take the next row that nobody has taken.

const { isMainThread, parentPort, workerData } = require('node:worker_threads');
const { newPicture } = require('../common/picture.js');
const { onWorkers } = require('../common/workers.js');
const { pixel, turns, view } = require('./pixel.js');

async function run({ width, height, real, imaginary, max }) {
  const picture = newPicture(width, height);
  const nextRow = new Int32Array(new SharedArrayBuffer(4));
  await onWorkers(__filename, { nextRow, rgba: picture.rgba, width, height, real, imaginary, max });
  return picture;
}

function work({ nextRow, ...settings }) {
  const { width, height } = settings;
  const data = { ...settings, scale: view(width, height), turns };
  for (let y = Atomics.add(nextRow, 0, 1); y < height; y = Atomics.add(nextRow, 0, 1)) {
    for (let x = 0; x < width; x++) pixel(y, x, data);
  }
  parentPort.postMessage('done');
}

module.exports = { run };
if (!isMainThread) work(workerData);
else if (require.main === module) require('./main.js').main(run);
