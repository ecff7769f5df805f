'use strict';

// What the function gets in the place of arrays that it may store to, while the two are compared: the function must not
// write to the memory of the program. A small array is copied; of a large one a proxy reads what is there, and keeps what is
// stored. Each turn begins with the arrays as they are.

const {
  ArrayValues,
  Map,
  MapClear,
  MapGet,
  MapForEach,
  MapSet,
  MapSize,
  ObjectIs,
  Proxy,
  ReflectGet,
  SymbolIterator,
  TypedArrayByteLength,
  TypedArrayLength,
} = require('../intrinsics');
const { infoOf } = require('./arrays');

const MAX_COPY_BYTES = 2 ** 16;

/** Atomics works on typed arrays alone, so that an array that is not copied cannot be stood in for. */
const canStandInFor = (array, isAtomic) => !isAtomic || isSmall(array);

const isSmall = (array) => TypedArrayByteLength(array) <= MAX_COPY_BYTES;

/** `name` is how the program writes the array. */
const standInFor = (array, name) => (isSmall(array) ? new Copy(array, name) : new Overlay(array, name));

/** The same number, bit by bit, but that all NaNs are one. */
const same = ObjectIs;

class Copy {
  name;
  live;
  array;
  before;
  length;

  constructor(live, name) {
    const { Class } = infoOf(live);
    this.name = name;
    this.live = live;
    this.length = TypedArrayLength(live);
    this.before = new Class(live);
    this.array = new Class(this.before);
  }

  /** Takes the elements as they are now. */
  refresh() {
    for (let i = 0; i < this.length; i++) {
      this.before[i] = this.live[i];
      this.array[i] = this.before[i];
    }
  }

  at(index) {
    return this.array[index];
  }

  /** Undoes a store of this turn. */
  undo(index) {
    this.array[index] = this.before[index];
  }

  /** The first element that was stored to and not undone; undefined if there is none. */
  firstStray() {
    for (let i = 0; i < this.length; i++) if (!same(this.array[i], this.before[i])) return i;
    return undefined;
  }
}

class Overlay {
  name;
  live;
  array;
  stored = new Map();
  /** Converts as the array does. */
  cell;

  constructor(live, name) {
    this.name = name;
    this.live = live;
    this.cell = new (infoOf(live).Class)(1);
    this.array = new Proxy(live, this.handler());
  }

  handler() {
    return {
      __proto__: null,
      get: (live, key, receiver) => {
        const index = indexOf(key);
        if (index !== undefined) return this.at(index);
        if (key === 'length') return TypedArrayLength(live);
        // Nothing else that a typed array has works on a proxy: above all, it gives no buffer.
        return key === SymbolIterator ? ArrayValues : ReflectGet(live, key, receiver);
      },
      set: (live, key, value) => {
        const index = indexOf(key);
        if (index === undefined) return false;
        // The conversion comes first, as in a typed array: it may run code of the program.
        this.cell[0] = value;
        if (isIndex(index, TypedArrayLength(live))) MapSet(this.stored, index, this.cell[0]);
        return true;
      },
      // All else that could write.
      defineProperty: () => false,
      deleteProperty: () => false,
      setPrototypeOf: () => false,
      preventExtensions: () => false,
    };
  }

  refresh() {
    MapClear(this.stored);
  }

  at(index) {
    return MapGet(this.stored, index) ?? this.live[index];
  }

  undo(index) {
    MapSet(this.stored, index, undefined);
  }

  firstStray() {
    let first;
    if (MapSize(this.stored) > 0) {
      MapForEach(this.stored, (value, index) => {
        if (value !== undefined) first ??= index;
      });
    }
    return first;
  }
}

/** The number that a key stands for, if it is one as a program writes it: `a[1]`, `a[-1]`, `a[0.5]`. */
function indexOf(key) {
  if (typeof key !== 'string') return undefined;
  const index = +key;
  return `${index}` === key ? index : undefined;
}

const isIndex = (index, length) => index >= 0 && index < length && index % 1 === 0;

module.exports = { canStandInFor, same, standInFor };
