'use strict';

// The results of chunks that were merged last, so that another result of one of them can be compared: a second copy that was
// not needed any more is a check for free.

const MOST = 4096;

class Merged {
  /** In the order in which they came. */
  #results = new Map();

  add({ start, end }, { bytes, worker }) {
    this.#results.set(`${start}-${end}`, { bytes, worker });
    if (this.#results.size > MOST) this.#results.delete(this.#results.keys().next().value);
  }

  of({ start, end }) {
    return this.#results.get(`${start}-${end}`);
  }
}

module.exports = { Merged };
