'use strict';

// Every public call in each of its forms, one row a form. What is promised of all calls is tested over these rows, so that a
// new function, or a new form of one, is one more row.
//
// A row has
//   name     how the call is written
//   fn       the export
//   params   its parameters in order; the last one is 'options'
//   options  the names of its options
//   sizes    'small'; 'large', the largest there is, or 'long', which keeps the pool busy for milliseconds; 'inline', which
//            the calling thread does itself unless there is a signal
//   writes   whether it writes to the caller's memory
//   View     the class of the typed array that it takes, if any
//   make(size)         -> an instance: { args, options?, expected, slots?, check? }, on memory of its own
//   on(view, clean)    -> an instance on a view that may lie; `clean` is an honest view of the same class on the same bytes
//
// `args` are all arguments but the options, of which `options` are those that the instance needs. `slots` is the memory that
// is written; its last slot is the flag. `check()` throws unless the memory is what a resolved call leaves.

const assert = require('node:assert/strict');
const { WITH_BODY } = require('./calls-with-body.js');
const { THAT_REDUCE } = require('./calls-that-reduce.js');
const { exactSum } = require('./exact.js');
const { rangeSum } = require('./oracle.js');
const { intoSlots } = require('./slots.js');
const { VIEWS, same } = require('./views.js');

const SMALL = 10_000;

/** The options of a call without a body. */
const OPTIONS = ['signal', 'threads'];

// --- sumRange ---

const range = (kind, small, large) => ({
  name: `sumRange(${kind})`,
  fn: 'sumRange',
  params: ['num', 'options'],
  options: OPTIONS,
  sizes: ['small', 'large'],
  writes: false,
  make(size) {
    const num = size === 'small' ? small : large;
    return { args: [num], expected: typeof num === 'bigint' ? rangeSum(num) : Number(rangeSum(num)) };
  },
});

// --- sumIntoSharedBuffer ---

const LONG_SLOTS = 2 ** 21;

function into(target, kind) {
  const View = target === 'BigInt64Array' ? BigInt64Array : Int32Array;
  const { BYTES_PER_ELEMENT: size } = View;
  return {
    name: `sumIntoSharedBuffer(${target}${kind === 'request' ? '), num in the last slot' : `, ${kind})`}`,
    fn: 'sumIntoSharedBuffer',
    params: kind === 'request' ? ['target', 'options'] : ['target', 'num', 'options'],
    options: OPTIONS,
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

const LENGTHS = { inline: 100, small: 70_000 };

function sumOf(View) {
  const convert = /Big/.test(View.name) ? BigInt : Number;
  return {
    name: `sum(${View.name})`,
    fn: 'sum',
    params: ['view', 'options'],
    options: OPTIONS,
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
  ...WITH_BODY,
  ...THAT_REDUCE,
];

/** Starts an instance of a row. */
const start = (allcores, row, made, options) => allcores[row.fn](...argumentsOf(made, options));

/** All arguments of an instance. If options are an object, those that it needs come before what it inherits from them. */
function argumentsOf({ args, options: own }, options) {
  if (own === undefined || (options !== undefined && !isObject(options))) return [...args, options];
  return [
    ...args,
    options === undefined
      ? { __proto__: null, ...own }
      : Object.create(options, Object.getOwnPropertyDescriptors(own)),
  ];
}

const isObject = (value) => typeof value === 'object' && value !== null;

/** Awaits an instance that was started, and checks the result and the memory. */
async function resolves(row, made, promise) {
  try {
    sameResult(await promise, made.expected);
    made.check?.();
  } catch (error) {
    throw new Error(`${row.name}: ${error.message}`, { cause: error });
  }
}

/** An index over several dimensions is an array. */
function sameResult(actual, expected) {
  if (Array.isArray(expected)) assert.deepEqual(actual, expected);
  else same(actual, expected, 'the result');
}

/** The arguments of an instance, with `value` in the place of a parameter or of a property of the options. */
function withArgument(row, param, value) {
  const made = row.make(row.sizes[0]);
  const args = [...made.args];
  const property = param.startsWith('options.') ? param.slice('options.'.length) : undefined;
  const at = row.params.indexOf(property ? 'options' : param);
  if (at < 0) throw new Error(`${row.name} has no ${param}`);
  args[at] = property ? { ...made.options, [property]: value } : value;
  // Where num may be left out, options tell that it is there.
  if (param === 'num' && row.params[at + 1] === 'options') args[at + 1] = {};
  return { ...made, args };
}

/** The rows that have this parameter or option, in a place that is not another parameter's as well. */
function having(param) {
  if (param.startsWith('options.')) {
    return CALLS.filter(({ options }) => options.includes(param.slice('options.'.length)));
  }
  const rows = CALLS.filter(({ params }) => params.includes(param));
  return param === 'options' ? rows.filter(({ params }) => `${params}` !== 'target,options') : rows;
}

const WRITING = CALLS.filter(({ writes }) => writes);
const LASTING = CALLS.filter(({ sizes }) => sizes.includes('long'));
const ON_VIEWS = CALLS.filter(({ View }) => View);

module.exports = { CALLS, LASTING, ON_VIEWS, WRITING, argumentsOf, having, resolves, start, withArgument };
