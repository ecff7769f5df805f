'use strict';

// Exact sums of the elements of any typed array, in BigInt arithmetic: every double is an integer multiple of 2^-1074, the
// smallest there is. Those integers are added up, and the total is rounded once. No floating-point number is ever added.

const UNIT = 1074;

const cell = new DataView(new ArrayBuffer(8));

/** The 64 bits of a double. */
function bitsOf(number) {
  cell.setFloat64(0, number);
  return cell.getBigUint64(0);
}

/** The double with these 64 bits, a BigInt or hexadecimal digits. */
function fromBits(bits) {
  cell.setBigUint64(0, typeof bits === 'string' ? BigInt(`0x${bits}`) : bits);
  return cell.getFloat64(0);
}

/** A finite double in units of 2^-1074. */
function inUnits(number) {
  const bits = bitsOf(number);
  const exponent = (bits >> 52n) & 0x7ffn;
  const fraction = bits & (2n ** 52n - 1n);
  const magnitude = exponent === 0n ? fraction : (fraction | (2n ** 52n)) << (exponent - 1n);
  return bits >> 63n ? -magnitude : magnitude;
}

/** So many units of 2^-1074 as a double: the nearest one, and of two that are as near the one that is even. */
function round(units) {
  const magnitude = units < 0n ? -units : units;
  const surplus = magnitude.toString(2).length - 53;
  let bits = magnitude;
  if (surplus > 0) {
    // The 53 upper bits, with the exponent that they belong to: a carry out of them moves on to the next exponent, and
    // the infinity is what comes after the largest number.
    const half = 1n << BigInt(surplus - 1);
    const rest = magnitude & ((half << 1n) - 1n);
    bits = (magnitude >> BigInt(surplus)) + (BigInt(surplus) << 52n);
    if (rest > half || (rest === half && bits & 1n)) bits++;
    if (bits > 0x7ffn << 52n) bits = 0x7ffn << 52n;
  }
  return fromBits(units < 0n ? bits | (1n << 63n) : bits);
}

/** The finite ones of these doubles, added up one by one: what the faster way below is checked against. */
function unitsOneByOne(numbers) {
  let units = 0n;
  for (const number of numbers) if (Number.isFinite(number)) units += inUnits(number);
  return units;
}

/**
 * The finite ones of these doubles, in units. The fractions of each exponent are added up in two halves, which are
 * integers far below 2^53: up to 2^25 numbers.
 */
function unitsOf(numbers) {
  const [upper, lower] = [new Float64Array(4096), new Float64Array(4096)];
  const copy = Float64Array.from(numbers);
  const words = new Uint32Array(copy.buffer);
  const [low, high] = new Uint8Array(Uint16Array.of(1).buffer)[0] ? [0, 1] : [1, 0];
  for (let i = 0; i < words.length; i += 2) {
    const head = words[i + high] >>> 20;
    upper[head] += words[i + high] & 0xfffff;
    upper[head] += (head & 0x7ff) === 0 ? 0 : 0x100000;
    lower[head] += words[i + low];
  }
  let units = 0n;
  for (let head = 0; head < 4096; head++) {
    const exponent = head & 0x7ff;
    if (exponent === 0x7ff || (upper[head] === 0 && lower[head] === 0)) continue;
    const sum = ((BigInt(upper[head]) << 32n) + BigInt(lower[head])) << BigInt(Math.max(exponent - 1, 0));
    units += head < 2048 ? sum : -sum;
  }
  return units;
}

/** What `Math.sumPrecise` gives for these doubles. */
function sumOfDoubles(numbers) {
  let [positive, negative, onlyNegativeZeros] = [false, false, true];
  for (const number of numbers) {
    if (Number.isNaN(number)) return Number.NaN;
    if (number === Number.POSITIVE_INFINITY) positive = true;
    if (number === Number.NEGATIVE_INFINITY) negative = true;
    if (!Object.is(number, -0)) onlyNegativeZeros = false;
  }
  if (positive && negative) return Number.NaN;
  if (positive || negative) return positive ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY;
  return onlyNegativeZeros ? -0 : round(unitsOf(numbers));
}

/** The sum of integers, numbers or BigInts, as a BigInt. */
function sumOfIntegers(integers) {
  let sum = 0n;
  if (typeof integers[0] === 'bigint') {
    for (const integer of integers) sum += integer;
    return sum;
  }
  // Of a million elements of 32 bits no sum comes near 2^53.
  for (let from = 0; from < integers.length; from += 2 ** 20) {
    let part = 0;
    for (const integer of integers.subarray(from, from + 2 ** 20)) part += integer;
    sum += BigInt(part);
  }
  return sum;
}

/** An integer as a double, rounded once. Never -0. */
function roundInteger(integer) {
  return round(integer << BigInt(UNIT));
}

/** What `sum(view)` gives, for a typed array of any type. */
function exactSum(view) {
  if (/Float/.test(view[Symbol.toStringTag])) return sumOfDoubles(view);
  const sum = sumOfIntegers(view);
  return /Big/.test(view[Symbol.toStringTag]) ? sum : roundInteger(sum);
}

module.exports = {
  bitsOf,
  exactSum,
  fromBits,
  inUnits,
  round,
  roundInteger,
  sumOfDoubles,
  unitsOf,
  unitsOneByOne,
};
