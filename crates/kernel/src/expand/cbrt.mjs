// cbrt. All of it works on |x|: the sign of x is the sign of the result, and of all that ieee754.cc computes on the way.

import { bitsAdd, bitsAnd, bitsLeft, bitsOr, bitsRight, bitsSubtract, both, words } from './bits.mjs';

export function cbrt(x) {
  const magnitude = Math.abs(x);
  // A third of the high word, and a bias: a root of 5 bits. The product is not as close to an integer as a rounding away.
  const high = bitsOr(bitsRight(magnitude, 32), 4503599627370496) - 4503599627370496;
  const third = Math.trunc((high + 0.5) * 0.3333333333333333);
  const t = bitsLeft(third + 4503600342464659, 32);

  const r = t * t * (t / magnitude);
  const lower = 1.87595182427177 + r * (-1.8849797954337717 + r * 1.6214297201053545);
  const upper = -0.758397934778766 + r * 0.14599619288661245;
  const rough = t * (lower + r * r * r * upper);

  // 23 bits, rounded away from 0: the square is exact.
  const rounded = bitsAdd(rough, words(0, 0x80000000));
  const root = bitsSubtract(rounded, bitsAnd(rounded, words(0, 0x3fffffff)));
  const q = magnitude / (root * root);
  const e = (q - root) / (root + root + q);
  let result = bitsOr(root + root * e, bitsAnd(x, -0));
  if (!both(magnitude >= words(0x00100000, 0), magnitude < Number.POSITIVE_INFINITY)) {
    result = Math.cbrt(x);
  }
  return result;
}
