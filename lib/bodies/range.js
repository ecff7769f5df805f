'use strict';

// Calls of a body for each index of a range, or for each tuple of indices.

const { product } = require('./arguments');
const { Job } = require('./job');
const { indicesOf } = require('./points');

/** What a body with so many indices is called with. */
const INDICES = [undefined, 'i1', 'i2', 'i3'];

function rangeJob(counts, body, returns, options) {
  let total = product(counts);
  // With more than one dimension, `from` is 0.
  if (counts.length === 1) total = total > options.from ? total - options.from : 0;
  const job = new Job(body, undefined, options.from, counts, total, options);
  return job.prepare(INDICES[counts.length], returns, options);
}

/** The indices of a turn, -1 each if it is none. */
function tupleOf(unit, counts) {
  const tuple = counts.length === 2 ? [-1, -1] : [-1, -1, -1];
  if (unit >= 0) indicesOf(unit, { __proto__: null, from: 0, counts }, tuple, 0);
  return tuple;
}

module.exports = { rangeJob, tupleOf };
