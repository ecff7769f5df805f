'use strict';

// Numbers that look random and are the same for the same seed (mulberry32).

class Random {
  constructor(seed) {
    this.state = seed >>> 0;
  }

  /** An integer of 32 bits. */
  bits() {
    this.state = (this.state + 0x6d2b79f5) >>> 0;
    let bits = Math.imul(this.state ^ (this.state >>> 15), this.state | 1);
    bits ^= bits + Math.imul(bits ^ (bits >>> 7), bits | 61);
    return (bits ^ (bits >>> 14)) >>> 0;
  }

  /** From 0 to, not including, 1. */
  fraction() {
    return this.bits() / 2 ** 32;
  }

  /** From `least` to `most`, both included. */
  integer(least, most) {
    return least + Math.floor(this.fraction() * (most - least + 1));
  }

  /** From 1 to `most`, every magnitude as likely as any other. */
  magnitude(most) {
    return Math.floor(Math.exp(this.fraction() * Math.log(most)));
  }

  chance(probability) {
    return this.fraction() < probability;
  }

  pick(list) {
    return list[this.integer(0, list.length - 1)];
  }

  /** One of those that have a `weight`, as often as it says. */
  weighted(list) {
    let left = this.fraction() * list.reduce((total, { weight }) => total + weight, 0);
    for (const entry of list) {
      left -= entry.weight;
      if (left < 0) return entry;
    }
    return list.at(-1);
  }
}

module.exports = { Random };
