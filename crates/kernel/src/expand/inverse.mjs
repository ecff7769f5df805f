// asin, acos, atan and atan2. asin, atan and atan2 work on magnitudes: the sign of the argument is the sign of the result, and of all that
// ieee754.cc computes on the way.

import { bitsAnd, bitsAndNot, bitsOr, bitsXor, both, either, select, words } from './bits.mjs';

const HALF_PI = 1.5707963267948966;
// What these doubles lack.
const HALF_PI_LOW = 6.123233995736766e-17;
const PI_LOW = 1.2246467991473532e-16;

function inverseHead(x) {
  return bitsAndNot(x, words(0, 0xffffffff));
}

// (asin(x) - x) / x at the square of x, up to 1/4.
function excess(z) {
  const p3 = -0.04005553450067941 + z * (0.0007915349942898145 + z * 3.479331075960212e-5);
  const p1 = -0.3255658186224009 + z * (0.20121253213486293 + z * p3);
  const q2 = 2.0209457602335057 + z * (-0.6882839716054533 + z * 0.07703815055590194);
  return (z * (0.16666666666666666 + z * p1)) / (1 + z * (-2.403394911734414 + z * q2));
}

// For the square root s of z: what its first 21 bits lack.
function rootRest(z, s) {
  const upper = inverseHead(s);
  return (z - upper * upper) / (s + upper);
}

// asin(x) directly up to 1/2; then pi/2 - 2 * asin(sqrt((1 - x) / 2)).
export function asin(x) {
  const magnitude = Math.abs(x);
  const isDirect = magnitude < 0.5;
  const z = select(isDirect, x * x, (1 - magnitude) * 0.5);
  const ratio = excess(z);
  let positive = magnitude + magnitude * ratio;
  if (!isDirect) {
    const s = Math.sqrt(z);
    const p = 2 * s * ratio - (HALF_PI_LOW - 2 * rootRest(z, s));
    const middle = 0.7853981633974483 - (p - (0.7853981633974483 - 2 * inverseHead(s)));
    const large = HALF_PI - (2 * (s + s * ratio) - HALF_PI_LOW);
    positive = select(magnitude >= words(0x3fef3333, 0), large, middle);
  }
  let result = bitsOr(positive, bitsAnd(x, -0));
  if (magnitude >= 1) {
    result = Math.asin(x);
  }
  return result;
}

export function acos(x) {
  const magnitude = Math.abs(x);
  const isDirect = magnitude < 0.5;
  const z = select(isDirect, x * x, (1 - magnitude) * 0.5);
  const ratio = excess(z);
  let result = HALF_PI - (x - (HALF_PI_LOW - x * ratio));
  if (!isDirect) {
    const s = Math.sqrt(z);
    result = Math.PI - 2 * (s + (ratio * s - HALF_PI_LOW));
    if (x > 0) {
      result = 2 * (inverseHead(s) + (ratio * s + rootRest(z, s)));
    }
  }
  if (magnitude >= 1) {
    result = Math.acos(x);
  }
  return result;
}

// atan(t) = atan(c) + atan((t - c) / (1 + c * t)) for t >= 0, with c = 0, 1/2, 1, 3/2 or infinity: with 0, nothing is added or divided.
function atanPositive(t) {
  const is1 = t >= 0.4375;
  const is2 = t >= 0.6875;
  const is3 = t >= 1.1875;
  const is4 = t >= 2.4375;
  const numerator = select(is4, -1, select(is3, t - 1.5, select(is2, t - 1, select(is1, 2 * t - 1, t))));
  const denominator = select(is4, t, select(is3, 1 + 1.5 * t, select(is2, t + 1, select(is1, 2 + t, 1))));
  const upper = select(
    is4,
    HALF_PI,
    select(is3, 0.982793723247329, select(is2, 0.7853981633974483, select(is1, 0.4636476090008061, 0))),
  );
  const lower = select(
    is4,
    HALF_PI_LOW,
    select(
      is3,
      1.3903311031230998e-17,
      select(is2, 3.061616997868383e-17, select(is1, 2.2698777452961687e-17, 0)),
    ),
  );
  const r = numerator / denominator;
  const z = r * r;
  const w = z * z;
  const odd3 = 0.06661073137387531 + w * (0.049768779946159324 + w * 0.016285820115365782);
  const odd = z * (0.3333333333333293 + w * (0.14285714272503466 + w * (0.09090887133436507 + w * odd3)));
  const even2 = -0.0769187620504483 + w * (-0.058335701337905735 + w * -0.036531572744216916);
  const even = w * (-0.19999999999876483 + w * (-0.11111110405462356 + w * even2));
  return upper - (r * (odd + even) - lower - r);
}

export function atan(x) {
  return bitsOr(atanPositive(Math.abs(x)), bitsAnd(x, -0));
}

export function atan2(y, x) {
  const a = Math.abs(y);
  const b = Math.abs(x);
  // The exponents differ by more than 60.
  const isSteep = inverseHead(a) >= inverseHead(b) * words(0x43c00000, 0);
  const isFlat = inverseHead(b) > inverseHead(a) * words(0x43b00000, 0);
  const isLeft = x < 0;
  const angle = select(both(isLeft, isFlat), 0, atanPositive(a / b));
  const turned = select(isLeft, Math.PI - (angle - PI_LOW), angle);
  let result = bitsXor(select(isSteep, HALF_PI, turned), bitsAnd(y, -0));
  const isUsual = both(a >= words(0x00100000, 0), a < Number.POSITIVE_INFINITY);
  if (either(!isUsual, !both(b >= words(0x00100000, 0), b < Number.POSITIVE_INFINITY))) {
    result = Math.atan2(y, x);
  }
  return result;
}
