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
const { SPECIALS, UNARY, hex, inputs, pick, seed } = require('./doubles.js');

const { values: options } = parseArgs({
  options: {
    count: { type: 'string', default: '1000000' },
    seed: { type: 'string', default: '1' },
    only: { type: 'string', default: '' },
    program: { type: 'string' },
    table: { type: 'boolean', default: false },
  },
});

seed(Number(options.seed));
const target = process.env.CARGO_TARGET_DIR ?? path.join(__dirname, '../../../../target');
const program = options.program ?? path.join(target, 'release/examples/math');

const FUNCTIONS = {
  ...Object.fromEntries(UNARY.map((name) => [name, Math[name]])),
  atan2: Math.atan2,
  pow: Math.pow,
  random: reference,
};

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
