// log, log1p, log2 and log10. ieee754.cc branches by k = 0 and by others; with k = 0 the formulas for others have the same bits, but for a
// sign that is changed twice.

import {
  bitsAdd,
  bitsAnd,
  bitsAndNot,
  bitsOr,
  bitsRight,
  bitsSubtract,
  both,
  either,
  select,
  words,
} from './bits.mjs';

const LOG_LN2_HIGH = 0.6931471803691238;
const LOG_LN2_LOW = 1.9082149292705877e-10;
const LOG_LEAST_NORMAL = words(0x00100000, 0);

// The exponent of a positive normal number.
function exponent(x) {
  return bitsOr(bitsRight(x, 52), 4503599627370496) - 4503599627371519;
}

// A low word of 0.
function logHead(x) {
  return bitsAndNot(x, words(0, 0xffffffff));
}

// Of what goes to the next power of two by `above`: what is below that is divided by its power of two, the rest by the next one.
function reduced(x, above) {
  return bitsAdd(bitsSubtract(x, bitsAnd(above, Number.POSITIVE_INFINITY)), 1);
}

// All but log1p sum the terms with odd and with even indices on their own.
function series(s) {
  const z = s * s;
  const w = z * z;
  const even = w * (0.3999999999940942 + w * (0.22222198432149784 + w * 0.15313837699209373));
  const odd =
    z * (0.6666666666666735 + w * (0.2857142874366239 + w * (0.1818357216161805 + w * 0.14798198605116586)));
  return odd + even;
}

function isPositiveNormal(x) {
  return both(x >= LOG_LEAST_NORMAL, x < Number.POSITIVE_INFINITY);
}

// Of a positive normal number, as isLogUsual has it.
export function logUsual(x) {
  const above = bitsAdd(x, words(0x00095f64, 0));
  const k = exponent(above);
  const m = reduced(x, above);
  const f = m - 1;
  const s = f / (2 + f);
  // Where f is large, on both sides of 1, half of its square is a term of its own.
  const isLarge = either(m >= words(0x3ff6147a, 0), m < words(0x3fe6b852, 0));
  const halfSquare = select(isLarge, 0.5 * f * f, 0);
  const other = bitsOr(halfSquare, select(isLarge, 0, 1 - m));
  const product = s * (series(s) + other);
  return k * LOG_LN2_HIGH - (halfSquare - (product + k * LOG_LN2_LOW) - f);
}

// Not where |f| is below 2^-20, unless it is 0: this makes NaN of 0.
export function isLogNear(x) {
  const f = reduced(x, bitsAdd(x, words(0x00095f64, 0))) - 1;
  return bitsSubtract(Math.abs(f), 5e-324) <= 9.5367431640625e-7;
}

export function log(x) {
  let result = logUsual(x);
  if (either(!isPositiveNormal(x), isLogNear(x))) {
    result = Math.log(x);
  }
  return result;
}

// Of x > -1 below infinity.
export function log1pUsual(x) {
  const isSmall = x < 9007199254740992;
  const u = select(isSmall, 1 + x, x);
  const lost = select(u >= 2, 1 - (u - x), x - (u - 1));
  const above = bitsAdd(u, words(0x00095f62, 0));
  // From about sqrt(2) / 2 - 1 to sqrt(2) - 1, nothing is reduced.
  const isDirect = both(x > -words(0x3fd2bec5, 0), x < words(0x3fda827a, 0));
  const c = select(both(isSmall, !isDirect), lost / u, 0);
  const k = select(isDirect, 0, exponent(above));
  const m = reduced(u, above);
  const f = select(isDirect, x, m - 1);
  const halfSquare = 0.5 * f * f;
  const s = f / (2 + f);
  const z = s * s;
  const r5 = 0.1818357216161805 + z * (0.15313837699209373 + z * 0.14798198605116586);
  const r2 = 0.3999999999940942 + z * (0.2857142874366239 + z * (0.22222198432149784 + z * r5));
  const rest = z * (0.6666666666666735 + z * r2);
  const low = k * LOG_LN2_LOW + c;
  const usual = halfSquare - (s * (halfSquare + rest) + low);
  // The first 20 bits of f are 0.
  const isNear = both(!isDirect, both(m >= words(0x3feffffd, 0), m < words(0x3ff00001, 0)));
  const inner = select(isNear, halfSquare * (1 - 0.6666666666666666 * f) - low, usual);
  const result = k * LOG_LN2_HIGH - (inner - f);
  // |x| < 2^-29
  return select(Math.abs(x) < words(0x3e200000, 0), x - x * x * 0.5, result);
}

export function log1p(x) {
  let result = log1pUsual(x);
  if (!both(x > -1, x < Number.POSITIVE_INFINITY)) {
    result = Math.log1p(x);
  }
  return result;
}

export function log2(x) {
  const above = bitsAdd(x, words(0x00095f64, 0));
  const k = exponent(above);
  const f = reduced(x, above) - 1;
  const halfSquare = 0.5 * f * f;
  const s = f / (2 + f);
  const rest = s * (halfSquare + series(s));
  const upper = logHead(f - halfSquare);
  const lower = f - upper - halfSquare + rest;
  // Times 1 / ln 2, in two parts.
  const product = upper * 1.4426950407214463;
  const productRest = (lower + upper) * 1.6751713164886512e-10 + lower * 1.4426950407214463;
  const sum = k + product;
  let result = productRest + (k - sum + product) + sum;
  if (!isPositiveNormal(x)) {
    result = Math.log2(x);
  }
  return result;
}

export function log10(x) {
  const k = exponent(x);
  const isBelow = k < 0;
  const n = k + select(isBelow, 1, 0);
  const m = bitsOr(bitsAnd(x, words(0x000fffff, 0xffffffff)), select(isBelow, 0.5, 1));
  // log10(2) in two parts.
  const z = n * 3.694239077158931e-13 + Math.LOG10E * logUsual(m);
  let result = z + n * 0.30102999566361177;
  if (either(!isPositiveNormal(x), isLogNear(m))) {
    result = Math.log10(x);
  }
  return result;
}
