'use strict';

// Checks the positional arguments of the public functions, and gives them their final form.

const {
  Int32Array,
  IsArray,
  IsInteger,
  SharedArrayBufferByteLength,
  TypedArrayBuffer,
  TypedArrayLength,
  TypedArrayName,
  types: { isArrayBuffer, isSharedArrayBuffer },
} = require('./intrinsics');
const { isPlainObject } = require('./objects');
const { invalidArgType, notShared, outOfRange } = require('./errors');

const MAX_NUMBER = 2 ** 53 - 1;
const MAX_BIGINT = 2n ** 64n - 1n;

/** An integer from 0 to 2^53 - 1, or a BigInt from 0n to 2n**64n - 1n. */
function checkNum(num) {
  if (typeof num === 'number') {
    if (!IsInteger(num) || num < 0 || num > MAX_NUMBER) {
      throw outOfRange('num', `an integer >= 0 and <= ${MAX_NUMBER}, or a BigInt up to ${MAX_BIGINT}n`, num);
    }
  } else if (typeof num === 'bigint') {
    if (num < 0n || num > MAX_BIGINT) throw outOfRange('num', `>= 0n and <= ${MAX_BIGINT}n`, num);
  } else {
    throw invalidArgType('num', 'of type number or bigint', num);
  }
}

/** The target as a view: an Int32Array on the whole of a SharedArrayBuffer, or the typed array itself. */
function slotsOf(target) {
  if (isSharedArrayBuffer(target)) {
    const bytes = SharedArrayBufferByteLength(target);
    if (bytes < 8 || bytes % 4 !== 0) {
      throw outOfRange('target', 'at least 8 bytes (2 slots) and a multiple of 4 bytes long', bytes, 'bytes');
    }
    return new Int32Array(target);
  }
  if (isArrayBuffer(target)) throw notShared('target');
  const name = TypedArrayName(target);
  if (name !== 'Int32Array' && name !== 'BigInt64Array') {
    throw invalidArgType('target', 'a SharedArrayBuffer, or an Int32Array or BigInt64Array on one', target);
  }
  return target;
}

/** The number of slots of a target. */
function lengthOf(slots) {
  const length = TypedArrayLength(slots);
  if (length < 2) throw outOfRange('target', 'at least 2 slots long', length, 'slots');
  return length;
}

/** The typed arrays that can be summed. */
const SUMMABLE = {
  __proto__: null,
  Int8Array: true,
  Uint8Array: true,
  Uint8ClampedArray: true,
  Int16Array: true,
  Uint16Array: true,
  Int32Array: true,
  Uint32Array: true,
  Float16Array: true,
  Float32Array: true,
  Float64Array: true,
  BigInt64Array: true,
  BigUint64Array: true,
};

/** A typed array of elements that can be summed. The native side checks that its memory is shared. */
function checkView(view, argument = 'view', alternative = '') {
  const name = TypedArrayName(view);
  if (name === undefined || !SUMMABLE[name]) {
    throw invalidArgType(argument, `a typed array on a SharedArrayBuffer${alternative}`, view);
  }
}

/** Two typed arrays whose elements have products, pair by pair. What is not on shared memory the native side refuses. */
function checkPair(a, b) {
  if (!isSharedArrayBuffer(TypedArrayBuffer(a)) || !isSharedArrayBuffer(TypedArrayBuffer(b))) return;
  if (isBigInts(a) !== isBigInts(b)) {
    throw invalidArgType('b', `a typed array of ${isBigInts(a) ? 'bigints' : 'numbers'}, as "a" is`, b);
  }
  const length = TypedArrayLength(a);
  const other = TypedArrayLength(b);
  if (length !== other) throw outOfRange('b', `as long as "a": ${length} elements`, other, 'elements');
}

function isBigInts(view) {
  const name = TypedArrayName(view);
  return name === 'BigInt64Array' || name === 'BigUint64Array';
}

/** What to do where there are numbers as `Math.min` takes them. */
const FEW_NUMBERS = 'the numbers come as one array, share([a, b]); for a few there is Math.min(a, b)';

/** What is to be reduced without a body, in whose place there may be options. */
function checkSource(source, body) {
  const isRange = typeof source === 'number' || typeof source === 'bigint' || isArray(source);
  if (isRange && body !== undefined && !isPlainObject(body)) {
    const isNumber = typeof body === 'number' || typeof body === 'bigint';
    throw invalidArgType('body', 'of type function', body, isNumber ? FEW_NUMBERS : undefined);
  }
  checkView(source, 'source', ', or a range with a body');
}

/** Whether this is a plain array, or a proxy of one. */
function isArray(value) {
  try {
    return IsArray(value);
  } catch {
    // A revoked proxy.
    return false;
  }
}

module.exports = { checkNum, checkPair, checkSource, checkView, isArray, isBigInts, lengthOf, slotsOf };
