'use strict';

// Checks the arguments of the public functions and gives them their final form. Reads every option once.

const {
  Int32Array,
  IsArray,
  IsInteger,
  SharedArrayBufferByteLength,
  SignalAborted,
  TypedArrayName,
  isArrayBuffer,
  isProxy,
  isSharedArrayBuffer,
} = require('./intrinsics');
const { invalidArgType, notShared, outOfRange } = require('./errors');

const MAX_NUMBER = 2 ** 53 - 1;
const MAX_BIGINT = 2n ** 64n - 1n;
const NO_OPTIONS = { __proto__: null, signal: undefined, threads: 0 };

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
      throw outOfRange(
        'target',
        'at least 8 bytes (2 slots) and a multiple of 4 bytes long',
        `${bytes} bytes`,
      );
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

/** The length of a view of slots. */
function checkLength(length) {
  if (length < 2) throw outOfRange('target', 'at least 2 slots long', `${length} slots`);
  return length;
}

const ELEMENTS = {
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

/** A typed array of elements that can be summed; whether its memory is shared, the native side sees. */
function checkView(view) {
  const name = TypedArrayName(view);
  if (name === undefined || !ELEMENTS[name]) {
    throw invalidArgType('view', 'a typed array on a SharedArrayBuffer', view);
  }
}

/** `{ signal, threads }`; `threads` is 0 when there is no limit. */
function readOptions(options, poolSize) {
  if (options === undefined) return NO_OPTIONS;
  if (options === null || typeof options !== 'object' || IsArray(options)) {
    throw invalidArgType('options', 'an object', options);
  }
  const { signal, threads } = options;
  if (signal !== undefined && !isAbortSignal(signal)) {
    throw invalidArgType('options.signal', 'an AbortSignal', signal);
  }
  if (threads === undefined) return { __proto__: null, signal, threads: 0 };
  if (typeof threads !== 'number') throw invalidArgType('options.threads', 'of type number', threads);
  if (!IsInteger(threads) || threads < 1 || threads > poolSize) {
    throw outOfRange('options.threads', `an integer >= 1 and <= ${poolSize}`, threads);
  }
  return { __proto__: null, signal, threads };
}

function isAbortSignal(value) {
  // Some versions of Node let a proxy of a signal through, and then run its traps in the middle of our work.
  if (isProxy(value)) return false;
  try {
    SignalAborted(value);
    return true;
  } catch {
    return false;
  }
}

/** The wanted size of the pool: undefined for one thread per CPU. */
function readThreadsVariable(value) {
  if (value === undefined || value === '') return undefined;
  const wanted = /^\d{1,4}$/.test(value) ? Number(value) : 0;
  if (wanted < 1 || wanted > 1024) {
    throw outOfRange('ALLCORES_THREADS', 'an integer >= 1 and <= 1024', `'${value}'`);
  }
  return wanted;
}

module.exports = { checkLength, checkNum, checkView, readOptions, readThreadsVariable, slotsOf };
