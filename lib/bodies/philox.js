'use strict';

// Philox4x32-10, a generator without a state. In a loop body `random` is compiled along; this function is the same bit for
// bit, for everywhere else. crates/kernel/src/math/random.rs says where it comes from.

const { MathFloor, MathImul, MathTrunc } = require('../intrinsics');
const { invalidArgType } = require('../errors');

/** The multipliers. */
const M0 = 0xd2511f53;
const M1 = 0xcd9e8d57;
/** What the key grows by after each round. */
const W0 = 0x9e3779b9;
const W1 = 0xbb67ae85;
const ROUNDS = 10;

/** A double from 0 to 1, 1 excluded, with 53 random bits: the key is `seed`, the counter `i` and `k`. */
function random(seed, i, k = 0) {
  if (typeof seed !== 'number') throw invalidArgType('seed', 'of type number', seed);
  if (typeof i !== 'number') throw invalidArgType('i', 'of type number', i);
  if (typeof k !== 'number') throw invalidArgType('k', 'of type number', k);
  let c0 = low(i);
  let c1 = high(i);
  let c2 = low(k);
  let c3 = high(k);
  let k0 = low(seed);
  let k1 = high(seed);
  for (let round = 0; round < ROUNDS; round++) {
    const high0 = productHigh(M0, c0);
    const high1 = productHigh(M1, c2);
    const low0 = MathImul(M0, c0);
    c0 = high1 ^ c1 ^ k0;
    c1 = MathImul(M1, c2);
    c2 = high0 ^ c3 ^ k1;
    c3 = low0;
    k0 = (k0 + W0) | 0;
    k1 = (k1 + W1) | 0;
  }
  return ((c0 >>> 5) * 67108864 + (c1 >>> 6)) / 9007199254740992;
}

// The integer part of a number modulo 2^64, in two words; 0 for NaN and the infinities.
const low = (x) => x | 0;
const high = (x) => MathFloor(MathTrunc(x) / 4294967296) | 0;

/** The upper half of the product of two unsigned words. In halves, since a double cannot hold it all. */
function productHigh(a, b) {
  const a0 = a & 0xffff;
  const a1 = a >>> 16;
  const b0 = b & 0xffff;
  const b1 = b >>> 16;
  const middle = a1 * b0 + ((a0 * b0) >>> 16);
  const other = a0 * b1 + (middle & 0xffff);
  return (a1 * b1 + (middle >>> 16) + (other >>> 16)) | 0;
}

module.exports = { random };
