// sin, cos and tan. All of it works on |x|: with the sign of x, every product and sum that ieee754.cc has would only change its own.
//
// The rounds of the reduction: the first is enough if the difference lost 16 bits or less, the second up to 49. Few numbers need more than
// one, but those that programs make do: multiples of pi / 2, as they are in a Fourier transform, need all three. What is large is left to
// the scalar function.

import {
  bitsAnd,
  bitsAndNot,
  bitsLeft,
  bitsSubtract,
  bitsXor,
  both,
  either,
  select,
  words,
} from './bits.mjs';

// How many times pi / 2 is in x, to the nearest; 0 up to pi / 4.
function quarterTurns(x) {
  return select(x < words(0x3fe921fc, 0), 0, Math.trunc(x * 0.6366197723675814 + 0.5));
}

// n * pi / 2 is subtracted in parts of 33 bits.
function firstRound(x, n) {
  return x - n * 1.5707963267341256;
}

function firstRest(n) {
  return n * 6.077100506506192e-11;
}

// Whether a difference from x has lost more than 16 bits: whether its exponent is less than that of x by more than that.
function isLost(x, difference) {
  const least = bitsSubtract(bitsAnd(x, Number.POSITIVE_INFINITY), words(0x01000000, 0));
  return Math.abs(difference) < least;
}

// The same of 49 bits.
function isLostAgain(x, difference) {
  const least = bitsSubtract(bitsAnd(x, Number.POSITIVE_INFINITY), words(0x03100000, 0));
  return Math.abs(difference) < least;
}

// Whether ieee754.cc looks at what is lost: below 32 * pi / 2 only where x has the high word of n * pi / 2.
function isLookedAt(x, n) {
  const difference = bitsXor(x, n * 1.5707963267948966);
  return either(n >= 32, bitsAndNot(difference, words(0, 0xffffffff)) === 0);
}

// x - n * pi / 2 is `upper - lower`, after as many rounds as it takes.
function reduced(x, n) {
  let upper = firstRound(x, n);
  let lower = firstRest(n);
  if (both(isLost(x, upper - lower), isLookedAt(x, n))) {
    // Both rounds here: together they are long enough to be skipped where no lane needs them.
    const again = n * 6.077100506303966e-11;
    const second = upper - again;
    const secondRest = n * 2.0222662487959506e-21 - (upper - second - again);
    const more = n * 2.0222662487111665e-21;
    const third = second - more;
    const thirdRest = n * 8.4784276603689e-32 - (second - third - more);
    // Up to 3 / 4 pi ieee754.cc has no third one; there it would change the rest alone, of a result so small that no kernel looks at it.
    const isThird = isLostAgain(x, second - secondRest);
    upper = select(isThird, third, second);
    lower = select(isThird, thirdRest, secondRest);
  }
  return { upper, lower };
}

// Whether the scalar function has to do it.
function isLarge(x) {
  return x >= words(0x413921fc, 0);
}

// Whether the kernels return their argument as it is.
function isTiny(y) {
  return Math.abs(y) < 7.450580596923828e-9;
}

function sinKernel(y, tail, isReduced) {
  const z = y * y;
  const r4 = 2.7557313707070068e-6 + z * (-2.5050760253406863e-8 + z * 1.58969099521155e-10);
  const r = 0.00833333333332249 + z * (-0.0001984126982985795 + z * r4);
  const v = z * y;
  const alone = v * (0.16666666666666632 - z * r);
  const usual = z * (0.5 * tail - v * r) - tail - v * -0.16666666666666632;
  return select(both(isTiny(y), isReduced), y, y - select(isReduced, usual, alone));
}

