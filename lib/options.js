'use strict';

// The options of a call. Only a plain object is taken for options, and each option is read once. Properties of other names
// are ignored, as Node ignores them.

const { ObjectKeys, ReflectOwnKeys } = require('./intrinsics');
const { isLiteral, isPlainObject, show } = require('./describe');
const { invalidArgType, noOption } = require('./errors');
const { classOf } = require('./signals');
const { threadLimit } = require('./threads');

/** The names of the options. */
const NAMES = { __proto__: null, signal: true, threads: true };

const NONE = { __proto__: null, signal: undefined, signalClass: undefined, threads: 0 };

/**
 * Whether the value in the place of `num` is meant as options: an object as a literal makes one. Throws for one with a property
 * that is no option: to ignore it there, as in `{ num: 5 }`, would be to answer another question.
 */
function isOptions(value) {
  if (!isLiteral(value)) return false;
  const keys = ReflectOwnKeys(value);
  for (let i = 0; i < keys.length; i++) {
    if (typeof keys[i] === 'symbol' || NAMES[keys[i]] === undefined)
      throw noOption('num', 'of type number or bigint', show(keys[i]), ObjectKeys(NAMES));
  }
  return true;
}

/** `{ signal, signalClass, threads }`: how to use the signal, and 0 for no limit on the threads. */
function readOptions(options) {
  if (options === undefined) return NONE;
  if (!isPlainObject(options)) throw invalidArgType('options', 'a plain object', options);
  const { signal, threads } = options;
  return { __proto__: null, signal, signalClass: signalClassOf(signal), threads: threadLimit(threads) };
}

/** The options of a call without a body, which may stand in its place: `body` is what stands there. */
function readOptionsWithoutBody(body, options) {
  if (typeof options === 'function') throw invalidArgType('options', 'a plain object', options);
  if (body === undefined) return readOptions(options);
  if (!isPlainObject(body)) {
    throw invalidArgType('body', 'of type function, or be replaced by options, a plain object', body);
  }
  return readOptions(body);
}

/** How to use a signal; undefined for none. */
function signalClassOf(signal) {
  if (signal === undefined) return undefined;
  const signalClass = classOf(signal);
  if (signalClass === undefined) throw invalidArgType('options.signal', 'an AbortSignal', signal);
  return signalClass;
}

module.exports = { isOptions, readOptions, readOptionsWithoutBody, signalClassOf };
