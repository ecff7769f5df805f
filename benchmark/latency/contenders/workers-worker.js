'use strict';

// One of the hand-written workers.

const { parentPort } = require('node:worker_threads');
const task = require('./task');

parentPort.on('message', ({ id, what }) => parentPort.postMessage({ id, value: task(what) }));
