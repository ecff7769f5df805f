'use strict';

// A worker thread of a soak: calls until its life is over, and ends as it is told, in the middle of its calls or not.

const { parentPort, workerData } = require('node:worker_threads');
const allcores = require('..');
const { Client } = require('./client.js');

const { lanes, life, end } = workerData;
const client = new Client({ ...workerData, allcores }, (text) => parentPort.postMessage(text));
let over = false;

client.run(lanes, () => over);
if (end === 'terminate') setInterval(() => {}, 1000);
else {
  setTimeout(() => {
    if (end === 'exit') process.exit(5);
    if (end === 'throw') throw new Error('on purpose');
    over = true;
  }, life);
}
