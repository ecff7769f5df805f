'use strict';

// The built-ins of JavaScript and Node that this package uses, captured at load. A program that replaces globals or patches
// prototypes later has no effect here.

const { inspect, types } = require('node:util');

if (typeof SharedArrayBuffer === 'undefined' || typeof Atomics === 'undefined') {
  const error = new Error(
    'allcores needs SharedArrayBuffer and Atomics, which do not exist here. Node has neither while it builds a startup ' +
      'snapshot (--build-snapshot): load allcores in the program that starts from it.',
  );
  throw Object.defineProperty(error, 'code', { __proto__: null, value: 'ERR_NO_BINARY', enumerable: true });
}

// A context that a program has made may lack the global, or have one that is no process. To require it takes longer: Node
// then reads all its properties.
const process =
  typeof globalThis.process?.dlopen === 'function' ? globalThis.process : require('node:process');

const { bind, call } = Function.prototype;

/** A method as a function that takes `this` as its first argument. */
const uncurryThis = bind.bind(call);

function getter(prototype, key) {
  return uncurryThis(Object.getOwnPropertyDescriptor(prototype, key).get);
}

const TypedArrayPrototype = Object.getPrototypeOf(Uint8Array.prototype);

// A context that a program has made may lack these, and not every version of Node has the last.
const { clearInterval, setInterval, Float16Array } = globalThis;

/** The classes of typed arrays, by name. */
const CLASSES = {
  __proto__: null,
  Int8Array,
  Uint8Array,
  Uint8ClampedArray,
  Int16Array,
  Uint16Array,
  Int32Array,
  Uint32Array,
  Float16Array,
  Float32Array,
  Float64Array,
  BigInt64Array,
  BigUint64Array,
};

module.exports = {
  __proto__: null,

  ArrayFrom: Array.from.bind(Array),
  ArrayValues: Array.prototype.values,
  AtomicsLoad: Atomics.load,
  AtomicsNotify: Atomics.notify,
  BigInt64Array,
  BigUint64Array,
  CLASSES,
  Error,
  Float64Array,
  Int32Array,
  IsArray: Array.isArray,
  IsInteger: Number.isInteger,
  JSONParse: JSON.parse,
  Map,
  MathFloor: Math.floor,
  MathImul: Math.imul,
  MathMax: Math.max,
  MathMin: Math.min,
  MathSqrt: Math.sqrt,
  MathTrunc: Math.trunc,
  Number,
  ObjectDefineProperty: Object.defineProperty,
  ObjectGetOwnPropertyDescriptor: Object.getOwnPropertyDescriptor,
  ObjectGetPrototypeOf: Object.getPrototypeOf,
  ObjectHasOwn: Object.hasOwn,
  ObjectIs: Object.is,
  ObjectKeys: Object.keys,
  ObjectPrototype: Object.prototype,
  ObjectSetPrototypeOf: Object.setPrototypeOf,
  Promise,
  PromiseReject: Promise.reject.bind(Promise),
  Proxy,
  RangeError,
  ReflectApply: Reflect.apply,
  ReflectConstruct: Reflect.construct,
  ReflectDeleteProperty: Reflect.deleteProperty,
  ReflectGet: Reflect.get,
  ReflectOwnKeys: Reflect.ownKeys,
  Set,
  SharedArrayBuffer,
  SymbolIterator: Symbol.iterator,
  SymbolToStringTag: Symbol.toStringTag,
  SyntaxError,
  TypeError,
  Uint32Array,
  Uint8Array,
  WeakMap,
  clearInterval,
  setInterval,

  FunctionToString: uncurryThis(Function.prototype.toString),
  MapClear: uncurryThis(Map.prototype.clear),
  MapDelete: uncurryThis(Map.prototype.delete),
  MapForEach: uncurryThis(Map.prototype.forEach),
  MapGet: uncurryThis(Map.prototype.get),
  MapSet: uncurryThis(Map.prototype.set),
  MapSize: getter(Map.prototype, 'size'),
  SetAdd: uncurryThis(Set.prototype.add),
  SetDelete: uncurryThis(Set.prototype.delete),
  SetForEach: uncurryThis(Set.prototype.forEach),
  SetSize: getter(Set.prototype, 'size'),
  TypedArraySet: uncurryThis(TypedArrayPrototype.set),
  StringCharCodeAt: uncurryThis(String.prototype.charCodeAt),
  StringIncludes: uncurryThis(String.prototype.includes),
  StringSlice: uncurryThis(String.prototype.slice),
  StringStartsWith: uncurryThis(String.prototype.startsWith),
  WeakMapDelete: uncurryThis(WeakMap.prototype.delete),
  WeakMapGet: uncurryThis(WeakMap.prototype.get),
  WeakMapSet: uncurryThis(WeakMap.prototype.set),

  // These read internal slots: no proxy, subclass, own property or swapped prototype can lie to them, and they work on
  // objects of every realm.
  SharedArrayBufferByteLength: getter(SharedArrayBuffer.prototype, 'byteLength'),
  SymbolDescription: getter(Symbol.prototype, 'description'),
  TypedArrayBuffer: getter(TypedArrayPrototype, 'buffer'),
  TypedArrayByteLength: getter(TypedArrayPrototype, 'byteLength'),
  TypedArrayByteOffset: getter(TypedArrayPrototype, 'byteOffset'),
  TypedArrayLength: getter(TypedArrayPrototype, 'length'),
  TypedArrayName: getter(TypedArrayPrototype, Symbol.toStringTag),
  types: { __proto__: null, ...types },

  inspect,
  process,
  uncurryThis,
};
