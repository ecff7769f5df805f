'use strict';

// A worker thread that sleeps until the last slot is no longer the request. It uses no CPU meanwhile.

const { parentPort, workerData } = require('node:worker_threads');

const { slots, last } = workerData;
const request = Atomics.load(slots, last);

parentPort.postMessage('about to sleep');

// Always with a timeout: a thread that is terminated in the middle of a sum sets the flag, but cannot wake anyone.
let flag = request;
while (flag === request) {
  Atomics.wait(slots, last, request, 1000);
  flag = Atomics.load(slots, last);
}

parentPort.postMessage(
  flag === 0n ? 'watcher: the sum is complete' : `watcher: the sum failed, the flag is ${flag}`,
);
