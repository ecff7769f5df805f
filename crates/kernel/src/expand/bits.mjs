// What the functions beside this file can do to doubles that JavaScript has no operators for: the definition of what the compiler
// makes of these names.

const double = new Float64Array(1);
const bits = new BigUint64Array(double.buffer);

const of = (x) => {
  double[0] = x;
  return bits[0];
};

const from = (integer) => {
  bits[0] = integer;
  return double[0];
};

const product = (x, y) => (of(x) & 0xffffffffn) * (of(y) & 0xffffffffn);

/** The bits that both have. */
export const bitsAnd = (x, y) => from(of(x) & of(y));
/** The bits that the first has and the second has not. */
export const bitsAndNot = (x, y) => from(of(x) & ~of(y));
/** The bits that either has. */
export const bitsOr = (x, y) => from(of(x) | of(y));
/** The bits that one of the two has. */
export const bitsXor = (x, y) => from(of(x) ^ of(y));
/** Addition modulo 2^64. */
export const bitsAdd = (x, y) => from(of(x) + of(y));
/** Subtraction modulo 2^64. */
export const bitsSubtract = (x, y) => from(of(x) - of(y));
/** Shifts by a constant. */
export const bitsLeft = (x, by) => from(of(x) << BigInt(by));
export const bitsRight = (x, by) => from(of(x) >> BigInt(by));
/** The upper and the lower 32 bits of the product of two unsigned integers, which are the lower 32 bits of each. */
export const productHigh = (x, y) => from(product(x, y) >> 32n);
export const productLow = (x, y) => from(product(x, y) & 0xffffffffn);
/** The double of these 32-bit words, which are constants. */
export const words = (high, low) => from((BigInt(high) << 32n) | BigInt(low));
/** One of two, both of which are computed. */
export const select = (condition, a, b) => (condition ? a : b);
/** Both conditions are computed. */
export const both = (p, q) => p && q;
export const either = (p, q) => p || q;
/** The function of allcores itself. */
export { random } from '../../../../lib/bodies/philox.js';
