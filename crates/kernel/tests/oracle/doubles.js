// Doubles that are hard for functions of Math: special values, values at which fdlibm's functions branch, angles that are hard
// to reduce, and values of all sizes. The same ones each time for a seed.

const UNARY = [
  ...['acos', 'acosh', 'asin', 'asinh', 'atan', 'atanh', 'cbrt', 'cos', 'cosh', 'exp', 'expm1'],
  ...['log', 'log1p', 'log10', 'log2', 'sin', 'sinh', 'tan', 'tanh'],
];

// xoshiro128**, which needs no BigInt.
const state = Uint32Array.of(1, 0x9e3779b9, 0x243f6a88, 0xb7e15162);

/** Begins the sequence of that number. */
function seed(number) {
  state.set([number, 0x9e3779b9, 0x243f6a88, 0xb7e15162]);
}

function word() {
  const x = Math.imul(state[1], 5);
  const result = Math.imul((x << 7) | (x >>> 25), 9) >>> 0;
  const t = state[1] << 9;
  state[2] ^= state[0];
  state[3] ^= state[1];
  state[1] ^= state[2];
  state[0] ^= state[3];
  state[2] ^= t;
  state[3] = (state[3] << 11) | (state[3] >>> 21);
  return result;
}

const doubles = new Float64Array(1);
const words = new Uint32Array(doubles.buffer);
const bits = new BigUint64Array(doubles.buffer);

function fromWords(high, low) {
  words[1] = high;
  words[0] = low;
  return doubles[0];
}

function hex(x) {
  doubles[0] = x;
  // One of all NaNs, the portable library's.
  if (Number.isNaN(x)) bits[0] = 0x7ff8000000000000n;
  return bits[0].toString(16).padStart(16, '0');
}

/** A double at most 32 units in the last place away, of either sign. */
function near(x) {
  doubles[0] = x;
  bits[0] += BigInt((word() % 65) - 32);
  return word() & 1 ? doubles[0] : -doubles[0];
}

const pick = (list) => list[word() % list.length];
const unit = () => word() / 2 ** 32 + word() / 2 ** 64;
const within = (limit) => (2 * unit() - 1) * limit;

// The high words at which one of the functions branches.
const BRANCHES = [
  ...[0x00100000, 0x3c600000, 0x3c800000, 0x3c900000, 0x3e200000, 0x3e300000, 0x3e400000, 0x3fd2bec4],
  ...[0x3fd33333, 0x3fd62e42, 0x3fd62e43, 0x3fda827a, 0x3fdc0000, 0x3fe00000, 0x3fe28000, 0x3fe59428],
  ...[0x3fe60000, 0x3fe6a09e, 0x3fe90000, 0x3fe921fb, 0x3fef3333, 0x3fefffff, 0x3ff00000, 0x3ff0a2b2],
  ...[0x3ff30000, 0x3ff3988e, 0x3ff6147a, 0x3ff6a09c, 0x3ff6a09e, 0x3ff6b851, 0x3ff921fb, 0x3ffbb67a],
  ...[0x40000000, 0x4002d97c, 0x40038000, 0x40360000, 0x4043687a, 0x40490000, 0x40862e42, 0x40863342],
  ...[0x40874910, 0x40874911, 0x4090cc00, 0x40900000, 0x413921fb, 0x41b00000, 0x41e00000, 0x43400000],
  ...[0x43f00000, 0x44100000, 0x7fefffff],
];
const POINTS = [
  ...BRANCHES.flatMap((high) => [fromWords(high, 0), fromWords(high, 0xffffffff)]),
  ...[
    709.782712893384,
    745.1332191019411,
    710.4758600739439,
    709.7822265625,
    2 ** -1074,
    Math.LN2 / 2,
    Math.E,
  ],
];
const SPECIALS = [
  ...[
    0,
    -0,
    1,
    -1,
    0.5,
    -0.5,
    2,
    -2,
    3,
    -3,
    22,
    10,
    1000,
    Number.NaN,
    Number.POSITIVE_INFINITY,
    Number.NEGATIVE_INFINITY,
    Math.PI,
    Math.PI / 2,
  ],
  ...[5e-324, -5e-324, Number.MAX_VALUE, -Number.MAX_VALUE, 2 ** -1022, 1 - 2 ** -53, 1 + 2 ** -52],
  ...[2 ** 31, 2 ** 32, 2 ** 53, 2 ** 53 - 1, -(2 ** 53) + 1, 2 ** 64, 2 ** 65, 1e300, 1e-300],
  // The hyperbolic functions are finite here, and exp is not.
  ...[709.785, -709.785],
];

// The doubles closest to a multiple of pi / 2, where its reduction needs most digits.
const NEAR_HALF_PI = [
  ...[45.553093477052, 321307.9594422229, 642615.9188844458, 46066.74387591393, 14461176.67027838],
  ...[5.319372648326541e255, 1.0638745296653083e256, 3.576149729694266e39, 3.924293714572882e298],
  ...[6.426511099577231e173, 1.3930726336834465e259, 9.312926614229972e204, 3.8281827772588983e59],
];
SPECIALS.push(...NEAR_HALF_PI);

const REGIMES = {
  anyBits: () => fromWords(word(), word()),
  two: () => within(2),
  exponents: () => within(750),
  million: () => within(1e6),
  uint32: () => word(),
  tiny: () => within(2e-8),
  // Where the reduction of angles cancels; k of all sizes.
  halfPi: () => near((word() >>> (word() % 32)) * (Math.PI / 2)),
  one: () => 1 + within(2e-6),
  // Of any exponent, with a significand at which one of the functions branches.
  branch: () => fromWords(((word() & 0x7ff) << 20) | (pick(BRANCHES) & 0xfffff), word()),
  points: () => near(pick(POINTS)),
  specials: () => pick(SPECIALS),
};
const UNARY_REGIMES = Object.values(REGIMES);
const PAIRS = [
  () => [pick(UNARY_REGIMES)(), pick(UNARY_REGIMES)()],
  () => [within(10), within(10)],
  // Powers in range, and at its ends.
  () => [unit() * 10, within(50)],
  () => [Math.abs(REGIMES.anyBits()), within(2)],
  () => [within(100), (word() % 201) - 100],
  () => [REGIMES.one(), within(2 ** (20 + (word() % 46)))],
  () => {
    const x = unit() * 100;
    return [x, near(pick([1024, 1023, -1022, -1074, -1075]) / Math.log2(x))];
  },
];

/** The inputs of `count` calls, one after the other. */
function inputs(arity, count) {
  const list = new Float64Array(arity * count);
  for (let call = 0; call < count; call++) {
    if (arity === 1) list[call] = UNARY_REGIMES[call % UNARY_REGIMES.length]();
    else if (arity === 2) list.set(PAIRS[call % PAIRS.length](), 2 * call);
    else list.set([pick(UNARY_REGIMES)(), pick(UNARY_REGIMES)(), word() % 4], 3 * call);
  }
  return list;
}

module.exports = {
  ...{ PAIRS, REGIMES, SPECIALS, UNARY },
  ...{ fromWords, hex, inputs, near, pick, seed, unit, within, word },
};
