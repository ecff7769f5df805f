'use strict';

// Functions of Math to far more digits than doubles have, in BigInts: numbers are integers times 2 ** -BITS. None of it has anything in common
// with what is measured but, as a first guess, the functions of this engine, from which Newton's method goes on.

const { toUnits } = require('../common/exact');

const BITS = 256n;
const ONE = 1n << BITS;
/** Of doubles a unit is 2 ** -1074. */
const UNITS = 1074n;

/** Exact for doubles from 2 ** -200 on. */
const from = (x) => toUnits(x) >> (UNITS - BITS);

const multiply = (a, b) => (a * b) >> BITS;
const divide = (a, b) => (a << BITS) / b;
const magnitude = (a) => (a < 0n ? -a : a);
/** To the nearest double or so. */
const near = (a) => Number(a >> (BITS - 120n)) / 2 ** 120;

/** Terms until they vanish: `next` makes each of the one before it and of its number. */
function series(first, next) {
  let sum = first;
  let term = first;
  for (let k = 1n; term !== 0n && term !== -1n; k++) {
    term = next(term, k);
    sum += term;
  }
  return sum;
}

/** atan(1 / n), or with a sign of 1 atanh(1 / n). */
function inverseTangent(n, sign) {
  let power = ONE / n;
  let sum = power;
  for (let k = 3n; power !== 0n; k += 2n) {
    power = (sign * power) / (n * n);
    sum += power / k;
  }
  return sum;
}

/** Machin's formula. */
const PI = 4n * (4n * inverseTangent(5n, -1n) - inverseTangent(239n, -1n));
const LN2 = 2n * inverseTangent(3n, 1n);

function exponential(a) {
  const k = a / LN2;
  const rest = a - k * LN2;
  // A smaller argument, squared again.
  let power = series(ONE, (term, n) => multiply(term, rest >> 16n) / n);
  for (let squared = 0; squared < 16; squared++) power = multiply(power, power);
  return k < 0n ? power >> -k : power << k;
}

/** Newton's method on exponential, from a double: each step has three times as many digits. */
function logarithm(a) {
  // A power of two more, where there is no double for it.
  const shift = BigInt(a.toString(2).length) - BITS;
  const scaled = shift < 0n ? a << -shift : a >> shift;
  let y = from(Math.log(near(scaled)));
  for (let step = 0; step < 3; step++) {
    const e = exponential(y);
    y += 2n * divide(scaled - e, scaled + e);
  }
  return y + shift * LN2;
}

function root(a) {
  if (a === 0n) return 0n;
  let y = 1n << ((BigInt(a.toString(2).length) + BITS) / 2n + 1n);
  while (true) {
    const next = (y + (a << BITS) / y) >> 1n;
    if (next >= y) return y;
    y = next;
  }
}

/** [sine, cosine] */
function circle(a) {
  const turns = (2n * a + PI / 2n) / PI - (2n * a + PI / 2n < 0n ? 1n : 0n);
  const rest = a - (turns * PI) / 2n;
  const square = multiply(rest, rest);
  const sine = series(rest, (term, k) => -multiply(term, square) / (2n * k * (2n * k + 1n)));
  const cosine = series(ONE, (term, k) => -multiply(term, square) / ((2n * k - 1n) * 2n * k));
  switch (((turns % 4n) + 4n) % 4n) {
    case 0n:
      return [sine, cosine];
    case 1n:
      return [cosine, -sine];
    case 2n:
      return [-sine, -cosine];
    default:
      return [-cosine, sine];
  }
}

/** The angle of a point. The double next to it, and what the tangent of the difference says. */
function angle(y, x) {
  const guess = from(Math.atan2(near(y), near(x)));
  const [sine, cosine] = circle(guess);
  const t = divide(multiply(y, cosine) - multiply(x, sine), multiply(x, cosine) + multiply(y, sine));
  const cube = multiply(t, multiply(t, t));
  return guess + t - cube / 3n + multiply(cube, multiply(t, t)) / 5n;
}

/** Of doubles: what rounds the function's value far below its last place. */
const functions = {
  sin: (x) => circle(from(x))[0],
  cos: (x) => circle(from(x))[1],
  tan: (x) => divide(...circle(from(x))),
  asin: (x) => angle(from(x), root(ONE - multiply(from(x), from(x)))),
  acos: (x) => angle(root(ONE - multiply(from(x), from(x))), from(x)),
  atan: (x) => angle(from(x), ONE),
  atan2: (y, x) => angle(from(y), from(x)),
  exp: (x) => exponential(from(x)),
  expm1: (x) => exponential(from(x)) - ONE,
  log: (x) => logarithm(from(x)),
  log1p: (x) => logarithm(ONE + from(x)),
  log2: (x) => divide(logarithm(from(x)), LN2),
  log10: (x) => divide(logarithm(from(x)), logarithm(10n * ONE)),
  sinh: (x) => (exponential(from(x)) - exponential(-from(x))) / 2n,
  cosh: (x) => (exponential(from(x)) + exponential(-from(x))) / 2n,
  tanh: (x) => {
    const [up, down] = [exponential(from(x)), exponential(-from(x))];
    return divide(up - down, up + down);
  },
  asinh: (x) => logarithm(from(x) + root(multiply(from(x), from(x)) + ONE)),
  acosh: (x) => logarithm(from(x) + root(multiply(from(x), from(x)) - ONE)),
  atanh: (x) => logarithm(divide(ONE + from(x), ONE - from(x))) / 2n,
  cbrt: (x) => {
    const third = exponential(logarithm(magnitude(from(x))) / 3n);
    return x < 0 ? -third : third;
  },
  pow: (x, y) => exponential(multiply(from(y), logarithm(from(x)))),
};

/** How far a double is from a number, in units in the last place of that. */
function ulps(exact, result) {
  const place = BigInt(magnitude(exact).toString(2).length) - 53n;
  const difference = magnitude(from(result) - exact);
  return Number(place < 20n ? difference << (20n - place) : difference >> (place - 20n)) / 2 ** 20;
}

module.exports = { ...functions, ulps };
