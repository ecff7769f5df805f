'use strict';

/** Random choices. The same seed makes the same ones, everywhere. */
class Dice {
  #state;

  constructor(seed) {
    // Neighbouring seeds must not begin alike.
    this.#state = Math.imul(seed | 0, 0x9e3779b9) ^ Math.floor(seed / 2 ** 32);
    this.below(2);
  }

  /** An integer below n (mulberry32). */
  below(n) {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let t = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    t ^= t + Math.imul(t ^ (t >>> 7), 61 | t);
    return ((t ^ (t >>> 14)) >>> 0) % n;
  }

  /** True once in n times. */
  once(n) {
    return this.below(n) === 0;
  }

  pick(list) {
    return list[this.below(list.length)];
  }

  /** One of the values of pairs [weight, value]. */
  weigh(pairs) {
    let at = this.below(pairs.reduce((sum, [weight]) => sum + weight, 0));
    for (const [weight, value] of pairs) {
      at -= weight;
      if (at < 0) return value;
    }
    throw new Error('no weights');
  }

  /** From `low` to `high`, both included, small ones more often. */
  few(low, high) {
    return low + Math.min(this.below(high - low + 1), this.below(high - low + 1));
  }
}

module.exports = { Dice };
