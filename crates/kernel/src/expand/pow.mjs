// pow, which is ** too. What ieee754.cc does for normal x and |y| <= 2^31, where the result is far from the ends of what doubles can be.
// Exponents that it has other ways for are asked for; constant ones among them never come here, or are known before the code is made.

import {
  bitsAdd,
  bitsAnd,
  bitsAndNot,
  bitsOr,
  bitsRight,
  bitsSubtract,
  bitsXor,
  both,
  either,
  select,
  words,
} from './bits.mjs';
import { expCorrection, powerOfTwo } from './exp.mjs';

function powHead(x) {
  return bitsAndNot(x, words(0, 0xffffffff));
}

export function pow(x, y) {
  const magnitude = Math.abs(x);

  // magnitude = 2^n * m, with m within a factor of sqrt(3) / 2 and sqrt(3); the closer one of 1 and 1.5, and its logarithm in two parts.
  const above = bitsAdd(magnitude, words(0x00044986, 0));
  const n = bitsOr(bitsRight(above, 52), 4503599627370496) - 4503599627371519;
  const m = bitsAdd(bitsSubtract(magnitude, bitsAnd(above, Number.POSITIVE_INFINITY)), 1);
  const isUpper = m >= words(0x3ff3988f, 0);
  const point = bitsOr(1, select(isUpper, words(0x00080000, 0), 0));
  const pointHigh = select(isUpper, 0.5849624872207642, 0);
  const pointLow = select(isUpper, 1.350039202129749e-8, 0);

  // s = (m - point) / (m + point), in two parts.
  const u1 = m - point;
  const v1 = 1 / (m + point);
  const s = u1 * v1;
  const sHigh = powHead(s);
  const half = bitsOr(powHead(bitsRight(m, 1)), words(0x20000000, 0));
  const sumHigh = bitsAdd(half, bitsOr(words(0x00080000, 0), select(isUpper, words(0x00040000, 0), 0)));
  const sumLow = m - (sumHigh - point);
  const sLow = v1 * (u1 - sHigh * sumHigh - sHigh * sumLow);

  // log(m / point) = 2s + 2/3 s^3 + …, of which 3/2 in two parts.
  const z1 = s * s;
  const p3 = 0.272728123808534 + z1 * (0.23066074577556175 + z1 * 0.20697501780033842);
  const p0 = 0.5999999999999946 + z1 * (0.4285714285785502 + z1 * (0.33333332981837743 + z1 * p3));
  const rest = z1 * z1 * p0 + sLow * (sHigh + s);
  const z2 = sHigh * sHigh;
  const tHigh = powHead(3 + z2 + rest);
  const tLow = rest - (tHigh - 3 - z2);
  const u2 = sHigh * tHigh;
  const v2 = sLow * tHigh + tLow * s;
  const pHigh = powHead(u2 + v2);
  const pLow = v2 - (pHigh - u2);

  // Times 2 / (3 ln 2).
  const zHigh = 0.9617967009544373 * pHigh;
  const zLow = -7.028461650952758e-9 * pHigh + pLow * 0.9617966939259756 + pointLow;
  const upper = powHead(zHigh + zLow + pointHigh + n);
  const lower = zLow - (upper - n - pointHigh - zHigh);

  // y * log2(x) in two parts.
  const yHead = powHead(y);
  const low = (y - yHead) * upper + y * lower;
  const high = yHead * upper;
  const z = low + high;
  const size = Math.abs(z);
  const turns = select(size < words(0x3fe00001, 0), 0, Math.trunc(size + 0.5));
  const k = bitsOr(turns, bitsAnd(z, -0));
  const h = high - k;
  const t = powHead(low + h);
  const u = t * 0.6931471824645996;
  const v = (low - (t - h)) * Math.LN2 + t * -1.904654299957768e-9;
  const r = u + v;
  const w = v - (r - u);
  const c = expCorrection(r);
  const power = 1 - ((r * c) / (c - 2 - (w + r * w)) - r);
  const positive = power * powerOfTwo(k);

  const isInteger = Math.trunc(y) === y;
  const isEven = Math.trunc(y * 0.5) === y * 0.5;
  const odd = select(both(isInteger, !isEven), -0, 0);
  let result = bitsXor(positive, bitsAnd(x, odd));
  const isUsual = both(magnitude >= words(0x00100000, 0), magnitude < Number.POSITIVE_INFINITY);
  const isOfRoot = both(x < 0, !isInteger);
  const isLarge = either(!(Math.abs(y) < words(0x41e00001, 0)), size >= 1020);
  if (either(either(!isUsual, isOfRoot), isLarge)) {
    result = x ** y;
  }
  if (either(either(y === 1, y === 2), y === 0.5)) {
    result = x ** y;
  }
  if (y === -1) {
    result = 1 / x;
  }
  return result;
}
