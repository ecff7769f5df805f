'use strict';

// Values of `data` as they travel; program.js has the grammar. What comes in may be anything: each form is checked, and
// objects are no deeper in each other than a call lets them be.

const { isPlainObject } = require('../objects');
const { CLASSES, TypedArrayName } = require('../intrinsics');
const { coded } = require('../errors');
const { packList, unpackList } = require('./lists');

const MAX_DEPTH = 32;
const MAX_DIMENSIONS = 8;
const MAX_NUMBERS = 2 ** 27;
/** Rows without numbers in them take memory that no limit counts. */
const MAX_EMPTY = 10_000;
const HEX = /^[0-9a-f]{16}$/;
const DIGEST = /^[0-9a-f]{64}$/;

const BIG = { __proto__: null, BigInt64Array: true, BigUint64Array: true };

/** `text(func, path)` is the text of a function, `bytes(buffer)` gives what stands for bytes. */
function pack(value, text, bytes, path = []) {
  switch (typeof value) {
    case 'number':
      return ['n', hexOf(value)];
    case 'boolean':
      return ['b', value ? 1 : 0];
    case 'function':
      return ['f', text(value, path)];
    case 'object':
      return value === null ? undefined : packObject(value, text, bytes, path);
    default:
      return undefined;
  }
}

function packObject(value, text, bytes, path) {
  const name = TypedArrayName(value);
  if (name !== undefined) return BIG[name] ? undefined : packTyped(value, name, bytes);
  if (Array.isArray(value)) return packTable(value, bytes) ?? packList(value, bytes);
  if (!isPlainObject(value)) return undefined;
  const properties = [];
  for (const key of Object.keys(value)) {
    const packed = pack(value[key], text, bytes, [...path, key]);
    if (packed !== undefined) properties.push([key, packed]);
  }
  return ['o', properties];
}

function packTyped(array, name, bytes) {
  // Not every version of Node has these; as constants they are the same numbers.
  if (name === 'Float16Array') return packTyped(new Float32Array(array), 'Float32Array', bytes);
  return ['a', name, array.length, bytes(Buffer.from(array.buffer, array.byteOffset, array.byteLength))];
}

/** An array of numbers, or of arrays of one shape; undefined for any other. */
function packTable(array, bytes) {
  const dimensions = [];
  for (let at = array; Array.isArray(at); at = at[0]) dimensions.push(at.length);
  if (!isTable(dimensions)) return undefined;
  const size = product(dimensions);
  const numbers = new Float64Array(size);
  if (!flatten(array, dimensions, 0, numbers, { at: 0 })) return undefined;
  return ['t', dimensions, bytes(Buffer.from(numbers.buffer))];
}

function flatten(array, dimensions, depth, numbers, place) {
  if (!Array.isArray(array) || array.length !== dimensions[depth]) return false;
  const isLast = depth === dimensions.length - 1;
  return array.every((element) => {
    if (!isLast) return flatten(element, dimensions, depth + 1, numbers, place);
    numbers[place.at++] = element;
    return typeof element === 'number';
  });
}

function hexOf(number) {
  const bytes = Buffer.alloc(8);
  bytes.writeDoubleBE(number);
  return bytes.toString('hex');
}

/** `source(text)` makes a function, `fetch(digests, length)` resolves with so many bytes. Rejects for any other form. */
async function unpack(packed, source, fetch, depth = 0) {
  if (!Array.isArray(packed) || depth > MAX_DEPTH) throw malformed();
  const [kind, first, second, third] = packed;
  switch (kind) {
    case 'n':
      if (typeof first !== 'string' || !HEX.test(first)) throw malformed();
      return Buffer.from(first, 'hex').readDoubleBE();
    case 'b':
      return first === 1;
    case 'f':
      if (typeof first !== 'string') throw malformed();
      return source(first);
    case 'a':
      return await unpackTyped(first, second, digestsIn(third), fetch);
    case 't':
      return await unpackTable(first, digestsIn(second), fetch);
    case 'l':
      return await unpackList(
        packed,
        (digests, size) => numbersOf(digestsIn(digests), size, fetch),
        malformed,
      );
    case 'o':
      return await unpackObject(first, source, fetch, depth);
    default:
      throw malformed();
  }
}

async function unpackObject(properties, source, fetch, depth) {
  if (!Array.isArray(properties)) throw malformed();
  const object = {};
  for (const property of properties) {
    if (!Array.isArray(property) || typeof property[0] !== 'string') throw malformed();
    const value = await unpack(property[1], source, fetch, depth + 1);
    Object.defineProperty(object, property[0], {
      value,
      configurable: true,
      enumerable: true,
      writable: true,
    });
  }
  return object;
}

async function unpackTyped(name, length, digests, fetch) {
  const Class = typeof name === 'string' && !BIG[name] ? CLASSES[name] : undefined;
  if (Class === undefined || !isSize(length)) throw malformed();
  const bytes = await fetch(digests, length * Class.BYTES_PER_ELEMENT);
  // On shared memory, which calls use in place. A body that stores to it, which no client sends, changes what its own program has: no other
  // program has this array.
  const buffer = new SharedArrayBuffer(bytes.length);
  new Uint8Array(buffer).set(bytes);
  return new Class(buffer);
}

async function unpackTable(dimensions, digests, fetch) {
  if (!Array.isArray(dimensions) || !isTable(dimensions)) throw malformed();
  const numbers = await numbersOf(digests, product(dimensions), fetch);
  return nested(dimensions, 0, numbers, { at: 0 });
}

async function numbersOf(digests, size, fetch) {
  const bytes = await fetch(digests, 8 * size);
  const numbers = new Float64Array(size);
  new Uint8Array(numbers.buffer).set(bytes);
  return numbers;
}

function nested(dimensions, depth, numbers, place) {
  const isLast = depth === dimensions.length - 1;
  return Array.from({ length: dimensions[depth] }, () =>
    isLast ? numbers[place.at++] : nested(dimensions, depth + 1, numbers, place),
  );
}

function isTable(dimensions) {
  if (dimensions.length < 1 || dimensions.length > MAX_DIMENSIONS || !dimensions.every(isSize)) return false;
  const rows = product(dimensions.map((size) => Math.max(size, 1)));
  return rows <= (product(dimensions) === 0 ? MAX_EMPTY : MAX_NUMBERS);
}

const product = (sizes) => sizes.reduce((a, b) => a * b, 1);

function digestsIn(digests) {
  const areDigests =
    Array.isArray(digests) && digests.every((digest) => typeof digest === 'string' && DIGEST.test(digest));
  if (!areDigests) throw malformed();
  return digests;
}

const isSize = (number) => Number.isSafeInteger(number) && number >= 0 && number <= 8 * MAX_NUMBERS;

const malformed = () => coded(new RangeError('what is in the queue is no data'), 'CLUSTER_LIMIT');

module.exports = { pack, unpack };
