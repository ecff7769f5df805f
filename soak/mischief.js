'use strict';

// The thread that writes where others sum.

const { workerData } = require('node:worker_threads');
const { doMischief } = require('./racing.js');

doMischief(workerData.shared, workerData.seconds);
