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

/** The lowest index of what `choose` makes of all terms. */
const indexOf = (terms, choose) => {
  const [first, ...rest] = terms;
  const extreme = rest.reduce((a, b) => choose(a, b), first);
  return terms.findIndex((term) => Object.is(term, extreme));
};

/** A reduction as loops over the terms; `isIndex` of those whose result is one. */
const reduction =
  (real, reduce, isIndex = false) =>
  async (source, body, { data = {}, from = 0 } = {}) => {
    if (typeof body !== 'function') return real(source, body);
    const terms = [];
    const indices = [];
    const add = (index, term) => {
      indices.push(index);
      terms.push(Number(term));
    };
    if (ArrayBuffer.isView(source)) {
      for (const [i, x] of source.entries()) add(i, body(x, i, data));
    } else {
      loop(source, from, (...index) => add(Array.isArray(source) ? index : index[0], body(...index, data)));
    }
    const result = reduce(terms);
    return isIndex ? (indices[result] ?? (Array.isArray(source) ? source.map(() => -1) : -1)) : result;
  };

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
    min: reduction(real.min, (terms) => terms.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY)),
    max: reduction(real.max, (terms) => terms.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY)),
    argMin: reduction(real.argMin, (terms) => indexOf(terms, Math.min), true),
    argMax: reduction(real.argMax, (terms) => indexOf(terms, Math.max), true),
    mean: reduction(real.mean, (terms) => total(terms) / terms.length),
    count: reduction(real.count, (terms) => terms.filter(Boolean).length),
    findIndex: reduction(real.findIndex, (terms) => terms.findIndex(Boolean), true),
    async forRange(num, body, { data = {}, from = 0 } = {}) {
      loop(num, from, (...indices) => body(...indices, data));
    },
    async map(view, body, { data = {}, into, type = view.constructor } = {}) {
      const result = into ?? real.shared(type, view.length);
      for (let i = 0; i < view.length; i++) result[i] = body(view[i], i, data);
      return result;
    },
  };
}

module.exports = { plain };
