// Compares the portable functions of Math with this JavaScript engine's, bit for bit (all NaNs count as one):
//
//   cargo build --release -p allcores-kernel --example math
//   node crates/kernel/tests/oracle/math.js [--count N] [--seed N] [--only name,name]
//   node crates/kernel/tests/oracle/math.js --table > crates/kernel/tests/data/math.txt
//
// None may differ on x64 under Node 20 and 22, and none but pow under Node 24 and 26. On arm64, and from V8 14.9 on, the
// engine's own bits differ. With --table the engine's results are written for `cargo test`: run that on x64 under Node 20.
// RUNNER may name a program that runs the example, for example an emulator.

const { spawnSync } = require('node:child_process');
const path = require('node:path');
const { parseArgs } = require('node:util');

const { values: options } = parseArgs({
  options: {
    count: { type: 'string', default: '1000000' },
    seed: { type: 'string', default: '1' },
    only: { type: 'string', default: '' },
    program: { type: 'string' },
    table: { type: 'boolean', default: false },
  },
});

const target = process.env.CARGO_TARGET_DIR ?? path.join(__dirname, '../../../../target');
const program = options.program ?? path.join(target, 'release/examples/math');

const UNARY = [
  ...['acos', 'acosh', 'asin', 'asinh', 'atan', 'atanh', 'cbrt', 'cos', 'cosh', 'exp', 'expm1'],
  ...['log', 'log1p', 'log10', 'log2', 'sin', 'sinh', 'tan', 'tanh'],
];
const FUNCTIONS = {
  ...Object.fromEntries(UNARY.map((name) => [name, Math[name]])),
  atan2: Math.atan2,
  pow: Math.pow,
  random: reference,
};

// xoshiro128**, which needs no BigInt.
const state = [Number(options.seed) >>> 0, 0x9e3779b9, 0x243f6a88, 0xb7e15162];
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

/** random(seed, i, k), written anew. */
function reference(seed, i, k) {
  const split = (x) => {
    const integer = Number.isFinite(x) ? BigInt.asUintN(64, BigInt(Math.trunc(x))) : 0n;
    return [integer & 0xffffffffn, integer >> 32n];
  };
  let [a, b, c, d] = [...split(i), ...split(k)];
  let [key, lock] = split(seed);
  for (let round = 0; round < 10; round++) {
    const [p, q] = [0xd2511f53n * a, 0xcd9e8d57n * c];
    [a, b, c, d] = [(q >> 32n) ^ b ^ key, q & 0xffffffffn, (p >> 32n) ^ d ^ lock, p & 0xffffffffn];
    key = (key + 0x9e3779b9n) & 0xffffffffn;
    lock = (lock + 0xbb67ae85n) & 0xffffffffn;
  }
  return Number(((a >> 5n) << 26n) | (b >> 6n)) / 2 ** 53;
}

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

function ours(name, list, ...more) {
  const command = [...(process.env.RUNNER?.split(' ') ?? []), program, name, ...more];
  const { status, signal, stdout, stderr } = spawnSync(command[0], command.slice(1), {
    input: Buffer.from(list.buffer, list.byteOffset, list.byteLength),
    maxBuffer: 2 ** 30,
  });
  if (status !== 0) throw new Error(`${command.join(' ')}: ${status ?? signal}\n${stderr}`);
  return new Float64Array(new Uint8Array(stdout).buffer);
}

function theirs(f, list) {
  const { length } = f;
  const results = new Float64Array(list.length / length);
  for (let call = 0; call < results.length; call++) {
    results[call] = f(...list.subarray(call * length, (call + 1) * length));
  }
  return results;
}

function compare(name, f) {
  const count = name === 'random' ? Math.ceil(Number(options.count) / 10) : Number(options.count);
  const list = inputs(f.length, count);
  const [expected, actual] = [theirs(f, list), ours(name, list)];
  if (actual.length !== count) throw new Error(`${name}: ${actual.length} results`);
  const wrong = Array.from(expected.keys()).filter((call) => !Object.is(expected[call], actual[call]));
  console.log(`${name.padEnd(7)} ${count} calls, ${wrong.length} differ`);
  for (const call of wrong.slice(0, 5)) {
    const values = list.subarray(call * f.length, (call + 1) * f.length);
    console.log(
      `  ${Array.from(values, (x) => `${x} ${hex(x)}`).join(', ')}: ${expected[call]}, not ${actual[call]}`,
    );
  }
  return wrong.length;
}

/** Prints special values, calls in which the C library's result differs if there are any, and calls of each regime. */
function table(name, f) {
  const [arity, count] = [f.length, 200_000];
  const seeds = arity === 1 ? SPECIALS : SPECIALS.flatMap((x) => [x, pick(SPECIALS), 0].slice(0, arity));
  const list = new Float64Array([...seeds, ...inputs(arity, count)]);
  const expected = theirs(f, list);
  const library = ours(name, list, 'c');
  const chosen = new Set(Array.from({ length: SPECIALS.length + 80 }, (_, call) => call));
  let differing = 0;
  for (let call = SPECIALS.length; call < expected.length && differing < 80; call++) {
    if (name === 'random' || Object.is(expected[call], library[call])) continue;
    differing++;
    chosen.add(call);
  }
  for (const call of chosen) {
    const values = Array.from(list.subarray(call * arity, (call + 1) * arity), hex);
    console.log([name, ...values, hex(expected[call])].join(' '));
  }
}

const only = options.only === '' ? Object.keys(FUNCTIONS) : options.only.split(',');
if (options.table) {
  console.log(
    '# Written by tests/oracle/math.js: a function, the bits of its arguments, the bits of its result.',
  );
  for (const name of only) table(name, FUNCTIONS[name]);
} else {
  console.log(`${process.version} ${process.arch}, V8 ${process.versions.v8}`);
  const wrong = only.reduce((sum, name) => sum + compare(name, FUNCTIONS[name]), 0);
  process.exitCode = wrong > 0 ? 1 : 0;
}
