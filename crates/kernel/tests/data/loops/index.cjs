'use strict';

// More loops in the form of ../bodies.cjs, as people write them: each style that is common in public programs is somewhere in here.
// `refused` says what the message of a body that is refused must contain.

module.exports = [
  ...require('./digits.cjs'),
  ...require('./filters.cjs'),
  ...require('./hashes.cjs'),
  ...require('./learning.cjs'),
  ...require('./models.cjs'),
  ...require('./numbers.cjs'),
  ...require('./pictures.cjs'),
  ...require('./signals.cjs'),
  ...require('./simulation.cjs'),
  ...require('./styles.cjs'),
  ...require('./texts.cjs'),
];
