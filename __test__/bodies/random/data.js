'use strict';

// What the bodies can take from `data`: one entry of every kind, under fixed names, with contents by seed.

const { Dice } = require('./dice.js');
const { number } = require('./numbers.js');

/** Typed arrays that a body can use, by the prefix of their names; Float16Array where the engine has it. */
const TYPES = Object.fromEntries(
  [
    ['i8', 'Int8Array'],
    ['u8', 'Uint8Array'],
    ['uc', 'Uint8ClampedArray'],
    ['i16', 'Int16Array'],
    ['u16', 'Uint16Array'],
    ['i32', 'Int32Array'],
    ['u32', 'Uint32Array'],
    ['f16', 'Float16Array'],
    ['f32', 'Float32Array'],
    ['f64', 'Float64Array'],
  ]
    .map(([prefix, name]) => [prefix, globalThis[name]])
    .filter(([, type]) => type !== undefined),
);

/** Those that Atomics work on. */
const INTEGERS = ['i8', 'u8', 'i16', 'u16', 'i32', 'u32'];

/** Elements of the arrays that are only read, and of those that any index may write. */
const READ = 12;
const FREE = 8;

/** For each name, what it is: { kind, …, make(dice, count) }. */
const CATALOGUE = catalogue();

function catalogue() {
  const all = {};
  for (const [name, value] of Object.entries({
    n: 7,
    h: 0.5,
    m: -3,
    big: 2 ** 40 + 1,
    $z: -0,
    nan: Number.NaN,
  })) {
    all[name] = { kind: 'number', make: (dice) => (dice.once(3) ? number(dice) : value) };
  }
  all.yes = { kind: 'boolean', make: () => true };
  all.no_ = { kind: 'boolean', make: (dice) => dice.once(4) };
  const rows = (dice, [length, ...rest]) =>
    Array.from({ length }, () => (rest.length > 0 ? rows(dice, rest) : number(dice)));
  for (const [name, dimensions] of [
    ['t1', [5]],
    ['t2', [3, 4]],
    ['t3', [2, 2, 3]],
  ]) {
    all[name] = { kind: 'table', dimensions, make: (dice) => rows(dice, dimensions) };
  }
  all.random = { kind: 'random', make: (_dice, _count, random) => random };
  all.p = { kind: 'object', make: (dice) => ({ x: number(dice), y: 1.5, on: true }) };
  all.q = {
    kind: 'object',
    make: (dice) => ({ r: { z: number(dice), w: rows(dice, [4]) }, k: fill(new Int32Array(5), dice) }),
  };
  for (const [prefix, Type] of Object.entries(TYPES)) {
    const array = (length, shared) => (dice, count) => {
      const elements = length(count);
      const bytes = elements * Type.BYTES_PER_ELEMENT;
      return fill(new Type(shared ? new SharedArrayBuffer(bytes) : new ArrayBuffer(bytes)), dice);
    };
    // Constants; shared and only read; written at the index's own place, two places; and written anywhere.
    all[`c${prefix}`] = { kind: 'array', use: 'read', prefix, length: READ, make: array(() => READ, false) };
    all[`s${prefix}`] = { kind: 'array', use: 'read', prefix, length: READ, make: array(() => READ, true) };
    all[`o${prefix}`] = { kind: 'array', use: 'own', stride: 1, prefix, make: array((count) => count, true) };
    all[`d${prefix}`] = {
      kind: 'array',
      use: 'own',
      stride: 2,
      prefix,
      make: array((count) => 2 * count, true),
    };
    all[`g${prefix}`] = { kind: 'array', use: 'free', prefix, length: FREE, make: array(() => FREE, true) };
    if (INTEGERS.includes(prefix)) {
      all[`a${prefix}`] = {
        kind: 'array',
        use: 'count',
        prefix,
        length: FREE,
        make: array(() => FREE, true),
      };
    }
  }
  return all;
}

function fill(array, dice) {
  for (let k = 0; k < array.length; k++) array[k] = number(dice);
  // `a[undefined] = 1` would make a property, which is no element.
  return Object.preventExtensions(array);
}

/** The entries of these names, the same for the same seed; `random` is the package's function. */
function makeData(names, seed, count, random) {
  const data = {};
  for (const name of names) {
    const dice = new Dice(seed + [...name].reduce((sum, letter) => sum * 31 + letter.charCodeAt(0), 0));
    data[name] = CATALOGUE[name].make(dice, count, random);
  }
  return data;
}

module.exports = { CATALOGUE, FREE, INTEGERS, READ, TYPES, makeData };
