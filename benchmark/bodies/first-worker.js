'use strict';

// A worker that takes a body as text, and sums it over its share of the indices.

const { parentPort, workerData } = require('node:worker_threads');
const { share } = require('../common/elements');
const { COUNT, newBody, plainSum } = require('./new-body');

const [from, to] = share(COUNT, workerData.index, workerData.threads);

parentPort.on('message', (source) => {
  parentPort.postMessage(plainSum(newBody(source), from, to));
});
parentPort.postMessage('ready');
