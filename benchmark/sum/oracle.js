'use strict';

// The exact sum of any number of elements, and the distance of a result from it.

const { SMALLEST, exactSum, ulps } = require('../common/exact');

class Oracle {
  #element;
  #tile;
  #sums = new Map();

  constructor(element, tile) {
    this.#element = element;
    this.#tile = tile;
  }

  /** The exact sum of the first elements of endless copies of the tile: a BigInt, for floats in units of 2 ** -1074. */
  exact(length) {
    const copies = BigInt(Math.floor(length / this.#tile.length));
    return (
      (copies === 0n ? 0n : copies * this.#prefix(this.#tile.length)) +
      this.#prefix(length % this.#tile.length)
    );
  }

  #prefix(length) {
    if (!this.#sums.has(length)) {
      const part = this.#tile.subarray(0, length);
      this.#sums.set(length, this.#element.kind === 'float' ? exactFloats(part) : exactIntegers(part));
    }
    return this.#sums.get(length);
  }

  /**
   * How far a result is from the exact sum, rounded once. In units in the last place of that; Infinity or NaN when the
   * result is; for BigInts 0, or 'wrapped' when it is right but for a multiple of 2 ** 64.
   */
  error(length, result) {
    const exact = this.exact(length);
    if (this.#element.kind === 'bigint') {
      if (result === exact) return 0;
      return BigInt.asIntN(64, result) === BigInt.asIntN(64, exact) ? 'wrapped' : Number.NaN;
    }
    const units = exact << BigInt(this.#element.kind === 'float' ? 0 : SMALLEST);
    // What is no number of its own, such as a 64-bit sum of 32-bit integers, is rounded to one.
    return ulps(units, Number(result));
  }
}

function exactFloats(view) {
  return exactSum(view instanceof Float64Array ? view : Float64Array.from(view));
}

function exactIntegers(view) {
  if (!(view instanceof BigInt64Array)) return BigInt(view.reduce((a, b) => a + b, 0));
  // The lower halves are unsigned: their sum, like that of the upper ones, is an exact double.
  const words = new Int32Array(view.buffer, view.byteOffset, view.length * 2);
  let [high, low] = [0, 0];
  for (let i = 0; i < words.length; i += 2) {
    low += words[i] >>> 0;
    high += words[i + 1];
  }
  return BigInt(high) * 2n ** 32n + BigInt(low);
}

module.exports = { Oracle };
