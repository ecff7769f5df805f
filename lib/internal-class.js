'use strict';

// Of which class of the language an object is, whatever prototype it has.

const { IsArray, ObjectGetPrototypeOf, ObjectHasOwn, TypedArrayName, types } = require('./intrinsics');

/** Internal slots tell these. */
const INTERNAL = [
  ['isPromise', 'Promise'],
  ['isDate', 'Date'],
  ['isRegExp', 'RegExp'],
  ['isMap', 'Map'],
  ['isSet', 'Set'],
  ['isWeakMap', 'WeakMap'],
  ['isWeakSet', 'WeakSet'],
  ['isArrayBuffer', 'ArrayBuffer'],
  ['isSharedArrayBuffer', 'SharedArrayBuffer'],
  ['isDataView', 'DataView'],
  ['isNumberObject', 'Number object'],
  ['isBigIntObject', 'BigInt object'],
  ['isStringObject', 'String object'],
  ['isBooleanObject', 'Boolean object'],
  ['isSymbolObject', 'Symbol object'],
  ['isNativeError', 'Error'],
  ['isGeneratorObject', 'generator'],
  ['isArgumentsObject', 'list of arguments'],
];

/** What an object is called for what it is inside; undefined for one that only its prototype tells of. */
function internalClassName(object) {
  if (IsArray(object)) return 'array';
  for (let i = 0; i < INTERNAL.length; i++) {
    if (types[INTERNAL[i][0]](object)) return INTERNAL[i][1];
  }
  return TypedArrayName(object);
}

/** Whether this is the Object.prototype of some realm. */
const isObjectPrototype = (object) =>
  ObjectGetPrototypeOf(object) === null && ObjectHasOwn(object, 'isPrototypeOf');

module.exports = { internalClassName, isObjectPrototype };
