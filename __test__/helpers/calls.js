'use strict';

// Every public call in each of its forms, one row a form. What is promised of all calls is tested over these rows, so that a
// new function, or a new form of one, is one more row.
//
// A row has
//   name     how the call is written
//   fn       the export
//   params   its parameters in order; the last one is 'options'
//   sizes    'small'; 'large', the largest there is, or 'long', which keeps the pool busy for milliseconds; 'inline', which
//            the calling thread does itself unless there is a signal
//   writes   whether it writes to the caller's memory
//   View     the class of the typed array that it takes, if any
//   make(size)         -> an instance: { args, expected, slots?, check? }, on memory of its own
//   on(view, clean)    -> an instance on a view that may lie; `clean` is an honest view of the same class on the same bytes
//
// `args` are all arguments but the options. `slots` is the memory that is written; its last slot is the flag. `check()` throws
// unless the memory is what a resolved call leaves.

const assert = require('node:assert/strict');
const { exactSum } = require('./exact.js');
const { asBigInts, finalSlots, partialSum, rangeSum } = require('./oracle.js');
const { VIEWS, same } = require('./views.js');

const SMALL = 10_000;

// --- sumRange ---

const range = (kind, small, large) => ({
  name: `sumRange(${kind})`,
  fn: 'sumRange',
  params: ['num', 'options'],
  sizes: ['small', 'large'],
  writes: false,
  make(size) {
    const num = size === 'small' ? small : large;
    return { args: [num], expected: typeof num === 'bigint' ? rangeSum(num) : Number(rangeSum(num)) };
  },
});

// --- sumIntoSharedBuffer ---

/** An instance on this target, whose memory is `slots`. `kind` is where num comes from. */
function intoSlots(target, slots, num, kind) {
  const last = slots.length - 1;
  const wide = slots.BYTES_PER_ELEMENT === 8;
  if (kind === 'request') slots[last] = wide ? BigInt(num) : num;
  const total = rangeSum(num);
  const rest = { Number: [num], BigInt: [BigInt(num)], request: [] }[kind];
  const check = () => {
    if (slots.length <= 1000) {
      assert.deepEqual(asBigInts(slots), finalSlots(num, slots.length));
      return;
    }
    for (const k of [0, 1, last >> 1, last - 1]) assert.equal(BigInt(slots[k]), partialSum(num, k, last));
    assert.equal(Number(slots[last]), 0);
  };
  return { args: [target, ...rest], expected: wide ? total : Number(total), slots, last, num, check };
}

const LONG_SLOTS = 2 ** 21;

function into(target, kind) {
  const View = target === 'BigInt64Array' ? BigInt64Array : Int32Array;
  const { BYTES_PER_ELEMENT: size } = View;
  return {
    name: `sumIntoSharedBuffer(${target}${kind === 'request' ? '), num in the last slot' : `, ${kind})`}`,
    fn: 'sumIntoSharedBuffer',
    params: kind === 'request' ? ['target', 'options'] : ['target', 'num', 'options'],
    sizes: ['small', 'long'],
    writes: true,
    View: target === 'SharedArrayBuffer' ? undefined : View,
    make(which) {
      const length = which === 'small' ? 6 : LONG_SLOTS + 1;
      const slots = new View(new SharedArrayBuffer(length * size));
      const num = which === 'small' ? SMALL : LONG_SLOTS * 3 + 1;
      return intoSlots(target === 'SharedArrayBuffer' ? slots.buffer : slots, slots, num, kind);
    },
    on: (view, clean) => intoSlots(view, clean, 100, kind),
  };
}

// --- sum ---

const LENGTHS = { inline: 100, small: 10_000 };

function sumOf(View) {
  const convert = /Big/.test(View.name) ? BigInt : Number;
  return {
    name: `sum(${View.name})`,
    fn: 'sum',
    params: ['view', 'options'],
    sizes: ['inline', 'small', 'long'],
    writes: false,
    View,
    make(size) {
      const bytes =
        size === 'long' ? 2 ** 26 : Math.max(LENGTHS[size] * View.BYTES_PER_ELEMENT, LENGTHS[size]);
      const extra = size === 'small' ? 2 ** 15 : 0;
      const view = new View(new SharedArrayBuffer(bytes + extra));
      // Untouched memory is fast to make; of a long view the last element alone is not 0.
      if (size !== 'long') for (let i = 0; i < view.length; i++) view[i] = convert(i % 100);
      view[view.length - 1] = convert(7);
      return { args: [view], expected: size === 'long' ? convert(7) : exactSum(view) };
    },
    on(view, clean) {
      clean.fill(convert(1));
      return { args: [view], expected: exactSum(clean) };
    },
  };
}

const CALLS = [
  range('Number', SMALL, 2 ** 53 - 1),
  range('BigInt', BigInt(SMALL), 2n ** 64n - 1n),
  ...['SharedArrayBuffer', 'Int32Array', 'BigInt64Array'].flatMap((target) =>
    ['Number', 'BigInt', 'request'].map((kind) => into(target, kind)),
  ),
  ...VIEWS.map(sumOf),
];

/** Starts an instance of a row. */
const start = (allcores, row, made, options) => allcores[row.fn](...made.args, options);

/** Awaits an instance that was started, and checks the result and the memory. */
async function resolves(row, made, promise) {
  try {
    same(await promise, made.expected, 'the result');
    made.check?.();
  } catch (error) {
    throw new Error(`${row.name}: ${error.message}`, { cause: error });
  }
}

/** The arguments of an instance, with `value` in the place of a parameter or of a property of the options. */
function withArgument(row, param, value) {
  const made = row.make(row.sizes[0]);
  const args = [...made.args];
  const property = param.startsWith('options.') ? param.slice('options.'.length) : undefined;
  const at = row.params.indexOf(property ? 'options' : param);
  if (at < 0) throw new Error(`${row.name} has no ${param}`);
  args[at] = property ? { [property]: value } : value;
  // Where num may be left out, options tell that it is there.
  if (param === 'num') args[at + 1] = {};
  return { ...made, args };
}

/** The rows that have this parameter, in a place that is not another parameter's as well. */
function having(param) {
  const rows = CALLS.filter(({ params }) => params.includes(param.replace(/\..*/, '')));
  return param === 'options' ? rows.filter(({ params }) => `${params}` !== 'target,options') : rows;
}

const WRITING = CALLS.filter(({ writes }) => writes);
const LASTING = CALLS.filter(({ sizes }) => sizes.includes('long'));
const ON_VIEWS = CALLS.filter(({ View }) => View);

module.exports = { CALLS, LASTING, ON_VIEWS, WRITING, having, resolves, start, withArgument };
