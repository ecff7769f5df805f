'use strict';

// A plain array of numbers, or of arrays of numbers of equal lengths and so on: a table, which is read row by row. Or one of
// plain objects: then each property is a column, which has an element for each object, and is a table too.
//
//     [{ x: 1, on: true, ks: [2, 3] }, { x: 4, on: false, ks: [5, 6] }]     x: [1, 4]   on: [1, 0]   ks: [2, 3, 5, 6]

const { ArrayFrom, Float64Array, IsInteger, MathMax, ObjectKeys } = require('../intrinsics');
const { describe, internal } = require('../errors');
const { isInstance, isPlainObject } = require('../objects');
const { isArray } = require('./arrays');
const { list } = require('./lists');

/** Arrays within arrays. */
const MAX_DIMENSIONS = 8;
/** 1 GiB. */
const MAX_NUMBERS = 2 ** 27;
/** Objects within objects. */
const MAX_DEPTH = 32;
/** Of all objects in an array. */
const MAX_COLUMNS = 10_000;

/** What the properties of all objects in an array have in common. */
class Columns {
  count = 0;
  /** Objects that are being read for the first time, one in the other. */
  objects = list();
  depth = 0;

  /** Why nothing is to be read of an object; undefined if it is. */
  enter(object) {
    if (this.depth === MAX_DEPTH) return `objects more than ${MAX_DEPTH} deep in each other`;
    for (let i = 0; i < this.depth; i++)
      if (this.objects[i] === object) return 'an object that it is in itself';
    this.objects[this.depth++] = object;
    return undefined;
  }

  leave() {
    this.objects[--this.depth] = undefined;
  }
}

class Table {
  /** Those of the array of objects that it is a column of, and its own. */
  dimensions = list();
  /** How many of them are not its own. */
  outer = 0;
  /** What its elements are: a letter of the shape, 'n', 'b', or 'o'. */
  kind = undefined;
  /** Row by row, booleans as 1 and 0; undefined until the first comes, and in a table that is only looked at. */
  numbers = undefined;
  isCopied;
  /** Elements so far. */
  count = 0;
  /** Of a column: for how many objects there is something, and why it is no table. */
  times = 0;
  what = undefined;
  wrong = undefined;
  /** Of objects: their properties in order, and by name. */
  names = undefined;
  columns = undefined;
  common = undefined;

  constructor(isCopied) {
    this.isCopied = isCopied;
  }

  /** Each element is read once, and each property. Returns what is wrong with an array that is no table. */
  read(array) {
    return this.readArray(array, 0);
  }

  /** As the native side is told of its own dimensions; see data.js. */
  dimensionsText() {
    let text = `${this.dimensions[this.outer]}`;
    for (let i = this.outer + 1; i < this.dimensions.length; i++) text += `,${this.dimensions[i]}`;
    return text;
  }

  isNested() {
    return this.dimensions.length > this.outer;
  }

  /** Of the arrays at one depth, the first says how long all are, and whether arrays or something else is in them. */
  readArray(array, depth) {
    const { length } = array;
    if (depth === this.dimensions.length) {
      if (this.kind !== undefined) return `an array of ${KINDS[this.kind]} and arrays`;
      const wrong = this.addDimension(length);
      if (wrong !== undefined) return wrong;
    } else if (this.dimensions[depth] !== length) {
      return 'an array of arrays of different lengths';
    }
    for (let i = 0; i < length; i++) {
      const wrong = this.readElement(array[i], depth + 1, i);
      if (wrong !== undefined) return wrong;
    }
    return undefined;
  }

  readElement(element, depth, index) {
    if (typeof element === 'number') return this.addNumber(element, 'n', depth);
    if (isArray(element)) return this.readArray(element, depth);
    if (isPlainObject(element)) return this.readObject(element, depth);
    return `an array with ${describeElement(element)} at [${index}]${remedyFor(element)}`;
  }

  addDimension(length) {
    // A proxy may say anything.
    if (!IsInteger(length) || length < 0) return 'a proxy of an array';
    if (this.dimensions.length === MAX_DIMENSIONS)
      return `arrays more than ${MAX_DIMENSIONS} deep in each other`;
    this.dimensions[this.dimensions.length] = length;
    // Empty ones count too: they are walked through.
    return this.size(1) > MAX_NUMBERS ? `an array of more than ${MAX_NUMBERS} numbers` : undefined;
  }

  /** The product of all dimensions, none less than `least`. */
  size(least) {
    let size = 1;
    for (let i = 0; i < this.dimensions.length; i++) {
      size *= MathMax(this.dimensions[i], least);
    }
    return size;
  }

