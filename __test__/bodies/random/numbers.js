'use strict';

// Numbers at which JavaScript's arithmetic has an edge.

const NUMBERS = [
  0,
  -0,
  1,
  -1,
  0.5,
  -0.5,
  1.5,
  2.5,
  0.1,
  0.49999999999999994,
  2,
  3,
  -3,
  5,
  7,
  10,
  31,
  32,
  33,
  100,
  127,
  128,
  -129,
  255,
  254.5,
  255.5,
  256,
  32767,
  32768,
  65535,
  65519.999,
  65520,
  1e5,
  2147483647,
  2147483647.5,
  2147483648,
  -2147483648,
  -2147483648.5,
  -2147483649,
  4294967295,
  4294967296,
  -4294967297.5,
  1e10,
  2251799813685247.5,
  2251799813685248,
  4503599627370495.5,
  4503599627370497,
  9007199254740991,
  -9007199254740991,
  9007199254740992,
  1e17,
  1e22,
  2 ** 83 + 2 ** 31,
  1e300,
  -1e300,
  Number.MAX_VALUE,
  5e-324,
  -5e-324,
  2.2250738585072014e-308,
  1e-300,
  1e-8,
  2 ** -24,
  Math.PI,
  -Math.E,
  Number.POSITIVE_INFINITY,
  Number.NEGATIVE_INFINITY,
  Number.NaN,
];

/** A number: small integers more often than anything else. */
function number(dice) {
  return dice.weigh([
    [6, () => dice.below(10)],
    [1, () => -dice.below(10)],
    [4, () => dice.pick(NUMBERS)],
    [1, () => dice.below(2000) / 16 - 50],
    [1, () => dice.below(2 ** 32)],
    [1, () => (dice.below(2 ** 32) - 2 ** 31) * 2 ** (dice.below(2000) - 1000)],
  ])();
}

/** The text of a number in a program: mostly as people write it. */
function literal(dice, value) {
  if (Number.isNaN(value)) return 'NaN';
  if (value < 0 || Object.is(value, -0)) return `-${literal(dice, -value)}`;
  if (value === Number.POSITIVE_INFINITY) return dice.pick(['Infinity', '1 / 0', 'Number.POSITIVE_INFINITY']);
  if (!Number.isInteger(value) || value > 2 ** 53 - 1) return `${value}`;
  return dice.weigh([
    [12, `${value}`],
    [1, `0x${value.toString(16)}`],
    [1, `0b${value.toString(2)}`],
    [1, `0o${value.toString(8)}`],
    [1, `${value}.0`],
    [1, `${value}e0`],
    [1, value > 999 ? `${value}`.replace(/\B(?=(\d{3})+$)/g, '_') : `${value}`],
  ]);
}

module.exports = { NUMBERS, number, literal };
