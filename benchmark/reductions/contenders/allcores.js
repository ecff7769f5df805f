'use strict';

// This package, on all threads.

const { timedAsync } = require('../../common/timed');

const half = (x) => x > 0.5;

let view;

const allcores = {
  name: 'allcores',
  title: 'allcores',
  why: '`min(view)` and its like on all threads; `count` with a predicate that is compiled',

  open: () => undefined,
  load(given) {
    view = given.view;
  },
  supports: () => true,

  run({ name }, untimed, calls) {
    const reduce = require('../../../index.js')[name];
    const call = name === 'count' ? () => reduce(view, half) : () => reduce(view);
    return timedAsync(call, untimed, calls);
  },

  close() {},
};

module.exports = { allcores };
