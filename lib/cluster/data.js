'use strict';

// What `options.data` holds, read once, as a snapshot: arrays of the program are copied to memory of their own, so that the
// same is checked here, sent, and computed with. On private memory arrays are constants to a body, and a body that stores to one
// is refused here, with its place: on another machine what it stored would be lost.

const { isPlainObject } = require('../describe');
const { CLASSES, TypedArrayLength, TypedArrayName } = require('../intrinsics');

/** Objects, or arrays, within each other. What is deeper the call itself refuses. */
const MAX_DEPTH = 40;

/** A copy of data, undefined or a plain object. Throws what getters throw. */
const snapshot = (data) => (data === undefined ? undefined : copyObject(data, 0));

function copyObject(object, depth) {
  const copy = {};
  for (const name of Object.keys(object)) {
    const value = copyValue(object[name], depth + 1);
    // Not an assignment: a name may be __proto__.
    Object.defineProperty(copy, name, { value, configurable: true, enumerable: true, writable: true });
  }
  return copy;
}

function copyValue(value, depth) {
  if (value === null || typeof value !== 'object' || depth === MAX_DEPTH) return value;
  const name = TypedArrayName(value);
  if (name !== undefined) return copyTyped(value, name);
  if (Array.isArray(value))
    return Array.from({ length: value.length }, (_, i) => copyValue(value[i], depth + 1));
  return isPlainObject(value) ? copyObject(value, depth) : value;
}

/** On private memory, whatever the array is on. One that was detached has no elements. */
function copyTyped(array, name) {
  const copy = new CLASSES[name](TypedArrayLength(array));
  if (copy.length > 0) copy.set(array);
  return copy;
}

module.exports = { snapshot };
