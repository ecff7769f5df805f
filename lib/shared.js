'use strict';

// Arrays on new shared memory: `shared(Type, lengthOrElements)` and `share(array)`. These are no calls: they return at once, and
// throw their errors.

const {
  BigInt64Array,
  CLASSES,
  Float64Array,
  IsInteger,
  ReflectConstruct,
  SharedArrayBuffer,
  SymbolIterator,
  TypedArrayBuffer,
  TypedArrayByteOffset,
  TypedArrayLength,
  TypedArrayName,
  TypedArraySet,
  types: { isProxy },
} = require('./intrinsics');
const { isArray } = require('./arguments');
const { invalidArgType, outOfRange } = require('./errors');

const EXPECTED = 'a class of typed arrays, such as Float64Array';

/** The largest array of any engine, in elements; there may be less memory. */
const MAX_LENGTH = 2 ** 53 - 1;

const isBigInts = (name) => name === 'BigInt64Array' || name === 'BigUint64Array';

/**
 * A typed array of the class `Type`, of whatever realm, on new shared memory. Only what comes out of its constructor tells what class
 * that is. `name` and `lengthName` are what messages call the two.
 */
function newShared(Type, length, name, lengthName) {
  const size = typeof Type === 'function' && !isProxy(Type) ? Type.BYTES_PER_ELEMENT : undefined;
  if (size !== 1 && size !== 2 && size !== 4 && size !== 8) throw invalidArgType(name, EXPECTED, Type);
  let buffer;
  try {
    buffer = new SharedArrayBuffer(length * size);
  } catch {
    throw outOfRange(lengthName, 'a length for which there is memory', length, 'elements');
  }
  const array = construct(Type, buffer, name);
  // A program's own class may be anything.
  const isRight =
    TypedArrayName(array) !== undefined &&
    TypedArrayBuffer(array) === buffer &&
    TypedArrayLength(array) === length;
  if (!isRight) throw invalidArgType(name, EXPECTED, Type);
  return array;
}

/** What a class makes of a buffer. What it throws is the program's own; a function that is no class is refused. */
function construct(Type, buffer, name) {
  try {
    return ReflectConstruct(Type, [buffer]);
  } catch (error) {
    if (isConstructor(Type)) throw error;
    throw invalidArgType(name, EXPECTED, Type);
  }
}

class Nothing {}

/** Whether `new` takes a function, which is not called to find out. */
function isConstructor(func) {
  try {
    ReflectConstruct(Nothing, [], func);
    return true;
  } catch {
    return false;
  }
}

function shared(Type, source) {
  if (typeof source === 'number') {
    if (!IsInteger(source) || source < 0 || source > MAX_LENGTH) {
      throw outOfRange('length', `an integer >= 0 and <= ${MAX_LENGTH}`, source);
    }
    return newShared(Type, source, 'Type', 'length');
  }
  const none = newShared(Type, 0, 'Type', 'length');
  const name = TypedArrayName(none);
  const elements = elementsOf(source, name, 'elements');
  const array = newShared(Type, TypedArrayLength(elements), 'Type', 'elements');
  TypedArraySet(array, elements);
  return array;
}

function share(array) {
  const name = TypedArrayName(array);
  if (name === undefined && (!isArray(array) || isProxy(array))) {
    throw invalidArgType('array', 'a typed array or an array of numbers', array);
  }
  const Class = name === undefined ? Float64Array : CLASSES[name];
  const elements = elementsOf(array, name ?? 'Float64Array', 'array');
  const copy = newShared(Class, TypedArrayLength(elements), 'array', 'array');
  TypedArraySet(copy, elements);
  return copy;
}

/** The elements for an array of this class, as a typed array that can be copied to it. */
function elementsOf(source, name, argument) {
  const own = TypedArrayName(source);
  if (own !== undefined) {
    if (isBigInts(own) !== isBigInts(name)) {
      throw invalidArgType(argument, isBigInts(name) ? 'of bigints' : 'of numbers', source);
    }
    const length = TypedArrayLength(source);
    if (length === 0) return noElements(source, own, argument);
    // Of fixed length, should it grow meanwhile.
    return new CLASSES[own](TypedArrayBuffer(source), TypedArrayByteOffset(source), length);
  }
  const list = new Elements(isBigInts(name), argument);
  if (isArray(source) && !isProxy(source)) {
    list.reserve(source.length);
    for (let i = 0; i < source.length; i++) list.add(source[i]);
  } else {
    if (source === null || typeof source !== 'object' || typeof source[SymbolIterator] !== 'function') {
      throw invalidArgType(argument, 'a length, or an iterable object of numbers', source);
    }
    for (const element of source) list.add(element);
  }
  return list.all();
}

/** Of an array that has none; one whose buffer was detached, or has shrunk, is a mistake. */
function noElements(source, own, argument) {
  try {
    return new CLASSES[own](source);
  } catch {
    throw outOfRange(argument, 'within its buffer, which was detached or has shrunk', 0, 'elements');
  }
}

/** Numbers or BigInts that come one by one. */
class Elements {
  isBigInt;
  argument;
  elements;
  count = 0;

  constructor(isBigInt, argument) {
    this.isBigInt = isBigInt;
    this.argument = argument;
    this.reserve(16);
  }

  reserve(length) {
    const old = this.elements;
    try {
      this.elements = this.isBigInt ? new BigInt64Array(length) : new Float64Array(length);
    } catch {
      throw outOfRange(this.argument, 'of a length for which there is memory', length, 'elements');
    }
    if (this.count > 0) TypedArraySet(this.elements, old);
  }

  add(element) {
    const type = this.isBigInt ? 'bigint' : 'number';
    if (typeof element !== type) {
      const name = `${this.argument}[${this.count}]`;
      throw invalidArgType(name, `of type ${type}`, element, this.remedyFor(element));
    }
    if (this.count === TypedArrayLength(this.elements)) this.reserve(2 * this.count + 16);
    // BigInts wrap, as they do in either class.
    this.elements[this.count++] = element;
  }

  remedyFor(element) {
    if (typeof element === 'bigint') return `pass shared(BigInt64Array, ${this.argument})`;
    return isArray(element) ? `pass ${this.argument}.flat(), row by row` : undefined;
  }

  all() {
    const Class = this.isBigInt ? BigInt64Array : Float64Array;
    return new Class(TypedArrayBuffer(this.elements), 0, this.count);
  }
}

module.exports = { newShared, share, shared };
