'use strict';

// What this repository is about, as it is installed. ALLCORES_THREADS says how many threads.

const { ALLCORES } = require('../../../release/installed');

const allcores = {
  name: 'allcores',
  title: 'allcores',
  why: '`await sumRange(10)`; long sums are `sum(view)`',

  start({ threads }) {
    const { sum, sumIntoSharedBuffer, sumRange, threads: actual } = require(ALLCORES);
    if (actual !== threads) throw new Error(`allcores has ${actual} threads, not ${threads}`);
    const view = (memory) => new Float64Array(memory);
    return {
      call: () => sumRange(10),
      // The first call has started all of them.
      all: () => sumRange(10),
      long: (memory) => sum(view(memory)),
      spread: (memory, signal) => sum(view(memory), { signal }),
      fill: sumIntoSharedBuffer,
      width: 1,
    };
  },
};

module.exports = { allcores };
