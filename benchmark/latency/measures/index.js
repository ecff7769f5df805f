'use strict';

// What is measured. A measure is { name, title, text, headline, measure, targets }, and `turn` if it needs a warm pool:
//
//   text              how it is done, for the report; or a function of the options
//   headline          [{ what, text }]: the rows that the README shows
//   turn(pool, …)     one turn of one contender, in the process that keeps its pool warm (see ../host.js)
//   measure(bench)    all rounds; bench is { inTurns, contenders, hosts, threads, options, tally, note }. Resolves with the
//                     contenders that are its own, if any
//   targets(rows)     what the project set itself

/** In the order of the run: fresh processes first, while there are no warm ones. */
const measures = [
  require('./cold'),
  require('./exit'),
  require('./idle'),
  require('./growth'),
  require('./trip'),
  require('./flight'),
  require('./mixed'),
  require('./abort'),
  require('./loop'),
  require('./files'),
];

module.exports = { measures };
