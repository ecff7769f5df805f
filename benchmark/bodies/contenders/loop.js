'use strict';

// The plain loop, on the main thread.

const { timed } = require('../../common/timed');

let memory;

const loop = {
  name: 'loop',
  title: 'JavaScript loop',
  why: 'the plain loop on the main thread',
  exact: false,
  quick: true,
  oneThread: true,

  open(options) {
    memory = options.memory;
  },

  supports: () => true,

  run({ kernel, count }, _, untimed, calls) {
    const data = kernel.data(memory, count);
    const length = [count].flat()[0];
    return timed(() => kernel.loop(0, length, data), untimed, calls);
  },

  output: () => memory.out,
  close() {},
};

module.exports = { loop };