  /** Why the next element cannot be of a kind. */
  mismatch(kind, depth) {
    if (this.dimensions.length !== depth) return `an array of ${KINDS[kind]} and arrays`;
    this.kind ??= kind;
    return this.kind === kind ? undefined : `an array of ${KINDS[this.kind]} and ${KINDS[kind]}`;
  }

  addNumber(number, kind, depth) {
    const wrong = this.mismatch(kind, depth);
    if (wrong !== undefined) return wrong;
    if (this.isCopied) {
      this.numbers ??= newNumbers(this.size(0));
      this.numbers[this.count] = number;
    }
    this.count++;
    return undefined;
  }

  readObject(object, depth) {
    const wrong = this.mismatch('o', depth);
    if (wrong !== undefined) return wrong;
    const isFirst = this.count === 0;
    this.common ??= new Columns();
    if (isFirst) {
      const endless = this.common.enter(object);
      if (endless !== undefined) return endless;
      this.names = list();
      this.columns = { __proto__: null };
    }
    const names = ObjectKeys(object);
    for (let i = 0; i < names.length; i++) {
      const value = object[names[i]];
      // As if it were not there.
      if (value === undefined) continue;
      const column = this.columns[names[i]] ?? this.addColumn(names[i]);
      if (column === undefined) return `an array of objects with more than ${MAX_COLUMNS} properties`;
      column.wrong ??= column.times === this.count ? column.readProperty(value) : SOME;
      column.times++;
    }
    this.count++;
    if (isFirst) this.common.leave();
    return undefined;
  }

  addColumn(name) {
    if (++this.common.count > MAX_COLUMNS) return undefined;
    const column = new Table(true);
    for (let i = 0; i < this.dimensions.length; i++) column.dimensions[i] = this.dimensions[i];
    column.outer = this.dimensions.length;
    column.common = this.common;
    this.names[this.names.length] = name;
    this.columns[name] = column;
    return column;
  }

  /** What is wrong with a property's value; the values of all objects before it were right. */
  readProperty(value) {
    const what = describeProperty(value);
    this.what ??= what;
    if (what !== this.what) return `${this.what} in some objects of the array, and ${what} in others`;
    switch (what) {
      case 'a number':
        return this.addNumber(value, 'n', this.outer);
      case 'a boolean':
        return this.addNumber(+value, 'b', this.outer);
      case 'an array':
        return this.readArray(value, this.outer);
      case 'a plain object':
        return this.readObject(value, this.outer);
      default:
        return what;
    }
  }

  /** Of a column of `count` objects: why it cannot be used. */
  refusal(count) {
    return this.times === count ? this.wrong : (this.wrong ?? SOME);
  }
}

const SOME = 'a property that only some objects in the array have';

const KINDS = { __proto__: null, n: 'numbers', b: 'booleans', o: 'objects' };

const remedyFor = (element) =>
  typeof element === 'object' && element !== null && isInstance(element)
    ? ': pass plain objects, `list.map((p) => ({ ...p }))`'
    : '';

/** An array like this, and like the arrays in it. */
const copyOfTable = (array) =>
  ArrayFrom({ __proto__: null, length: array.length }, (_, i) =>
    isArray(array[i]) ? copyOfTable(array[i]) : array[i],
  );

/** An array of objects, or the part of it that is of one object of another: `node` is of the shape, `copies` has the columns by their places. */
function listOf(node, copies, whole = 0, depth = 0) {
  const length = node.dimensions[depth];
  return ArrayFrom({ __proto__: null, length }, (_, i) => {
    const number = whole * length + i;
    if (depth + 1 < node.dimensions.length) return listOf(node, copies, number, depth + 1);
    return node.kind === 'l' ? objectOf(node, copies, number) : copies[node.place][number];
  });
}

function objectOf({ names, properties }, copies, number) {
  const object = { __proto__: null };
  for (let i = 0; i < names.length; i++) object[names[i]] = partOf(properties[names[i]], copies, number);
  return object;
}

function partOf(node, copies, number) {
  switch (node.kind) {
    case 'n':
      return copies[node.place][number];
    case 'b':
      return copies[node.place][number] !== 0;
    case 'o':
      return objectOf(node, copies, number);
    case 'l':
    case 't':
      return listOf(node, copies, number);
    default:
      // The compiled body does not use it.
      return undefined;
  }
}

const describeElement = (value) => (value === undefined ? 'a hole or undefined' : describeProperty(value));

function describeProperty(value) {
  if (isArray(value)) return 'an array';
  if (isPlainObject(value)) return 'a plain object';
  return typeof value === 'object' || typeof value === 'function' ? describe(value) : `a ${typeof value}`;
}

/** Numbers like these, or so many. */
function newNumbers(from) {
  try {
    return new Float64Array(from);
  } catch {
    throw internal('there is no memory for a copy of an array in options.data');
  }
}

module.exports = { Table, copyOfTable, listOf, newNumbers };
