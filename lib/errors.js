'use strict';

// The errors of arguments that JavaScript alone can judge, worded as Node words its own. The native side makes the rest.

const {
  Error,
  IsArray,
  ObjectDefineProperty,
  RangeError,
  StringIncludes,
  StringSlice,
  TypeError,
  TypedArrayName,
  inspect,
  isArrayBuffer,
  isProxy,
} = require('./intrinsics');

/** `ERR_INVALID_ARG_TYPE`. `expected` completes "must be ...". */
function invalidArgType(name, expected, received) {
  return coded(
    new TypeError(`The "${name}" ${kind(name)} must be ${expected}. Received ${describe(received)}`),
    'ERR_INVALID_ARG_TYPE',
  );
}

/** `ERR_OUT_OF_RANGE`. `expected` completes "It must be ...". */
function outOfRange(name, expected, received) {
  const value = typeof received === 'bigint' ? `${received}n` : `${received}`;
  return coded(
    new RangeError(`The value of "${name}" is out of range. It must be ${expected}. Received ${value}`),
    'ERR_OUT_OF_RANGE',
  );
}

/** `ERR_NOT_SHARED`, for an ArrayBuffer itself; the native side makes the one for views. */
function notShared(name) {
  return coded(
    new TypeError(
      `The "${name}" argument must be shared memory. Received an ArrayBuffer, which can be detached or shrunk while ` +
        `threads work on it. Make a shared one: new SharedArrayBuffer(${name}.byteLength)`,
    ),
    'ERR_NOT_SHARED',
  );
}

/** `ERR_INTERNAL`: a Rust panic, caught. */
function internal(message) {
  return coded(
    new Error(
      `A bug in allcores: ${message}. The pool goes on. Please report it with the program that led to it.`,
    ),
    'ERR_INTERNAL',
  );
}

/** The error for a call that the native side has refused. */
function refusal(code, message) {
  switch (code) {
    case 'ERR_INVALID_ARG_TYPE':
    case 'ERR_NOT_SHARED':
      return coded(new TypeError(message), code);
    case 'ERR_OUT_OF_RANGE':
      return coded(new RangeError(message), code);
    default:
      return coded(new Error(message), code);
  }
}

/** As Node's own, which it keeps to itself. */
class AbortError extends Error {
  // Fields, not assignments: what is defined runs no setter of a prototype.
  code = 'ABORT_ERR';
  name = 'AbortError';

  constructor(reason) {
    super('The operation was aborted', { __proto__: null, cause: reason });
  }
}

function coded(error, value) {
  return ObjectDefineProperty(error, 'code', {
    __proto__: null,
    value,
    configurable: true,
    enumerable: true,
    writable: true,
  });
}

const kind = (name) => (StringIncludes(name, '.') ? 'property' : 'argument');

/** What a value is, in a few words, without running any code of its own. */
function describe(value) {
  if (value === null || value === undefined) return `${value}`;
  if (typeof value === 'function') return 'a function';
  if (typeof value !== 'object') return `type ${typeof value} (${excerpt(inspect(value))})`;
  if (isProxy(value)) return 'a Proxy';
  if (IsArray(value)) return 'an array';
  if (isArrayBuffer(value)) return 'an ArrayBuffer';
  return TypedArrayName(value) ?? 'an object';
}

const excerpt = (text) => (text.length > 40 ? `${StringSlice(text, 0, 40)}...` : text);

module.exports = { AbortError, coded, internal, invalidArgType, notShared, outOfRange, refusal };
