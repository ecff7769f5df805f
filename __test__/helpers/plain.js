'use strict';

// The public functions that take a body, as plain loops on this thread: what programs with bodies are compared with. The terms of
// a sum are added up exactly, as the package promises.

const { exactSum } = require('./exact.js');

/** Calls `turn(...indices)` for all indices below the counts, the last of which runs fastest. */
function loop(num, from, turn) {
  const counts = Array.isArray(num) ? num.map(Number) : [Number(num)];
  const run = (indices) => {
    const d = indices.length;
    if (d === counts.length) turn(...indices);
    else for (let i = d === 0 ? Number(from) : 0; i < counts[d]; i++) run([...indices, i]);
  };
  run([]);
}

/** As a loop that begins with 0: never -0. */
const total = (terms) => exactSum(Float64Array.from(terms, Number)) + 0;

/** `real` has what is no loop: sums without a body, `random`, `threads`, `explain`. */
function plain(real) {
  return {
    ...real,
    async sumRange(num, body, { data = {}, from = 0 } = {}) {
      if (typeof body !== 'function') return real.sumRange(num, body);
      const terms = [];
      loop(num, from, (...indices) => terms.push(body(...indices, data)));
      return total(terms);
    },
    async sum(view, body, { data = {} } = {}) {
      if (typeof body !== 'function') return real.sum(view, body);
      return total(Array.from(view, (x, i) => body(x, i, data)));
    },
    async forRange(num, body, { data = {}, from = 0 } = {}) {
      loop(num, from, (...indices) => body(...indices, data));
    },
    async map(view, body, { data = {}, into } = {}) {
      const result = into ?? new view.constructor(new SharedArrayBuffer(view.byteLength));
      for (let i = 0; i < view.length; i++) result[i] = body(view[i], i, data);
      return result;
    },
  };
}

module.exports = { plain };
