// Runs every body of ../data/bodies.cjs in this JavaScript engine and in an interpreter of the crate, and compares the bits:
//
//   cargo build --release -p allcores-kernel --example run
//   node crates/kernel/tests/oracle/bodies.js [scalar|block] [part of a name]
//
// The example's functions of Math are the portable ones, with the bits of V8 on x64: there every body that is not refused must be
// equal (under Node 20 and 22, whose `pow` they have). Elsewhere some are `close`: they differ in the last bits.

const { spawnSync } = require('node:child_process');
const path = require('node:path');
const bodies = require('../data/bodies.cjs');

const [engine = 'scalar', part = ''] = process.argv.slice(2);
const target = process.env.CARGO_TARGET_DIR ?? path.join(__dirname, '../../../../target');
const program = path.join(target, 'release/examples/run');

const ELEMENTS = {
  Float64Array: 'float64',
  Float32Array: 'float32',
  Int32Array: 'int32',
  Uint32Array: 'uint32',
  Int16Array: 'int16',
  Uint16Array: 'uint16',
  Int8Array: 'int8',
  Uint8Array: 'uint8',
  Uint8ClampedArray: 'uint8clamped',
};

/** A double as text that Rust reads. */
function text(x) {
  if (Object.is(x, -0)) return '-0';
  return `${x}`.replace('Infinity', 'inf');
}

function entry(value) {
  if (typeof value === 'number') return { number: text(value) };
  if (typeof value === 'boolean') return { boolean: value };
  if (typeof value === 'function') return { function: value.toString() };
  if (Array.isArray(value)) {
    const dimensions = Array.isArray(value[0]) ? [value.length, value[0].length] : [value.length];
    return { table: value.flat().map(text), dimensions };
  }
  const element = ELEMENTS[value.constructor.name];
  if (element !== undefined) {
    return { array: Array.from(value, text), element, shared: value.buffer instanceof SharedArrayBuffer };
  }
  if (ArrayBuffer.isView(value)) return { other: `a ${value.constructor.name}` };
  return { object: Object.fromEntries(Object.entries(value).map(([name, item]) => [name, entry(item)])) };
}

const doubles = new Float64Array(1);
const words = new BigUint64Array(doubles.buffer);

function double(bits) {
  words[0] = BigInt(bits);
  return doubles[0];
}

/** 0 for the same bits, 1 for nearly the same number, 2 otherwise. */
function distance(a, b) {
  if (Object.is(a, b)) return 0;
  return Math.abs(a - b) <= 1e-11 * Math.max(Math.abs(a), Math.abs(b)) ? 1 : 2;
}

function compare({ body, captures, kind, make, n }) {
  const data = make();
  const request = {
    source: body.toString(),
    count: n,
    data: { object: { ...entry(data).object, ...entry(captures ?? {}).object } },
    returns: kind !== 'for',
    engine,
  };
  const { stdout, status, signal } = spawnSync(program, {
    input: `${JSON.stringify(request)}\n`,
    maxBuffer: 2 ** 30,
  });
  if (status !== 0) return { verdict: `ended with ${status ?? signal}` };
  const answer = JSON.parse(stdout);
  if (answer.refused) return { verdict: 'refused', more: answer.refused.join('\n') };
  if (answer.stopped) return { verdict: `stopped: ${answer.stopped}` };
  let worst = 0;
  for (let i = 0; i < n; i++) {
    const expected = body(i, data);
    if (kind !== 'for') worst = Math.max(worst, distance(Number(expected), double(answer.results[i])));
  }
  for (const [name, values] of Object.entries(answer.arrays)) {
    for (const [i, bits] of values.entries()) {
      if (name in data) worst = Math.max(worst, distance(data[name][i], double(bits)));
    }
  }
  return { verdict: ['equal', 'close', 'DIFFERENT'][worst], more: part && answer.ir };
}

let failed = false;
for (const entry of bodies) {
  if (!entry.name.includes(part)) continue;
  const { verdict, more } = compare(entry);
  console.log(`${verdict.padEnd(10)} ${entry.name}`);
  if (more) console.log(more);
  failed ||= !['equal', 'close', 'refused'].includes(verdict);
}
process.exitCode = failed ? 1 : 0;
