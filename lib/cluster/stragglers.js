'use strict';

// Which chunks are worth a second copy: when there is nothing else to do, those that take more than twice as long as most. The
// first result counts. That also hides how long it takes to find a worker dead.

const KEPT = 64;

class Stragglers {
  #least;
  #times = [];
  #next = 0;

  /** No chunk is one before so many milliseconds. */
  constructor(least) {
    this.#least = least;
  }

  measured(milliseconds) {
    this.#times[this.#next] = milliseconds;
    this.#next = (this.#next + 1) % KEPT;
  }

  /** Those of the chunks, the oldest first. */
  among(chunks, now = performance.now()) {
    const patience = Math.max(2 * this.#median(), this.#least);
    const found = [];
    for (const chunk of chunks) {
      // With two copies on their way, a third would not be faster.
      if (chunk.copies.size !== 1) continue;
      const [copy] = chunk.copies.values();
      if (now - (copy.started ?? copy.added) > patience) found.push(chunk);
    }
    return found;
  }

  #median() {
    const sorted = [...this.#times].sort((a, b) => a - b);
    return sorted[sorted.length >> 1] ?? 0;
  }
}

module.exports = { Stragglers };
