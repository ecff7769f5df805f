'use strict';

// The rows of calls.js that reduce to something other than a sum.

const { VIEWS } = require('./views.js');

const OPTIONS = ['data', 'from', 'math', 'onProgress', 'signal', 'threads'];

const LENGTHS = { inline: 100, small: 70_000 };

/** What a thread takes milliseconds for. */
const LONG = 2 ** 22;

const isBigInt = (View) => /Big/.test(View.name);

/** Without a body: one element, not far from the end, is the extreme. `what` makes the result of its index and its value. */
function ofView(fn, View, what) {
  const convert = isBigInt(View) ? BigInt : Number;
  const isMin = /min/i.test(fn);
  return {
    name: `${fn}(${View.name})`,
    fn,
    params: ['source', 'options'],
    options: ['signal', 'threads'],
    sizes: ['inline', 'small', 'long'],
    writes: false,
    View,
    make(size) {
      const bytes = size === 'long' ? 2 ** 26 : LENGTHS[size] * View.BYTES_PER_ELEMENT;
      const view = new View(new SharedArrayBuffer(bytes + (size === 'small' ? 2 ** 15 : 0)));
      // Untouched memory is fast to make.
      if (size !== 'long') view.fill(convert(50));
      const at = view.length - 3;
      view[at] = convert(isMin && size !== 'long' ? 7 : 70);
      const isZero = isMin && size === 'long';
      return { args: [view], expected: isZero ? what(0, convert(0)) : what(at, view[at]) };
    },
    on(view, clean) {
      clean.fill(convert(50));
      clean[3] = convert(isMin ? 7 : 70);
      return { args: [view], expected: what(3, clean[3]) };
    },
  };
}

/** Over a range, with a body that computes. */
const ofRange = (fn, body, expected, name = 'body') => ({
  name: `${fn}(Number, ${name})`,
  fn,
  params: ['source', name, 'options'],
  options: OPTIONS,
  sizes: ['small', 'long'],
  writes: false,
  make(size) {
    const num = size === 'small' ? 10_000 : LONG;
    return { args: [num, body], expected: expected(num) };
  },
});

const ofGrid = (fn, body, expected, name = 'body') => ({
  name: `${fn}([n0, n1], ${name})`,
  fn,
  params: ['source', name, 'options'],
  options: OPTIONS,
  sizes: ['small', 'long'],
  writes: false,
  make(size) {
    const rows = size === 'small' ? 100 : LONG / 64;
    return { args: [[rows, 64], body], expected: expected(rows) };
  },
});

const ofElements = (fn, View, body, expected, name = 'body') => ({
  name: `${fn}(${View.name}, ${name})`,
  fn,
  params: ['source', name, 'options'],
  options: OPTIONS,
  sizes: ['small', 'long'],
  writes: false,
  View,
  make(size) {
    const view = new View(new SharedArrayBuffer(View.BYTES_PER_ELEMENT * (size === 'small' ? 10_000 : LONG)));
    return { args: [view.fill(3), body], expected: expected(view.length) };
  },
  on(view, clean) {
    return { args: [view, body], expected: expected(clean.fill(3).length) };
  },
});

/** How many elements there are: 7 divides the number of those that are not zero. `bytes` is what an element takes. */
const lengthFor = (size, bytes) => (size === 'long' ? 2 ** 26 / bytes : size === 'inline' ? 77 : 7 * 10_000);

/** Of terms that are 0 to 6 over and over, or nothing but zeros if there are many: untouched memory is fast to make. */
const ofMoments = (fn, View, expected) => ({
  name: `${fn}(${View.name})`,
  fn,
  params: ['source', 'options'],
  options: fn === 'variance' ? ['ddof', 'signal', 'threads'] : ['signal', 'threads'],
  sizes: ['inline', 'small', 'long'],
  writes: false,
  View,
  make(size) {
    const length = lengthFor(size, View.BYTES_PER_ELEMENT);
    const view = new View(new SharedArrayBuffer(length * View.BYTES_PER_ELEMENT));
    if (size === 'long') return { args: [view], expected: 0 };
    return { args: [fillSevens(view)], expected: expected(length) };
  },
  on(view, clean) {
    fillSevens(clean);
    return {
      args: [view],
      expected: fn === 'mean' ? meanOf(clean) : fn === 'norm' ? normOf(clean) : varianceOf(clean),
    };
  },
});

