'use strict';

// Loop bodies by allcores, on the same memory.

const { timedAsync } = require('../../common/timed');

let state;

const allcores = {
  name: 'allcores',
  title: 'allcores',
  why: '`await sumRange(n, body)` and its like, one call after the other',
  exact: true,
  quick: true,

  open({ memory }) {
    state = { memory, ...require('../../../index.js') };
  },

  supports: () => true,

  run(workload, threads, untimed, calls) {
    return timedAsync(callOf(workload, threads), untimed, calls);
  },

  output: () => state.memory.out,
  close() {},
};

/** The call as a program would write it. */
function callOf({ kernel, count }, threads) {
  const { body } = kernel;
  const data = kernel.data(state.memory, count);
  const options = { data, threads };
  switch (kernel.call) {
    case 'sum':
      return () => state.sum(data.x, body, options);
    case 'forRange':
      return () => state.forRange(count, body, options);
    case 'map':
      return () => state.map(data.x, body, { ...options, into: data.out });
    default:
      return () => state.sumRange(count, body, options);
  }
}

module.exports = { allcores };
