'use strict';

// What a compiled body did in some turns, as native.checkBody tells it: numbers that are for each turn how it ended, the
// value, how many elements were stored to, and for each of these the number of its array, its index and what is there then.

const { same } = require('./stand-ins');

/** It came to its end. */
const RAN = 0;

/** One turn after the other. */
class Answers {
  numbers;
  at = 0;

  constructor(numbers) {
    this.numbers = numbers;
  }

  get hasRun() {
    return this.numbers[this.at] === RAN;
  }

  get value() {
    return this.numbers[this.at + 1];
  }

  get storeCount() {
    return this.numbers[this.at + 2];
  }

  arrayOf(store) {
    return this.numbers[this.at + 3 + 3 * store];
  }

  elementOf(store) {
    return this.numbers[this.at + 4 + 3 * store];
  }

  storedBy(store) {
    return this.numbers[this.at + 5 + 3 * store];
  }

  next() {
    this.at += 3 + 3 * this.storeCount;
  }

  /** Whether the turns that both stand at are the same. */
  isLike(other) {
    const size = 3 + 3 * this.storeCount;
    for (let i = 0; i < size; i++)
      if (!same(this.numbers[this.at + i], other.numbers[other.at + i])) return false;
    return true;
  }
}

module.exports = { Answers };
