'use strict';

// What this package needs of JavaScript and Node, taken when it is loaded: a program that replaces globals or patches
// prototypes later changes nothing here.

const { inspect, types } = require('node:util');

const { bind, call } = Function.prototype;

/** A method as a function that takes `this` as its first argument. */
const uncurryThis = bind.bind(call);

const getter = (prototype, key) => uncurryThis(Object.getOwnPropertyDescriptor(prototype, key).get);

/**
 * Options for a listener that another listener's stopImmediatePropagation does not keep from its event. Node has them for
 * itself, under a symbol that only `addAbortListener` uses: it is asked what it would pass on. Bun, as the standard says,
 * calls the capturing listeners of a target first. Where neither works, a listener is as good as any other.
 */
function optionsOfInsistentListener() {
  let options;
  try {
    const addEventListener = (_type, _listener, passed) => {
      options = passed;
    };
    const { addAbortListener } = require('node:events');
    addAbortListener({ aborted: false, addEventListener, removeEventListener() {} }, () => {});
  } catch {
    // A runtime that wants a real signal; or Bun in a program that has frozen Object.prototype, where node:events does
    // not load.
  }
  // Not just once: an event called "abort" may come from the program, and the abort later.
  return { __proto__: null, ...options, capture: true, once: false };
}

const TypedArrayPrototype = Object.getPrototypeOf(Uint8Array.prototype);

module.exports = {
  __proto__: null,

  AtomicsNotify: Atomics.notify,
  BigInt64Array,
  BigUint64Array,
  Error,
  Float64Array,
  Int32Array,
  IsArray: Array.isArray,
  IsInteger: Number.isInteger,
  ObjectDefineProperty: Object.defineProperty,
  ObjectSetPrototypeOf: Object.setPrototypeOf,
  Promise,
  RangeError,
  Set,
  TypeError,
  Uint32Array,
  Uint8Array,
  WeakMap,

  AddEventListener: uncurryThis(EventTarget.prototype.addEventListener),
  RemoveEventListener: uncurryThis(EventTarget.prototype.removeEventListener),
  SetAdd: uncurryThis(Set.prototype.add),
  SetDelete: uncurryThis(Set.prototype.delete),
  SetForEach: uncurryThis(Set.prototype.forEach),
  SetSize: getter(Set.prototype, 'size'),
  StringIncludes: uncurryThis(String.prototype.includes),
  StringSlice: uncurryThis(String.prototype.slice),
  WeakMapDelete: uncurryThis(WeakMap.prototype.delete),
  WeakMapGet: uncurryThis(WeakMap.prototype.get),
  WeakMapSet: uncurryThis(WeakMap.prototype.set),

  // These read internal slots: no proxy, subclass, own property or swapped prototype can lie to them, and objects of
  // other realms are as good as ours.
  SharedArrayBufferByteLength: getter(SharedArrayBuffer.prototype, 'byteLength'),
  SignalAborted: getter(AbortSignal.prototype, 'aborted'),
  SignalReason: getter(AbortSignal.prototype, 'reason'),
  TypedArrayLength: getter(TypedArrayPrototype, 'length'),
  TypedArrayName: getter(TypedArrayPrototype, Symbol.toStringTag),
  isArrayBuffer: types.isArrayBuffer,
  isProxy: types.isProxy,
  isSharedArrayBuffer: types.isSharedArrayBuffer,

  INSISTENT: optionsOfInsistentListener(),
  inspect,
};
