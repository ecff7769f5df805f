// exp and expm1. ieee754.cc branches by k = 0, by 1, and by others; with k = 0 the formulas for others have the same bits, because what
// is subtracted and multiplied then is 0 and 1.

import { bitsAnd, bitsLeft, bitsOr, bitsSubtract, both, either, select, words } from './bits.mjs';

const EXP_LN2_HIGH = 0.6931471803691238;
const EXP_LN2_LOW = 1.9082149292705877e-10;

// 2^k for integers from -1022 to 1023: k + 1023 is what the last bits of this sum are.
export function powerOfTwo(k) {
  return bitsLeft(k + 4503599627371519, 52);
}

// x / ln 2 to the nearest integer, halves away from 0; 0 up to ln 2 / 2.
function multipleOfLn2(x) {
  const half = bitsOr(0.5, bitsAnd(x, -0));
  return select(Math.abs(x) < words(0x3fd62e43, 0), 0, Math.trunc(Math.LOG2E * x + half));
}

// r - (r^2/6 - r^4/360 + …)
export function expCorrection(r) {
  const z = r * r;
  const p3 = 6.613756321437934e-5 + z * (-1.6533902205465252e-6 + z * 4.1381367970572385e-8);
  return r - z * (0.16666666666666602 + z * (-0.0027777777777015593 + z * p3));
}

// For results from 2^-1022 to 2^1021; NaN of NaN.
export function expUsual(x) {
  return expOf(x, multipleOfLn2(x));
}

// With the multiple of ln 2 that is nearest to x.
function expOf(x, k) {
  const upper = x - k * EXP_LN2_HIGH;
  const lower = k * EXP_LN2_LOW;
  const r = upper - lower;
  const c = expCorrection(r);
  // 1 + x for |x| < 2^-28
  const quotient = select(Math.abs(x) < words(0x3e300000, 0), 0, (r * c) / (2 - c));
  const y = 1 - (lower - quotient - upper);
  // V8's exception: for 1, this is a bit above the nearest double.
  return bitsSubtract(y * powerOfTwo(k), select(x === 1, 5e-324, 0));
}

export function exp(x) {
  // Then no number on the way should be so small that the processor takes its time.
  const isZero = x < -745.1332191019411;
  let result = select(isZero, 0, expOf(x, select(isZero, 0, multipleOfLn2(x))));
  if (both(Math.abs(x) > 708, !isZero)) {
    result = Math.exp(x);
  }
  return result;
}

// For x up to 709, and for no NaN.
export function expm1Usual(x) {
  const k = multipleOfLn2(x);
  const upper = x - k * EXP_LN2_HIGH;
  const lower = k * EXP_LN2_LOW;
  const r = upper - lower;
  const error = upper - r - lower;

  const half = 0.5 * r;
  const square = r * half;
  const r4 = -7.93650757867488e-5 + square * (4.008217827329362e-6 + square * -2.0109921818362437e-7);
  const r1 = 1 + square * (-0.03333333333333313 + square * (0.0015873015872548146 + square * r4));
  const t = 3 - r1 * half;
  const e1 = square * ((r1 - t) / (6 - r * t));
  const e = r * (e1 - error) - error - square;
  const d = e - r;

  // k = -1, 0 and 1 are as those up to 19, but for k = 1 and r < -0.25: with q = 2^-k, (1 - q - d) / q scales exactly.
  const q = powerOfTwo(-k);
  const isFar = either(k <= -2, k > 56);
  const near = select(isFar, 1, 1 - q) - d;
  const middle = r - (e + q) + 1;
  const scaled = select(both(k >= 20, k <= 56), middle, near) * powerOfTwo(k);
  const usual = select(isFar, scaled - 1, scaled);
  const below = select(both(k === 1, r < -0.25), -2 * (e - (r + 0.5)), usual);
  // |x| < 2^-54
  const small = select(Math.abs(x) < words(0x3c900000, 0), x, below);
  // x <= -56 ln 2
  return select(x <= -words(0x4043687a, 0), -1, small);
}

export function expm1(x) {
  let result = expm1Usual(x);
  if (!(x <= 709)) {
    result = Math.expm1(x);
  }
  return result;
}
