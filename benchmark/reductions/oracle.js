'use strict';

// The exact results, rounded once, of as many copies of a tile of doubles as there are; and how far off others are. The tile's numbers
// are uniform in [0, 1), multiples of 2 ** -53: as integers their sums, squares and products are exact.

const { toUnits, ulps } = require('../common/exact');
const { nearestQuotient, nearestRoot } = require('../common/rational');
const { arraysOf } = require('./workloads');

const SCALE = 2 ** 53;
const ONE = 2n ** 53n;

/** Who is not exact may be so far off, as a part of the result. */
const TOLERANCE = 2 ** -30;

class Oracle {
  #integers;
  #sums = new Map();

  constructor(tile) {
    this.#integers = BigInt64Array.from(tile, (x) => BigInt(x * SCALE));
  }

  /** The exact result, rounded once. `view` is the memory. */
  best(workload, view) {
    const [a, b] = arraysOf(workload, view);
    const count = BigInt(a.length);
    switch (workload.name) {
      case 'mean':
        return nearestQuotient(this.#sum(a.length), count * ONE);
      case 'variance': {
        const [sum, squares] = [this.#sum(a.length), this.#products(a.length, 0)];
        return nearestQuotient(count * squares - sum * sum, count * count * ONE * ONE);
      }
      case 'norm':
        return nearestRoot(this.#products(a.length, 0), ONE * ONE);
      default: {
        const offset = (b.byteOffset - a.byteOffset) / b.BYTES_PER_ELEMENT;
        return nearestQuotient(this.#products(a.length, offset), ONE * ONE);
      }
    }
  }

  #sum(length) {
    return this.#total(`sum ${length}`, length, (integers, i) => integers[i]);
  }

  /** Of the numbers with those that come so many later. */
  #products(length, offset) {
    const shift = offset % this.#integers.length;
    return this.#total(`products ${length} ${shift}`, length, (integers, i) => {
      const j = i + shift;
      return integers[i] * integers[j < integers.length ? j : j - integers.length];
    });
  }

  /** The sum of the terms of so many numbers, of which the tile's come again and again. */
  #total(key, length, term) {
    if (!this.#sums.has(key)) {
      const integers = this.#integers;
      const copies = BigInt(Math.floor(length / integers.length));
      const rest = length % integers.length;
      let [whole, part] = [0n, 0n];
      for (let i = 0; i < integers.length && (copies > 0n || i < rest); i++) {
        const value = term(integers, i);
        whole += value;
        if (i < rest) part += value;
      }
      this.#sums.set(key, copies * whole + part);
    }
    return this.#sums.get(key);
  }
}

/**
 * How far the value of a contender is from what is expected, in units in the last place of that; undefined for what is not rounded, and
 * if there is no value to look at. Throws for one that is wrong: rounding may explain a difference, but none of who is exact.
 */
function errorOf(contender, workload, value, expected) {
  if (value === undefined) return undefined;
  const isRight = workload.isRounded
    ? Math.abs(value - expected) <= TOLERANCE * expected
    : Object.is(value, expected);
  const error = isRight && workload.isRounded ? ulps(toUnits(expected), value) : undefined;
  if (!isRight || (contender.isExact && error > 0)) {
    throw new Error(`${contender.title}: ${value} instead of ${expected} (${workload.title})`);
  }
  return error;
}

module.exports = { Oracle, errorOf };
