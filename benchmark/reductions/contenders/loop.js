'use strict';

// The plain loop, on this thread.

const { timed } = require('../../common/timed');
const { arraysOf } = require('../workloads');

let view;

const loop = {
  name: 'loop',
  title: 'JavaScript loop',
  why: 'a plain loop over the same shared array, on one thread; two of them for the variance',

  open: () => undefined,
  load(given) {
    view = given.view;
  },
  supports: () => true,

  run(workload, untimed, calls) {
    const arrays = arraysOf(workload, view);
    return timed(() => workload.loop(...arrays), untimed, calls);
  },

  close() {},
};

module.exports = { loop };
