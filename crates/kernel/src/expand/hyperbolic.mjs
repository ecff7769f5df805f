// sinh, cosh, tanh and their inverses, from what exp.mjs and log.mjs have. All but cosh and acosh work on magnitudes: the sign of the argument
// is the sign of the result.

import { bitsAnd, bitsOr, both, either, select, words } from './bits.mjs';
import { expm1Usual, expUsual } from './exp.mjs';
import { isLogNear, log1pUsual, logUsual } from './log.mjs';

export function sinh(x) {
  const magnitude = Math.abs(x);
  const isSmall = magnitude < 1;
  const t = expm1Usual(select(magnitude < 22, magnitude, 0));
  const quotient = select(isSmall, t * t, t) / (t + 1);
  // |x| < 2^-28
  const near = select(
    magnitude < 3.725290298461914e-9,
    x,
    0.5 * select(isSmall, 2 * t - quotient, t + quotient),
  );
  let positive = select(magnitude < 3.725290298461914e-9, magnitude, near);
  if (magnitude >= 22) {
    positive = 0.5 * expUsual(magnitude);
  }
  let result = bitsOr(positive, bitsAnd(x, -0));
  if (!(magnitude < 708)) {
    result = Math.sinh(x);
  }
  return result;
}

export function cosh(x) {
  const magnitude = Math.abs(x);
  // From 22 on, what is added is less than half of the last bit.
  const t = expUsual(magnitude);
  let result = 0.5 * t + 0.5 / t;
  // |x| < ln 2 / 2
  if (magnitude < words(0x3fd62e43, 0)) {
    const e = expm1Usual(magnitude);
    const w = 1 + e;
    result = 1 + (e * e) / (w + w);
  }
  if (!(magnitude <= 708)) {
    result = Math.cosh(x);
  }
  return result;
}

export function tanh(x) {
  const magnitude = Math.abs(x);
  const isLarge = magnitude >= 1;
  const double = magnitude + magnitude;
  const t = expm1Usual(select(magnitude < 22, select(isLarge, double, -double), 0));
  const quotient = select(isLarge, 2, -t) / (t + 2);
  const usual = select(isLarge, 1 - quotient, quotient);
  // |x| < 2^-28; |x| >= 22, and NaN
  const small = select(magnitude < 3.725290298461914e-9, magnitude, usual);
  const result = select(magnitude < 22, small, select(magnitude >= 22, 1, x));
  return bitsOr(result, bitsAnd(x, -0));
}

// sign(x) * log(|x| + sqrt(x^2 + 1))
export function asinh(x) {
  const magnitude = Math.abs(x);
  const square = x * x;
  const small = log1pUsual(magnitude + square / (1 + Math.sqrt(1 + square)));
  // |x| < 2^-28
  let positive = select(magnitude < 3.725290298461914e-9, magnitude, small);
  let isNear = false;
  // |x| > 2
  if (magnitude >= words(0x40000001, 0)) {
    const sum = 2 * magnitude + 1 / (Math.sqrt(square + 1) + magnitude);
    positive = logUsual(sum);
    isNear = isLogNear(sum);
  }
  let result = bitsOr(positive, bitsAnd(x, -0));
  // |x| > 2^28
  if (either(!(magnitude < words(0x41b00001, 0)), isNear)) {
    result = Math.asinh(x);
  }
  return result;
}

// log(x + sqrt(x^2 - 1))
export function acosh(x) {
  const t = x - 1;
  let result = log1pUsual(t + Math.sqrt(2 * t + t * t));
  let isNear = false;
  // x > 2
  if (x >= words(0x40000001, 0)) {
    const difference = 2 * x - 1 / (x + Math.sqrt(x * x - 1));
    result = logUsual(difference);
    isNear = isLogNear(difference);
  }
  // Up to 2^28
  if (either(!both(x >= 1, x < 268435456), isNear)) {
    result = Math.acosh(x);
  }
  return result;
}

// log((1 + x) / (1 - x)) / 2
export function atanh(x) {
  const magnitude = Math.abs(x);
  const double = magnitude + magnitude;
  const isSmall = magnitude < 0.5;
  const quotient = select(isSmall, double * magnitude, double) / (1 - magnitude);
  const usual = 0.5 * log1pUsual(select(isSmall, double + quotient, quotient));
  // |x| < 2^-28
  const positive = select(magnitude < 3.725290298461914e-9, magnitude, usual);
  let result = bitsOr(positive, bitsAnd(x, -0));
  if (!(magnitude < 1)) {
    result = Math.atanh(x);
  }
  return result;
}
