'use strict';

// The plain loop, on this thread.

const { timed } = require('../../common/timed');

let view;

const loop = {
  name: 'loop',
  title: 'JavaScript loop',
  why: 'a plain loop over the same shared array, on one thread',

  open: () => undefined,
  load(given) {
    view = given.view;
  },
  supports: () => true,

  run(workload, untimed, calls) {
    return timed(() => workload.loop(view), untimed, calls);
  },

  close() {},
};

module.exports = { loop };
