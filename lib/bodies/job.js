'use strict';

// A call with a body, up to its native call: the function is compiled for the data of the call, and found to be what was
// compiled.

const { isAborted } = require('../signals');
const { check } = require('./check');
const { compile, unusedTables } = require('./compiled');
const { readData, release } = require('./data');
const { unsupported } = require('./errors');
const { known } = require('./functions');
const { firstUnknown, unknownMath } = require('./math');

class Job {
  func;
  /** What is known of the function. */
  entry;
  compiled = undefined;
  portable;
  /** The typed array whose elements the function is called with, if any. */
  view;
  /** What the indices are, and how many turns that makes. */
  from;
  counts;
  total;
  /** Only while the job is prepared. */
  data = undefined;
  scalars = undefined;
  arrays = undefined;

  constructor(func, view, from, counts, total, { portable }) {
    this.func = func;
    this.entry = known(func);
    this.view = view;
    this.from = from;
    this.counts = counts;
    this.total = total;
    this.portable = portable;
  }

  /** Runs code of the program: getters of its data, and the function. Throws what refuses the call. */
  prepare(parameters, returns, options) {
    this.data = readData(options.data, unusedTables(this.entry));
    try {
      this.compiled = compile(this.entry, parameters, returns, this.data);
      const unknown = this.portable ? undefined : firstUnknown(this.compiled.math);
      if (unknown !== undefined) {
        const refusal = unknownMath(unknown, this.entry, parameters, returns, this.data);
        throw unsupported(refusal.message, refusal);
      }
      this.scalars = this.compiled.scalars(this.data);
      this.arrays = this.compiled.arrays(this.data, this.view);
      const { signal, signalClass } = options;
      if (this.hasFunctions() && (signal === undefined || !isAborted(signal, signalClass))) check(this);
    } finally {
      release(this.data);
      this.data = undefined;
    }
    return this;
  }

  /** Whether there is something to compare with: texts in the place of functions do not run. */
  hasFunctions() {
    return this.entry.isFunction && !this.data.hasSources;
  }
}

module.exports = { Job };
