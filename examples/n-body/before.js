'use strict';

// The same with worker threads: each has some of the stars, and all wait for each other after each kick and each drift.

const { isMainThread, parentPort, workerData } = require('node:worker_threads');
const { meet, newBarrier, onWorkers, share } = require('../common/workers.js');
const { SOFT, drift, energy, galaxies, kick } = require('./stars.js');

async function run({ num, steps, dt }) {
  const [x, y, z, vx, vy, vz] = Array.from(
    { length: 6 },
    () => new Float64Array(new SharedArrayBuffer(8 * num)),
  );
  const stars = { x, y, z, vx, vy, vz };
  galaxies(stars, num);
  const parts = await onWorkers(__filename, { stars, num, steps, dt, barrier: newBarrier() });
  const total = (name) => parts.reduce((sum, part) => sum + part[name], 0);
  return { x, y, before: total('before'), after: total('after') };
}

function work({ stars, num, steps, dt, barrier, ...me }) {
  const [from, to] = share(num, me);
  const data = { ...stars, num, dt, soft: SOFT };
  const energyOfMine = () => {
    let sum = 0;
    for (let i = from; i < to; i++) sum += energy(i, data);
    return sum;
  };
  const before = energyOfMine();
  meet(barrier, me);
  for (let step = 0; step < steps; step++) {
    for (let i = from; i < to; i++) kick(i, data);
    meet(barrier, me);
    for (let i = from; i < to; i++) drift(i, data);
    meet(barrier, me);
  }
  parentPort.postMessage({ before, after: energyOfMine() });
}

module.exports = { run };
if (!isMainThread) work(workerData);
else if (require.main === module) require('./main.js').main(run);
