'use strict';

// Whether a value is a plain object. Most are seen to be one at once; for others lib/rare/ is loaded.

const { ObjectGetPrototypeOf, ObjectPrototype, types } = require('./intrinsics');
const { rare } = require('./errors');
const { internalClassName, isObjectPrototype } = require('./internal-class');

/** Whether this is an object as a literal makes one, in any realm, whatever properties it has. */
function isLiteral(value) {
  if (value === null || typeof value !== 'object') return false;
  try {
    const prototype = ObjectGetPrototypeOf(value);
    return (prototype === null || isObjectPrototype(prototype)) && internalClassName(value) === undefined;
  } catch {
    // A revoked proxy, or a trap that throws.
    return false;
  }
}

/**
 * Whether this is an object as a literal makes one, in any realm, or one that inherits from such only. Of proxies their
 * target's prototypes count; that runs their traps.
 */
function isPlainObject(value) {
  if (value === null || typeof value !== 'object') return false;
  try {
    const prototype = ObjectGetPrototypeOf(value);
    if (prototype === ObjectPrototype || prototype === null) return true;
  } catch {
    // A revoked proxy, or a trap that throws.
    return false;
  }
  return rare().isOfNoClass(value);
}

/** Whether this is an object of a class of the program's, or of another package's. */
const isInstance = (object) =>
  !types.isProxy(object) && internalClassName(object) === undefined && !isPlainObject(object);

module.exports = { isInstance, isLiteral, isPlainObject };
