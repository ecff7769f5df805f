'use strict';

// What `options.data` holds, read once, as a snapshot: arrays of the program are copied to memory of their own, so that the
// same is checked here, sent, and computed with. On private memory arrays are constants to a body, and a body that stores to one
// is refused here, with its place: on another machine what it stored would be lost.

const { isPlainObject } = require('../objects');
const { CLASSES, TypedArrayLength, TypedArrayName } = require('../intrinsics');

/** A copy of data, undefined or a plain object. Throws what getters throw. What is there twice, or in itself, is so in the copy. */
const snapshot = (data) => (data === undefined ? undefined : copyObject(data, new Map()));

/** `copies` has the copy of each object. */
function copyObject(object, copies) {
  const copy = {};
  copies.set(object, copy);
  for (const name of Object.keys(object)) {
    const value = copyValue(object[name], copies);
    // Not an assignment: a name may be __proto__.
    Object.defineProperty(copy, name, { value, configurable: true, enumerable: true, writable: true });
  }
  return copy;
}

function copyValue(value, copies) {
  if (value === null || typeof value !== 'object') return value;
  const known = copies.get(value);
  if (known !== undefined) return known;
  const name = TypedArrayName(value);
  if (name !== undefined) return copyTyped(value, name, copies);
  if (Array.isArray(value)) return copyArray(value, copies);
  return isPlainObject(value) ? copyObject(value, copies) : value;
}

function copyArray(array, copies) {
  const copy = [];
  copies.set(array, copy);
  const { length } = array;
  for (let i = 0; i < length; i++) copy[i] = copyValue(array[i], copies);
  return copy;
}

/** On private memory, whatever the array is on. One that was detached has no elements. */
function copyTyped(array, name, copies) {
  const copy = new CLASSES[name](TypedArrayLength(array));
  copies.set(array, copy);
  if (copy.length > 0) copy.set(array);
  return copy;
}

module.exports = { snapshot };
