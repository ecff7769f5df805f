'use strict';

// The first body of a process whose threads are up, with allcores as it is packed and installed: how long the call takes, in seconds.

const { now } = require('../common/timed');
const { ALLCORES } = require('../../release/installed');
const { COUNT, newBody, newSource } = require('./new-body');

const { sumRange } = require(ALLCORES);

async function main() {
  await sumRange(COUNT);
  const body = newBody(newSource());
  const start = now();
  await sumRange(COUNT, body);
  process.stdout.write(JSON.stringify(now() - start));
}

main();
