// Finds the probes of src/node/host_math: inputs at which libraries with functions of Math have different bits.
//
//   node crates/kernel/tests/oracle/probes.js [--count N] NAME=COMMAND ... > src/node/host_math/probes.rs
//
// A COMMAND reads and writes doubles: examples/math.rs, library.c or engine.cjs, each of which says how it is built or run. Of
// `--count` inputs of doubles.js, as many are taken as tell any two of the libraries apart by at least EACH of them, or by all that
// there are; those at which more libraries differ come first. Special values are always taken. Inputs of one kind are like others
// of it: what tells these libraries apart, mostly tells others apart too, as each is at the edge of a rounding.

const { spawnSync } = require('node:child_process');
const { parseArgs } = require('node:util');
const { SPECIALS, UNARY, hex, inputs } = require('./doubles.js');

/** By how many probes any two libraries are to be told apart, and how many there may be besides the special values. */
const [EACH, MOST] = [8, 72];

/**
 * Where contracted multiplications and additions change the result of fdlibm, and next to nowhere else: GCC's cbrt, log and log10,
 * Clang's log2. Found among some 10^9 inputs of the V8 that library.c is linked with, each way.
 */
const RARE = {
  cbrt: [
    ...['40146e9867a0d9f9', '55c33232ee488f1b', '401f5ad0b0ab7f08', '400be7ca4b3d298e', '2888f2355b637ce3'],
    ...['3fe85ac9ad4ffb6a', '3ff508291133c428', '401bb3cd2748ffe2', '22a9ddc6ec0dc07e', '3fe807df4cd26935'],
  ],
  log: [
    ...['3fe81c1f2963c2eb', '3fe80fa0888293f3', '3fe81ed13a8c579f', '3fe8507cd0ed42b4', '3fe8510cac7c9f7f'],
    ...['3fe81f1afa3da75f', '3fe810a02e8399cb', '3fe852806a487bd0', '40180e356c77443b', '3ff695507ba933b0'],
  ],
  log10: [
    ...['3fe81c1f2963c2eb', '3fe80fa0888293f3', '3fe81ed13a8c579f', '3fe8507cd0ed42b4', '3fe8510cac7c9f7f'],
    ...['4017610cceaadebe', '3fe81f1afa3da75f', '3fe810a02e8399cb', '3fe852806a487bd0', '3fc6921e4f65f664'],
  ],
  log2: [
    ...['3fe8507a13c00810', '3fe83b66f1325fce', '3fe84ed2ad4a59cd', '3fe82b9ae6231e55', '3fe81a274eb51adf'],
    ...['3fd8884425dc662d', '3fe852806d7ae69a', '3fe82e9ed57aec0a', '3fe86ab9010e28dd', '3fe8789b835c1981'],
  ],
};

const { values: options, positionals } = parseArgs({
  options: { count: { type: 'string', default: '400000' } },
  allowPositionals: true,
});
const libraries = positionals.map((library) => {
  const [name] = library.split('=', 1);
  return { name, command: library.slice(name.length + 1).split(' ') };
});

function results({ command: [program, ...more] }, name, list) {
  const { status, signal, stdout, stderr } = spawnSync(program, [...more, name], {
    input: Buffer.from(list.buffer),
    maxBuffer: 2 ** 30,
  });
  if (status !== 0) throw new Error(`${program} ${more.join(' ')} ${name}: ${status ?? signal}\n${stderr}`);
  return new Float64Array(new Uint8Array(stdout).buffer);
}

/** For each input, which libraries agree: a letter for each library, the same for the same bits. */
function partitions(name, list, arity) {
  const all = libraries.map((library) => results(library, name, list));
  return Array.from({ length: list.length / arity }, (_, call) => {
    const kinds = [];
    const letter = (result) => {
      const known = kinds.findIndex((kind) => Object.is(kind, result));
      return String.fromCharCode(97 + (known === -1 ? kinds.push(result) - 1 : known));
    };
    return all.map((of) => letter(of[call])).join('');
  });
}

/** C's pow is 1 where JavaScript's is NaN: no library is to be known by that. */
const isExcepted = (name, x, y) => name === 'pow' && (Number.isNaN(y) || Math.abs(x) === 1);

function choose(name, list, arity) {
  const byPartition = new Map();
  partitions(name, list, arity).forEach((partition, call) => {
    const values = list.subarray(call * arity, (call + 1) * arity);
    if (/[^a]/.test(partition) && !isExcepted(name, ...values)) {
      if (!byPartition.has(partition)) byPartition.set(partition, []);
      byPartition.get(partition).push(values);
    }
  });
  const pairs = libraries.flatMap((_, b) => libraries.slice(0, b).map((_, a) => ({ a, b, left: EACH })));
  const chosen = [];
  while (true) {
    // Pairs that few inputs tell apart weigh more.
    const parts = [...byPartition].filter(([, calls]) => calls.length > 0);
    const weight = (partition) => {
      const apart = pairs.filter(({ a, b, left }) => left > 0 && partition[a] !== partition[b]);
      return apart.reduce((sum, { left }) => sum + left, 0);
    };
    const [best, calls] = parts.reduce((a, b) => (weight(b[0]) > weight(a[0]) ? b : a), ['', []]);
    if (best === '' || weight(best) === 0 || chosen.length === MOST) break;
    for (const pair of pairs) if (best[pair.a] !== best[pair.b]) pair.left--;
    // From all over the list: it has inputs of each kind in turn.
    chosen.push(...calls.splice((calls.length * 0.618 * chosen.length) % calls.length, 1));
  }
  const same = pairs.filter(({ left }) => left === EACH);
  return { chosen, same: same.map(({ a, b }) => `${libraries[a].name} = ${libraries[b].name}`) };
}

function table(name) {
  const arity = UNARY.includes(name) ? 1 : 2;
  const rare = BigUint64Array.from(RARE[name] ?? [], (bits) => BigInt(`0x${bits}`));
  const list = new Float64Array([...new Float64Array(rare.buffer), ...inputs(arity, Number(options.count))]);
  const { chosen, same } = choose(name, list, arity);
  const few = [0, -0, 1, -1, 2, -0.5, 0.5, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NaN];
  const specials = arity === 1 ? SPECIALS : few.flatMap((x) => few.flatMap((y) => [x, y]));
  const bits = [...specials, ...chosen.flatMap((values) => [...values])].map((x) => `0x${hex(x)}`);
  if (same.length > 0) console.log(`/// Not told apart: ${same.join(', ')}.`);
  console.log(`const ${name.toUpperCase()}: &[u64] = &[`);
  for (let k = 0; k < bits.length; k += 5) console.log(`    ${bits.slice(k, k + 5).join(', ')},`);
  console.log('];\n');
}

const names = [...UNARY, 'atan2', 'pow'];
console.log(`//! Written by crates/kernel/tests/oracle/probes.js: the bits of the arguments at which functions of Math are tried, special values
//! first. The others tell these libraries apart: ${libraries.map(({ name }) => name).join(', ')}.

use allcores_kernel::ir::Math;

/// Arguments of the function, one call after the other.
pub(super) const fn of(function: Math) -> &'static [u64] {
    match function {`);
for (const name of names) {
  console.log(`        Math::${name[0].toUpperCase()}${name.slice(1)} => ${name.toUpperCase()},`);
}
console.log('        Math::Random => &[],\n    }\n}\n');
for (const name of names) table(name);
