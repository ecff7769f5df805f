'use strict';

// What is known of the arrays of the program. None of it can change while the array lives.

const {
  CLASSES,
  TypedArrayBuffer,
  TypedArrayName,
  WeakMap,
  WeakMapGet,
  WeakMapSet,
  types: { isSharedArrayBuffer },
} = require('../intrinsics');
const { isArray } = require('../arguments');

/** The names of their elements to the native side. */
const ELEMENTS = {
  __proto__: null,
  Int8Array: 'int8',
  Uint8Array: 'uint8',
  Uint8ClampedArray: 'uint8clamped',
  Int16Array: 'int16',
  Uint16Array: 'uint16',
  Int32Array: 'int32',
  Uint32Array: 'uint32',
  Float16Array: 'float16',
  Float32Array: 'float32',
  Float64Array: 'float64',
};

/** array -> Info */
const arrays = new WeakMap();
let lastNumber = 0;

/** A typed array of numbers. */
class Info {
  /** A number of its own. */
  number = ++lastNumber;
  element;
  isShared;
  /** The class of this realm that it would be of here. */
  Class;
  /** How the native side is told. */
  shape;

  constructor(name, isShared) {
    this.element = ELEMENTS[name];
    this.isShared = isShared;
    this.Class = CLASSES[name];
    this.shape = `a${isShared ? 's' : 'p'}${this.element};`;
  }
}

/** What is known of an object; undefined for what is no typed array of numbers. */
function infoOf(object) {
  let info = WeakMapGet(arrays, object);
  if (info === undefined) {
    const name = TypedArrayName(object);
    if (name === undefined || ELEMENTS[name] === undefined) return undefined;
    info = new Info(name, isSharedArrayBuffer(TypedArrayBuffer(object)));
    WeakMapSet(arrays, object, info);
  }
  return info;
}

module.exports = { infoOf, isArray };
