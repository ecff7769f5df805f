'use strict';

// Checks the positional arguments of calls that have a body, and gives them their final form.

const {
  IsInteger,
  Number,
  TypedArrayLength,
  TypedArrayName,
  types: { isProxy },
} = require('../intrinsics');
const { isBigInts } = require('../arguments');
const { outOfRange, show } = require('../errors');
const { infoOf, isArray } = require('./arrays');
const { invalidArgType, viewNotShared } = require('./errors');

const MAX = 2 ** 53 - 1;

/** An integer from 0 to 2^53 - 1, as a number; a BigInt may stand for it. `hint` goes with a number that is out of range. */
function integer(name, value, expected = 'of type number or bigint', remedy = undefined, hint = '') {
  if (typeof value === 'number') {
    if (!IsInteger(value) || value < 0 || value > MAX) {
      throw outOfRange(name, `an integer >= 0 and <= ${MAX}${hint}`, value);
    }
    return value;
  }
  if (typeof value !== 'bigint') throw invalidArgType(name, expected, value, remedy);
  if (value < 0n || value > MAX) throw outOfRange(name, `>= 0n and <= ${MAX}n`, value);
  return Number(value);
}

/** The counts of a range: those of a number, or of an array of two or three. As a literal, whose elements are its own. */
function countsOf(num, name = 'num') {
  const expected = 'of type number or bigint, or an array of 2 or 3 integers';
  if (!isArray(num)) return [integer(name, num, expected)];
  const { length } = num;
  const remedy = name === 'source' ? 'pass share(array)' : 'write sum(share(array), body)';
  if (length !== 2 && length !== 3) {
    const elements = length === 1 ? '1 element' : `${length} elements`;
    const split =
      length > 3 ? 'for more dimensions make one of several, and take it apart in the body; ' : '';
    throw invalidArgType(name, expected, num, `it has ${elements}; ${split}for the elements ${remedy}`);
  }
  const hint = `: this is a range; for the elements of an array ${remedy}`;
  const count = (d) => integer(`${name}[${d}]`, num[d], undefined, undefined, hint);
  const counts = length === 2 ? [count(0), count(1)] : [count(0), count(1), count(2)];
  const total = product(counts);
  if (total > MAX) throw outOfRange(name, `integers whose product is <= ${MAX}`, total);
  return counts;
}

/** Whether what may be a view or a range is meant as a range. A proxy is neither: to find out would run its traps. */
const isRange = (source) =>
  typeof source === 'number' || typeof source === 'bigint' || (isArray(source) && !isProxy(source));

/** The number of turns. */
function product(counts) {
  let product = 1;
  for (let d = 0; d < counts.length; d++) if (counts[d] === 0) return 0;
  for (let d = 0; d < counts.length; d++) product *= counts[d];
  return product;
}

/** The function itself; classes and functions without a source are refused where they are compiled. */
function checkBody(body, name = 'body') {
  if (typeof body !== 'function') throw invalidArgType(name, 'of type function', body);
}

/** What is known of a typed array of numbers on shared memory. */
function checkView(name, view) {
  const info = view !== null && typeof view === 'object' ? infoOf(view) : undefined;
  if (info === undefined) {
    const remedy = isBigInts(view) ? 'a body computes with numbers: pass an array of doubles' : undefined;
    const range = name === 'source' ? ', or a range' : '';
    throw invalidArgType(name, `a typed array of numbers on a SharedArrayBuffer${range}`, view, remedy);
  }
  if (!info.isShared) throw viewNotShared(name, TypedArrayName(view));
  return info;
}

/** Where the results of `length` elements go. */
function checkInto(into, length) {
  checkView('options.into', into);
  const own = TypedArrayLength(into);
  if (own !== length)
    throw outOfRange('options.into', `as long as the view: ${show(length)} elements`, own, 'elements');
}

module.exports = { MAX, checkBody, checkInto, checkView, countsOf, integer, isRange, product };
