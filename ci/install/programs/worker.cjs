'use strict';

const { Worker, isMainThread, parentPort } = require('node:worker_threads');

if (isMainThread) {
  new Worker(__filename).on('message', (sum) => console.log(`worker: ${sum}`));
} else {
  require('allcores')
    .sumRange(10_000)
    .then((sum) => parentPort.postMessage(sum));
}
