'use strict';

// What this package needs of JavaScript and Node, taken when it is loaded: a program that replaces globals or patches
// prototypes later changes nothing here.

const { addAbortListener } = require('node:events');
const { inspect, types } = require('node:util');

const { bind, call } = Function.prototype;

/** A method as a function that takes `this` as its first argument. */
const uncurryThis = bind.bind(call);

const getter = (prototype, key) => uncurryThis(Object.getOwnPropertyDescriptor(prototype, key).get);

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
  Promise,
  RangeError,
  Set,
  SymbolDispose: Symbol.dispose,
  TypeError,
  Uint32Array,
  Uint8Array,
  WeakMap,

  SetAdd: uncurryThis(Set.prototype.add),
  SetDelete: uncurryThis(Set.prototype.delete),
  SetForEach: uncurryThis(Set.prototype.forEach),
  SetSize: getter(Set.prototype, 'size'),
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
  isProxy: types.isProxy,
  isSharedArrayBuffer: types.isSharedArrayBuffer,

  addAbortListener,
  inspect,
};
