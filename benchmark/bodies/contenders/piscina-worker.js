'use strict';

// A task of the pool: a share of the indices.

const { workerData } = require('piscina');
const { workloads } = require('../kernels');

const { memory, quick } = workerData;
const tasks = workloads({ quick }).map(({ kernel, count }) => {
  return { loop: kernel.loop, data: kernel.data(memory, count) };
});

module.exports = ({ index, from, to }) => {
  const { loop, data } = tasks[index];
  return loop(from, to, data);
};
