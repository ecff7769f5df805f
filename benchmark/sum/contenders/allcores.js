'use strict';

// What this repository is about: `await sum(view)`.

const { timedAsync } = require('../../common/timed');

/** Calls in flight at once, where that is what is measured. */
const IN_FLIGHT = 8;

let state;

const allcores = {
  name: 'allcores',
  title: 'allcores',
  why: '`await sum(view)`, one call after the other',

  open() {
    state = { ...require('../../../index.js') };
  },

  load({ element, memory }) {
    state.view = (length) => new element.Array(memory, 0, length);
  },

  supports: () => true,

  run(length, untimed, calls) {
    const view = state.view(length);
    return timedAsync(() => state.sum(view), untimed, calls);
  },

  close() {},
};

/** The same calls without the turn of the event loop between them: what the threads can do when there is enough to do. */
const allcoresInFlight = {
  name: 'allcores-in-flight',
  title: `allcores, ${IN_FLIGHT} calls in flight`,
  why: `\`sum(view)\`, ${IN_FLIGHT} calls at a time; in the cache only`,

  open() {},
  load() {},

  supports: ({ element, data, inCache }) => inCache && element.id === 'f64' && data === 'uniform',

  async run(length, untimed, calls) {
    const view = state.view(length);
    const batch = async () => {
      const sums = await Promise.all(Array.from({ length: IN_FLIGHT }, () => state.sum(view)));
      return sums[0];
    };
    const batches = Math.max(1, Math.round(calls / IN_FLIGHT));
    const { seconds, value } = await timedAsync(batch, Math.ceil(untimed / IN_FLIGHT), batches);
    return { seconds: (seconds * calls) / (batches * IN_FLIGHT), value };
  },

  close() {},
};

module.exports = { allcores, allcoresInFlight };
