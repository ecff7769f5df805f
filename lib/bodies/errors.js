'use strict';

// The errors that only calls with a body have.

const { Error, StringIncludes, SyntaxError, TypeError } = require('../intrinsics');
const { isInstance } = require('../objects');
const { coded, define, invalidArgType: invalid, place, remedyFor } = require('../errors');

/** What to do about the value of an option, as in ../errors.js. */
const REMEDIES = {
  __proto__: null,
  'options.data': {
    __proto__: null,
    Promise: 'await it?',
    Map: 'pass Object.fromEntries(map)',
    array: 'give it a name: { data: { array } }',
    function: 'give it a name: { data: { name: it } }',
  },
  'options.into': {
    __proto__: null,
    Promise: 'await it?',
    SharedArrayBuffer: 'pass a view on it, such as new Float64Array(buffer)',
  },
  'options.onProgress': { __proto__: null, Promise: 'await it?' },
};

/** For what the body cannot get in `data`, where the compiler has no remedy for it: it knows strings, null and arrays. */
const IN_DATA = {
  __proto__: null,
  bigint: 'convert it by Number(x)',
  Date: 'pass its getTime()',
  Map: 'number its keys, and pass the values in an array',
  Set: 'pass [...set], or an array with 1 or 0 for each number',
  'Number object': 'pass the number itself',
  BigInt64Array: 'pass Float64Array.from(array, Number)',
  BigUint64Array: 'pass Float64Array.from(array, Number)',
};

/** `ERR_INVALID_ARG_TYPE`. `expected` completes "must be ...". */
const invalidArgType = (name, expected, received, remedy) =>
  invalid(name, expected, received, remedy ?? remedyFor(name, received, REMEDIES[name]));

/** What to do about a value that the body cannot get in `data`. */
const remedyInData = (value) =>
  remedyFor('data', value, IN_DATA) ??
  remedyFor('view', value) ??
  (typeof value === 'object' && isInstance(value)
    ? 'pass { ...object }, and functions for its methods'
    : undefined);

/** `ERR_NOT_SHARED`, for a typed array of this class. The native side says the same of those that it looks at first. */
function viewNotShared(name, Class) {
  const article = Class[0] === 'I' ? 'an' : 'a';
  // What is written to is no copy.
  const remedy =
    name === 'options.into'
      ? `Make it with shared(${Class}, length), which allcores exports`
      : `Copy it to shared memory: share(${name}), which allcores exports`;
  return coded(
    new TypeError(
      `The "${name}" ${StringIncludes(name, '.') ? 'property' : 'argument'} must be on a SharedArrayBuffer. ` +
        `Received ${article} ${Class} on an ArrayBuffer, which can be detached or shrunk while threads work on it. ${remedy}`,
    ),
    'ERR_NOT_SHARED',
  );
}

/** `ERR_UNSUPPORTED`, for what is at this place of the body or of a helper function. */
const unsupported = (message, { line, column, snippet }) =>
  place(coded(new SyntaxError(message), 'ERR_UNSUPPORTED'), line, column, snippet);

/**
 * `ERR_DIFFERS`: the compiled body is not what the function is. `options` may have a `cause`, what the function has thrown.
 */
function differs(message, index, expected, actual, options) {
  const error = coded(new Error(message, options), 'ERR_DIFFERS');
  define(error, 'index', index);
  define(error, 'expected', expected);
  return define(error, 'actual', actual);
}

module.exports = { differs, invalidArgType, remedyInData, unsupported, viewNotShared };
