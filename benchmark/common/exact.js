'use strict';

// The exact sum of doubles, in integer arithmetic that has nothing in common with what is measured, and the distance of a
// result from it. A unit is 2 ** -1074: every double is a whole number of them.

const SMALLEST = 1074;

/**
 * The sum of a Float64Array of finite numbers, in units. Adds up the halves of the significands for each exponent: at most
 * 2 ** 21 times 32 bits, so the doubles are exact.
 */
function exactSum(numbers) {
  const words = new Uint32Array(numbers.buffer, numbers.byteOffset, numbers.length * 2);
  let sum = 0n;
  for (let from = 0; from < words.length; from += 2 ** 22) {
    const [high, low] = [new Float64Array(2048), new Float64Array(2048)];
    const to = Math.min(from + 2 ** 22, words.length);
    for (let i = from; i < to; i += 2) {
      const word = words[i + 1];
      const exponent = (word >>> 20) & 0x7ff;
      const sign = word >>> 31 ? -1 : 1;
      high[exponent] += sign * ((word & 0xfffff) | (exponent > 0 ? 0x100000 : 0));
      low[exponent] += sign * words[i];
    }
    for (let exponent = 0; exponent < 2047; exponent++) {
      const significands = BigInt(high[exponent]) * 2n ** 32n + BigInt(low[exponent]);
      sum += significands << BigInt(Math.max(exponent, 1) - 1);
    }
  }
  return sum;
}

/**
 * How far a result is from an exact sum in units, rounded once: in units in the last place of that; Infinity or NaN when the
 * result is.
 */
function ulps(units, result) {
  const best = toDouble(units);
  if (Object.is(result, best)) return 0;
  if (!Number.isFinite(result)) return result;
  const difference = toUnits(result) - toUnits(best);
  // Neither of the two need be within the range of doubles; their quotient is, to six digits and more.
  return Number(((difference < 0n ? -difference : difference) << 20n) / lastPlace(best)) / 2 ** 20;
}

/** A number of units, rounded to the nearest double, ties to even. */
function toDouble(units) {
  const magnitude = units < 0n ? -units : units;
  const bits = magnitude.toString(2).length;
  if (bits <= 64) return Number(units) * 2 ** -SMALLEST;
  // 64 bits, and one that says whether there is more: Number() rounds them as it would have rounded all.
  const drop = BigInt(bits - 64);
  const rest = magnitude & ((1n << drop) - 1n);
  const head = ((magnitude >> drop) << 1n) | (rest === 0n ? 0n : 1n);
  const value = Number(head) * 2 ** (bits - 65 - SMALLEST);
  return units < 0n ? -value : value;
}

function toUnits(value) {
  const bits = BigInt.asUintN(64, new BigInt64Array(new Float64Array([value]).buffer)[0]);
  const exponent = (bits >> 52n) & 0x7ffn;
  const fraction = bits & (2n ** 52n - 1n);
  const units = exponent === 0n ? fraction : (fraction | (1n << 52n)) << (exponent - 1n);
  return bits >> 63n ? -units : units;
}

/** The unit in the last place of a double, in units. */
function lastPlace(value) {
  const exponent = (new Uint32Array(new Float64Array([value]).buffer)[1] >>> 20) & 0x7ff;
  return 1n << BigInt(Math.max(exponent, 1) - 1);
}

module.exports = { SMALLEST, exactSum, toDouble, toUnits, ulps };
