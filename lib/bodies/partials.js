'use strict';

// Partial results: what a part of a range comes to, as bytes that can be merged with those of the other parts, on any machine, to the
// very bits of the public function. Internal: there is no such public function.
//
// The format is that of src/jobs/reduction/partial/, which has it in its head. What this file adds is where a part begins and ends:
//
//   one dimension   the indices themselves: start <= i < end, all of them from `options.from` on and below the range
//   more            the numbers of tuples of indices, row by row: of (i, j, k) below [n0, n1, n2], (i * n1 + j) * n2 + k

const { ObjectKeys, PromiseReject, StringCharCodeAt, TypedArrayName, Uint8Array } = require('../intrinsics');
const { invalidArgType, outOfRange } = require('../errors');
const { callNative, start: startCall } = require('../engine');
const { ddofOf } = require('../options');
const native = require('../binding');
const { checkBody, countsOf, integer, product } = require('./arguments');
const { textOf: textOfFunction } = require('./data');
const { GRID, RANGE, readOptions } = require('./options');
const { Progress } = require('./progress');
const { rangeJob, tupleOf } = require('./range');
const { Source } = require('./source');

/** The public functions that have partial results: whether what they come to is where a term is. */
const IS_INDEX = {
  __proto__: null,
  sumRange: false,
  count: false,
  min: false,
  max: false,
  argMin: true,
  argMax: true,
  findIndex: true,
  mean: false,
  variance: false,
  norm: false,
};

const METHODS = ObjectKeys(IS_INDEX);

/** The most terms that a partial result has. */
const MAX_TERMS = 2 ** 53;

/**
 * The partial result of a part of a range. All arguments are as for the public function, and so are the checks, above all that of the body:
 * it is compared with its compiled form over the whole range. With a part that is empty nothing else is done.
 *
 * @param {string} method the name of the public function
 * @param {number | bigint | (number | bigint)[]} range
 * @param {Function | Source} body a text in its place is compiled, and compared with nothing; so are those in `options.data`
 * @param {object | undefined} options those of the public function
 * @param {number | bigint} start where the part begins, see above
 * @param {number | bigint} end where it ends
 * @returns {Promise<Uint8Array>}
 */
function partial(method, range, body, options, start, end) {
  try {
    return startPart(method, range, body, options, start, end);
  } catch (error) {
    return PromiseReject(error);
  }
}

function startPart(method, range, body, options, start, end) {
  checkMethod(method);
  const isSum = method === 'sumRange';
  const counts = countsOf(range, isSum ? 'num' : 'source');
  if (!isSource(body)) checkBody(body, isSum ? 'body' : 'predicate');
  const isLine = counts.length === 1;
  const read = readOptions(options, isLine ? RANGE : GRID, method === 'variance');
  const least = read.from;
  const most = isLine && counts[0] < least ? least : product(counts);
  const first = integer('start', start);
  const last = integer('end', end);
  if (first < least || first > most) throw outOfRange('start', `>= ${least} and <= ${most}`, start);
  if (last < first || last > most) throw outOfRange('end', `>= ${first} and <= ${most}`, end);
  const job = rangeJob(counts, body, true, read);
  // What is below `from` is not in the part.
  const whole = isLine ? [most] : counts;
  const { arrays, compiled, portable, scalars } = job;
  const submit = (port) =>
    native.runPartial(
      port,
      method,
      compiled.body,
      whole,
      first,
      last,
      scalars,
      arrays,
      portable,
      read.threads,
    );
  const progress = read.onProgress === undefined ? undefined : new Progress(read.onProgress, last - first);
  const engineOf = () => callNative(() => native.engineOf(compiled.body, portable));
  return startCall(method, read, undefined, 0, submit, bytesOf, progress, engineOf);
}

/**
 * The partial result of the terms of two others, which must be different terms. The order makes no difference.
 *
 * @returns {Uint8Array}
 */
function merge(method, a, b) {
  checkMethod(method);
  checkBytes('a', a);
  checkBytes('b', b);
  return bytesOf(callNative(() => native.mergePartials(method, a, b)));
}

/**
 * What the public function comes to: `options` may have the `ddof` of a variance, and the `range`, if an index is to be a tuple as it is
 * there. Without one it is the number of the tuple.
 *
 * @returns {number | number[]}
 */
function finish(method, bytes, options) {
  checkMethod(method);
  checkBytes('bytes', bytes);
  const { ddof, range } = options ?? {};
  const degrees = method === 'variance' ? ddofOf(ddof) : 0;
  const counts = range === undefined ? undefined : countsOf(range, 'options.range');
  const value = callNative(() => native.finishPartial(method, bytes, degrees));
  return IS_INDEX[method] && counts?.length > 1 ? tupleOf(value, counts) : value;
}

/**
 * Throws unless the bytes are a partial result of so many terms. If `start` is given, a result that is where a term is must be where one of
 * the `terms` from there on is.
 */
function verify(bytes, method, terms, start) {
  checkMethod(method);
  checkBytes('bytes', bytes);
  // As many as there can be, and no index is as large.
  const count = terms === MAX_TERMS ? terms : integer('terms', terms);
  const first = start === undefined ? -1 : integer('start', start);
  callNative(() => native.verifyPartial(method, bytes, count, first));
}

/**
 * The text that stands for a function on another machine: as a body, or in its data, where `path` has the names that lead to it.
 *
 * @param {Function} func
 * @param {string[]} path
 */
function textOf(func, path = []) {
  if (typeof func !== 'function') throw invalidArgType('func', 'of type function', func);
  return textOfFunction(func, path.length === 1 && path[0] === 'random');
}

const isSource = (body) => typeof body === 'object' && body !== null && Source.textOf(body) !== undefined;

function checkMethod(method) {
  const expected = 'the name of a function that has partial results';
  if (typeof method !== 'string') throw invalidArgType('method', expected, method);
  if (IS_INDEX[method] === undefined) throw outOfRange('method', expected, method);
}

/** By its internal slots: the native side reads them too. */
function checkBytes(name, bytes) {
  if (TypedArrayName(bytes) !== 'Uint8Array') throw invalidArgType(name, 'a Uint8Array', bytes);
}

/** The native side writes a byte as a character. */
function bytesOf(text) {
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) bytes[i] = StringCharCodeAt(text, i);
  return bytes;
}

module.exports = { METHODS, Source, finish, merge, partial, textOf, verify };
