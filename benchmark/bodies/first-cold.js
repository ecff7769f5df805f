'use strict';

// The first body of a process whose threads are up: how long the call takes, in seconds.

const { now } = require('../common/timed');
const { sumRange } = require('../../index.js');
const { COUNT, newBody, newSource } = require('./new-body');

async function main() {
  await sumRange(COUNT);
  const body = newBody(newSource());
  const start = now();
  await sumRange(COUNT, body);
  process.stdout.write(JSON.stringify(now() - start));
}

main();
