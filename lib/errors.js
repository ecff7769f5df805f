'use strict';

// The errors of arguments that JavaScript alone can judge, worded as Node words its own. The native side throws the rest.

const { Error, IsArray, RangeError, TypeError, TypedArrayName, inspect, isProxy } = require('./intrinsics');

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

/** `ERR_INTERNAL`: a Rust panic, caught. */
function internal(message) {
  return coded(
    new Error(
      `A bug in allcores: ${message}. The pool goes on. Please report it with the program that led to it.`,
    ),
    'ERR_INTERNAL',
  );
}

/** As Node's own, which it keeps to itself. */
class AbortError extends Error {
  constructor(reason) {
    super('The operation was aborted', { cause: reason });
    this.code = 'ABORT_ERR';
    this.name = 'AbortError';
  }
}

function coded(error, code) {
  error.code = code;
  return error;
}

const kind = (name) => (name.includes('.') ? 'property' : 'argument');

/** What a value is, in a few words, without running any code of its own. */
function describe(value) {
  if (value === null || value === undefined) return `${value}`;
  if (typeof value === 'function') return 'a function';
  if (typeof value !== 'object') return `type ${typeof value} (${excerpt(inspect(value))})`;
  if (isProxy(value)) return 'a Proxy';
  if (IsArray(value)) return 'an array';
  return TypedArrayName(value) ?? 'an object';
}

const excerpt = (text) => (text.length > 40 ? `${text.slice(0, 40)}...` : text);

module.exports = { AbortError, internal, invalidArgType, outOfRange };