function cosKernel(y, tail) {
  const z = y * y;
  const r4 = -2.7557314351390663e-7 + z * (2.087572321298175e-9 + z * -1.1359647557788195e-11);
  const r = z * (0.0416666666666666 + z * (-0.001388888888887411 + z * (2.480158728947673e-5 + z * r4)));
  const magnitude = Math.abs(y);
  // About |y| / 4: subtracted on both sides it makes the differences exact. Below 0.3 it is 0, and then nothing is subtracted.
  const quarter = bitsAndNot(magnitude, words(0, 0xffffffff)) * 0.25;
  const q = select(
    magnitude < words(0x3fd33333, 0),
    0,
    select(magnitude < words(0x3fe90001, 0), quarter, 0.28125),
  );
  return 1 - q - (0.5 * z - q - (z * r - y * tail));
}

// sin(n * pi / 2 + y + tail), where `turns` has n in its last bits.
function ofTurns(turns, y, tail, isReduced) {
  // The last bit but one becomes the sign, and the last one makes it 2 or 0.
  const odd = bitsLeft(turns, 62);
  const result = select(odd === 0, sinKernel(y, tail, isReduced), cosKernel(y, tail));
  return bitsXor(result, bitsAnd(odd, -0));
}

export function sin(x) {
  const magnitude = Math.abs(x);
  const n = quarterTurns(magnitude);
  const { upper, lower } = reduced(magnitude, n);
  const y = upper - lower;
  const positive = ofTurns(n + 4503599627370496, y, upper - y - lower, n > 0);
  let result = bitsXor(positive, bitsAnd(x, -0));
  if (isLarge(magnitude)) {
    result = Math.sin(x);
  }
  return result;
}

export function cos(x) {
  const magnitude = Math.abs(x);
  const n = quarterTurns(magnitude);
  const { upper, lower } = reduced(magnitude, n);
  const y = upper - lower;
  let result = ofTurns(n + 4503599627370497, y, upper - y - lower, true);
  if (isLarge(magnitude)) {
    result = Math.cos(x);
  }
  return result;
}

// tan(x + tail), or its negated reciprocal, for 0 <= x <= pi / 4.
function tanKernel(x, tail, isTangent) {
  // tan(pi / 4 - y) = 1 - 2 * (tan(y) - tan(y)^2 / (1 + tan(y)))
  const isLarge = x >= words(0x3fe59428, 0);
  const y = select(isLarge, 0.7853981633974483 - x + (3.061616997868383e-17 - tail), x);
  const t = select(isLarge, 0, tail);
  const z = y * y;
  const w = z * z;
  const odd6 = 0.0005880412408202641 + w * (7.817944429395571e-5 + w * -1.8558637485527546e-5);
  const odd = 0.13333333333320124 + w * (0.021869488294859542 + w * (0.0035920791075913124 + w * odd6));
  const even6 = 0.0002464631348184699 + w * (7.140724913826082e-5 + w * 2.590730518636337e-5);
  const even = z * (0.05396825397622605 + w * (0.0088632398235993 + w * (0.0014562094543252903 + w * even6)));
  const s = z * y;
  const r = t + z * (s * (odd + even) + t) + 0.3333333333333341 * s;
  const sum = y + r;

  const v = select(isTangent, 1, -1);
  const quotient = select(isLarge, sum * sum, -1) / select(isLarge, sum + v, sum);
  const large = v - 2 * (y - (quotient - r));
  // -1 / (y + r) in two parts.
  const high = bitsAndNot(sum, words(0, 0xffffffff));
  const a = bitsAndNot(quotient, words(0, 0xffffffff));
  const reciprocal = a + quotient * (1 + a * high + a * (r - (high - y)));
  return select(isLarge, large, select(isTangent, sum, reciprocal));
}

export function tan(x) {
  const magnitude = Math.abs(x);
  const n = quarterTurns(magnitude);
  const { upper, lower } = reduced(magnitude, n);
  const y = upper - lower;
  const sign = bitsAnd(y, -0);
  const isTangent = bitsLeft(n + 4503599627370496, 62) === 0;
  let result = bitsXor(
    tanKernel(Math.abs(y), bitsXor(upper - y - lower, sign), isTangent),
    bitsXor(sign, bitsAnd(x, -0)),
  );
  if (either(isLarge(magnitude), both(isTiny(y), n > 0))) {
    result = Math.tan(x);
  }
  return result;
}
