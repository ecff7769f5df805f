'use strict';

// Quotients of integers and their square roots, rounded once to the nearest double, ties to even: 0, or from 2 ** -900 on.

const { SMALLEST, toDouble } = require('./exact');

/** The bits that are computed: what is below has to be told from nothing, and no more. */
const BITS = 128;

const lengthOf = (integer) => integer.toString(2).length;

/** `dividend / divisor`, BigInts, the latter positive. */
function nearestQuotient(dividend, divisor) {
  const magnitude = dividend < 0n ? -dividend : dividend;
  const shift = BigInt(Math.max(BITS - lengthOf(magnitude) + lengthOf(divisor), 0));
  const quotient = (magnitude << shift) / divisor;
  const isExact = quotient * divisor === magnitude << shift;
  const value = scaled(quotient, isExact, shift);
  return dividend < 0n ? -value : value;
}

/** The square root of `dividend / divisor`, neither of them negative. */
function nearestRoot(dividend, divisor) {
  let shift = Math.max(2 * BITS - lengthOf(dividend) + lengthOf(divisor), 0);
  shift += shift % 2;
  const square = (dividend << BigInt(shift)) / divisor;
  const root = rootOf(square);
  const isExact = root * root * divisor === dividend << BigInt(shift);
  return scaled(root, isExact, BigInt(shift / 2));
}

/** `integer` and a little, unless it is exact, divided by 2 ** shift. */
function scaled(integer, isExact, shift) {
  // Two bits more, of which one is for the little. It decides only where all else is a tie.
  const up = BigInt(SMALLEST) - shift - 2n;
  if (up < 0n) throw new RangeError('a number below 2 ** -900');
  return toDouble(((integer << 2n) | (isExact ? 0n : 1n)) << up);
}

/** The integer part of the square root, by Newton's method. */
function rootOf(square) {
  if (square < 2n) return square;
  let root = 1n << BigInt((lengthOf(square) + 1) >> 1);
  while (true) {
    const next = (root + square / root) >> 1n;
    if (next >= root) return root;
    root = next;
  }
}

module.exports = { nearestQuotient, nearestRoot };
