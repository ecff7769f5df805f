// random, as math/random.rs has it: Philox4x32-10. A word is the lower half of the bits of a double. What is above it is 0, or in the
// key a carry, so that no word is a NaN.

import {
  bitsAdd,
  bitsAnd,
  bitsOr,
  bitsRight,
  bitsXor,
  either,
  productHigh,
  productLow,
  random,
  words,
} from './bits.mjs';

// An integer below 2^51 as the last bits of a double of this size, in two's complement: its own last bits are 0.
function shifted(x) {
  return Math.trunc(x) + 6755399441055744;
}

function lowWord(x) {
  return bitsAnd(shifted(x), words(0, 0xffffffff));
}

function highWord(x) {
  // Less the upper half of what was added, modulo 2^32.
  const high = bitsAdd(bitsRight(shifted(x), 32), words(0, 0xbcc80000));
  return bitsAnd(high, words(0, 0xffffffff));
}

// Whether it is no such integer: NaN is none.
function isLarge(x) {
  return !(Math.abs(x) < 2251799813685248);
}

// The first word after ten rounds as its upper 27 bits, the second as its upper 26: an integer in the last bits of 2^52.
function number(word, dropped) {
  return bitsOr(bitsRight(word, dropped), 4503599627370496) - 4503599627370496;
}

// What the key has grown by before a round.
function grown(word, by, round) {
  return bitsAdd(word, productLow(words(0, by), words(0, round)));
}

function mixed(c, low, high, round) {
  return {
    c0: bitsXor(bitsXor(productHigh(c.c2, words(0, 0xcd9e8d57)), c.c1), grown(low, 0x9e3779b9, round)),
    c1: productLow(c.c2, words(0, 0xcd9e8d57)),
    c2: bitsXor(bitsXor(productHigh(c.c0, words(0, 0xd2511f53)), c.c3), grown(high, 0xbb67ae85, round)),
    c3: productLow(c.c0, words(0, 0xd2511f53)),
  };
}

export function philox(seed, i, k) {
  const low = lowWord(seed);
  const high = highWord(seed);
  let c = { c0: lowWord(i), c1: highWord(i), c2: lowWord(k), c3: highWord(k) };
  c = mixed(c, low, high, 0);
  c = mixed(c, low, high, 1);
  c = mixed(c, low, high, 2);
  c = mixed(c, low, high, 3);
  c = mixed(c, low, high, 4);
  c = mixed(c, low, high, 5);
  c = mixed(c, low, high, 6);
  c = mixed(c, low, high, 7);
  c = mixed(c, low, high, 8);
  c = mixed(c, low, high, 9);
  let result =
    number(bitsAnd(c.c0, words(0, 0xffffffff)), 5) * 7.450580596923828e-9 +
    number(c.c1, 6) * 1.1102230246251565e-16;
  if (either(isLarge(seed), either(isLarge(i), isLarge(k)))) {
    result = random(seed, i, k);
  }
  return result;
}
