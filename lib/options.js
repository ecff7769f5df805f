'use strict';

// The options of a call without a body. Only a plain object is taken for options, and each option is read once. Properties of other
// names are ignored, as Node ignores them, but for `from`.

const { IsInteger, ObjectKeys, ReflectOwnKeys } = require('./intrinsics');
const { isLiteral, isPlainObject } = require('./objects');
const { invalidArgType, noOption, outOfRange } = require('./errors');
const { classOf } = require('./signals');
const { threadLimit } = require('./threads');

/** The names of the options. */
const NAMES = { __proto__: null, signal: true, threads: true };

const NONE = { __proto__: null, ddof: 0, signal: undefined, signalClass: undefined, threads: 0 };

const MAX_DDOF = 2 ** 53 - 1;

/**
 * Whether the value in the place of `num` is meant as options: an object as a literal makes one. Throws for one with a property
 * that is no option: to ignore it there, as in `{ num: 5 }`, would be to answer another question.
 */
function isOptions(value) {
  if (!isLiteral(value)) return false;
  const keys = ReflectOwnKeys(value);
  for (let i = 0; i < keys.length; i++) {
    if (typeof keys[i] === 'symbol' || NAMES[keys[i]] === undefined)
      throw noOption('num', 'of type number or bigint', keys[i], ObjectKeys(NAMES));
  }
  return true;
}

/** `{ ddof, signal, signalClass, threads }`: how to use the signal, and 0 for no limit on the threads. Only a variance has a `ddof`. */
function readOptions(options, hasDdof = false) {
  if (options === undefined) return NONE;
  if (!isPlainObject(options)) throw invalidArgType('options', 'a plain object', options);
  const { from, signal, threads } = options;
  if (from !== undefined && from !== 0) throw needsBody(from);
  return {
    __proto__: null,
    ddof: hasDdof ? ddofOf(options.ddof) : 0,
    signal,
    signalClass: signalClassOf(signal),
    threads: threadLimit(threads),
  };
}

/** To ignore it would be to answer another question. */
function needsBody(from) {
  const remedies = 'write sumRange(num, (i) => i, { from }), or pass view.subarray(from)';
  return outOfRange('options.from', `0 without a body: ${remedies}`, from);
}

/** An integer from 0 to 2^53 - 1. */
function ddofOf(ddof) {
  if (ddof === undefined) return 0;
  if (typeof ddof !== 'number') throw invalidArgType('options.ddof', 'of type number', ddof);
  if (!IsInteger(ddof) || ddof < 0 || ddof > MAX_DDOF) {
    throw outOfRange('options.ddof', `an integer >= 0 and <= ${MAX_DDOF}`, ddof);
  }
  return ddof;
}

/** The options of a call without a body, which may stand in its place: `body` is what stands there. */
function readOptionsWithoutBody(body, options, hasDdof) {
  if (typeof options === 'function') throw invalidArgType('options', 'a plain object', options);
  if (body === undefined) return readOptions(options, hasDdof);
  if (!isPlainObject(body)) {
    throw invalidArgType('body', 'of type function, or be replaced by options, a plain object', body);
  }
  // Which of the two is meant?
  if (isPlainObject(options)) throw invalidArgType('body', 'of type function where options follow', body);
  return readOptions(body, hasDdof);
}

/** How to use a signal; undefined for none. */
function signalClassOf(signal) {
  if (signal === undefined) return undefined;
  const signalClass = classOf(signal);
  if (signalClass === undefined) throw invalidArgType('options.signal', 'an AbortSignal', signal);
  return signalClass;
}

module.exports = { ddofOf, isOptions, readOptions, readOptionsWithoutBody, signalClassOf };
