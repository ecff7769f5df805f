'use strict';

// How many positions a chunk has: as many as take a worker some seconds, measured on this very body. The first ones are
// small, since a body may take a nanosecond or a minute, and sizes grow by steps as long as nothing larger has been measured. At
// the end of a run chunks are halved again and again, so that all workers end together.

const FIRST = 1024;
const GROWTH = 64;
/** What the newest measurement counts. */
const WEIGHT = 0.3;

class Sizes {
  #chunk;
  #shortest;
  /** Positions a millisecond, of one worker. */
  #rate = 0;
  #largest = 0;

  /** `chunk` and `shortest` are in milliseconds. */
  constructor({ chunk, shortest }) {
    this.#chunk = chunk;
    this.#shortest = shortest;
  }

  /** So many positions have taken a worker so many milliseconds. */
  measured(count, milliseconds) {
    const rate = count / Math.max(milliseconds, 0.05);
    // Small chunks tell more of what starting one costs than of the body: the first larger one counts alone.
    const isLarger = count > 4 * this.#largest;
    this.#rate = this.#rate === 0 || isLarger ? rate : (1 - WEIGHT) * this.#rate + WEIGHT * rate;
    this.#largest = Math.max(this.#largest, count);
  }

  /** The size of the next of `remaining` positions, with so many workers. */
  next(remaining, workers) {
    if (this.#rate === 0) return Math.min(remaining, FIRST);
    const full = Math.min(this.#chunk * this.#rate, GROWTH * this.#largest);
    const share = Math.max(remaining / (2 * workers), this.#shortest * this.#rate);
    return Math.min(remaining, Math.max(1, Math.ceil(Math.min(full, share))));
  }

  /** What is known, for a run that goes on later. */
  toJSON() {
    return [this.#rate, this.#largest];
  }

  restore([rate, largest]) {
    if (Number.isFinite(rate) && rate > 0 && Number.isSafeInteger(largest) && largest > 0) {
      this.#rate = rate;
      this.#largest = largest;
    }
  }
}

module.exports = { Sizes };
