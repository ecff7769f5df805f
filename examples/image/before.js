'use strict';

// The same with worker threads: each has a band of rows. The second pass of the blur reads rows of other workers, and so all wait for each
// other before it.

const { isMainThread, parentPort, workerData } = require('node:worker_threads');
const { newPicture } = require('../common/picture.js');
const { meet, newBarrier, onWorkers, share } = require('../common/workers.js');
const { blur, gaussian, luma, sobel } = require('./filters.js');
const { prepare } = require('./scene.js');

async function run({ radius }, { input }) {
  const { width, height, rgba } = input;
  const [half, blurred, edges] = [0, 1, 2].map(() => newPicture(width, height));
  const pictures = { rgba, half: half.rgba, blurred: blurred.rgba, edges: edges.rgba };
  await onWorkers(__filename, { ...pictures, width, height, radius, barrier: newBarrier() });
  return { blurred, edges };
}

function work({ rgba, half, blurred, edges, width, height, radius, barrier, ...me }) {
  const [top, bottom] = share(height, me);
  const weights = gaussian(radius);
  const eachPixel = (filter, rest) => {
    const data = { width, height, ...rest };
    for (let y = top; y < bottom; y++) {
      for (let x = 0; x < width; x++) filter(y, x, data);
    }
  };
  eachPixel(blur, { weights, dx: 1, dy: 0, from: rgba, to: half });
  meet(barrier, me);
  eachPixel(blur, { weights, dx: 0, dy: 1, from: half, to: blurred });
  eachPixel(sobel, { luma, from: rgba, to: edges });
  parentPort.postMessage('done');
}

module.exports = { prepare, run };
if (!isMainThread) work(workerData);
else if (require.main === module) require('./main.js').main(run);
