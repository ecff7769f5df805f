'use strict';

// A `for` loop on the main thread.

const { plainLoop } = require('../../common/elements');
const { timed } = require('../../common/timed');

let state;

const loop = {
  name: 'loop',
  title: 'for loop',
  why: 'a plain loop on the main thread',

  open() {},

  load({ element, memory }) {
    state = { sum: plainLoop(element.id), view: new element.Array(memory) };
  },

  supports: () => true,

  run(length, untimed, calls) {
    const { sum, view } = state;
    return timed(() => sum(view, 0, length), untimed, calls);
  },

  close() {},
};

module.exports = { loop };