function fillSevens(view) {
  const convert = isBigInt(view.constructor) ? BigInt : Number;
  const sevens = [0, 1, 2, 3, 4, 5, 6].map(convert);
  for (let i = 0; i < view.length; i++) view[i] = sevens[i % 7];
  return view;
}

const numbersOf = (view) => Array.from(view, Number);
// Sums of small integers are exact.
const sumOf = (numbers) => numbers.reduce((a, b) => a + b, 0);
const meanOf = (view) => sumOf(numbersOf(view)) / view.length;
const normOf = (view) => Math.sqrt(sumOf(numbersOf(view).map((x) => x * x)));
function varianceOf(view) {
  const numbers = numbersOf(view);
  const n = numbers.length;
  return (n * sumOf(numbers.map((x) => x * x)) - sumOf(numbers) ** 2) / (n * n);
}

/** The dot product of two arrays with the same elements. */
const ofDot = (View, Other) => ({
  name: `dot(${View.name}, ${Other.name})`,
  fn: 'dot',
  params: ['a', 'b', 'options'],
  options: ['signal', 'threads'],
  sizes: ['inline', 'small', 'long'],
  writes: false,
  make(size) {
    const length = lengthFor(size, View.BYTES_PER_ELEMENT);
    const arrays = [View, Other].map(
      (Class) => new Class(new SharedArrayBuffer(length * Class.BYTES_PER_ELEMENT)),
    );
    const of = (number) => (isBigInt(View) ? BigInt(number) : number);
    if (size === 'long') return { args: arrays, expected: of(0) };
    return { args: arrays.map(fillSevens), expected: of(13 * length) };
  },
});

const value = (_index, value) => value;
const index = (index) => index;

const THAT_REDUCE = [
  ...VIEWS.map((View) => ofView('min', View, value)),
  ...[Float64Array, Uint8Array, BigUint64Array].map((View) => ofView('max', View, value)),
  ...[Float64Array, Int16Array, BigInt64Array].map((View) => ofView('argMin', View, index)),
  ...[Float32Array, Int8Array].map((View) => ofView('argMax', View, index)),
  ...[Float64Array, Float32Array, Int16Array, BigInt64Array].map((View) => ofMoments('mean', View, () => 3)),
  ...[Float64Array, Uint8Array, BigUint64Array].map((View) => ofMoments('variance', View, () => 4)),
  ...[Float64Array, Int32Array].map((View) => ofMoments('norm', View, (length) => Math.sqrt(13 * length))),
  ofDot(Float64Array, Float64Array),
  ofDot(Float64Array, Int8Array),
  ofDot(BigInt64Array, BigUint64Array),
  ofRange(
    'mean',
    (i) => i * 2,
    (num) => num - 1,
  ),
  ofRange(
    'variance',
    (i) => i & 1,
    () => 0.25,
  ),
  ofElements(
    'norm',
    Float32Array,
    (x, i) => (i === 5 ? x : 0),
    () => 3,
  ),
  ofRange(
    'min',
    (i) => 5 - (i & 7),
    () => -2,
  ),
  ofElements(
    'min',
    Float64Array,
    (x, i) => x - (i & 1),
    () => 2,
  ),
  ofGrid(
    'max',
    (i, j) => i * 64 + j,
    (rows) => rows * 64 - 1,
  ),
  ofRange(
    'argMin',
    (i) => (i - 4321) ** 2,
    () => 4321,
  ),
  ofGrid(
    'argMax',
    (i, j) => -((i - 50) ** 2) - (j - 30) ** 2,
    () => [50, 30],
  ),
  ofElements(
    'argMax',
    Uint8Array,
    (x, i) => x + (i & 1),
    () => 1,
  ),
  ofRange(
    'count',
    (i) => i % 4 === 0,
    (num) => num / 4,
    'predicate',
  ),
  ofElements(
    'count',
    Float32Array,
    (x, i) => x > 2 && i % 2 === 0,
    (length) => Math.ceil(length / 2),
    'predicate',
  ),
  ofRange(
    'findIndex',
    (i) => i * i === 2,
    () => -1,
    'predicate',
  ),
  {
    ...ofElements(
      'findIndex',
      Int32Array,
      (x, i) => x * i === 9,
      () => 3,
      'predicate',
    ),
    sizes: ['small'],
  },
  {
    ...ofGrid(
      'findIndex',
      (i, j) => i === 57 && j === 33,
      () => [57, 33],
      'predicate',
    ),
    sizes: ['small'],
  },
];

module.exports = { THAT_REDUCE };
