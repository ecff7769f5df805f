'use strict';

// A plain array of numbers, or of arrays of numbers of equal lengths and so on: a table, which is read row by row.

const { ArrayFrom, Float64Array, IsInteger, MathMax } = require('../intrinsics');
const { describe } = require('../describe');
const { internal } = require('../errors');
const { isArray } = require('./arrays');
const { list } = require('./lists');

/** Arrays within arrays. */
const MAX_DIMENSIONS = 8;
/** 1 GiB. */
const MAX_NUMBERS = 2 ** 27;

class Table {
  dimensions = list();
  /** Row by row; undefined until the first comes, and in a table that is only looked at. */
  numbers = undefined;
  isCopied;
  /** Numbers so far. */
  count = 0;

  constructor(isCopied) {
    this.isCopied = isCopied;
  }

  /** Each element is read once. Returns what is wrong with an array that is no table. */
  read(array) {
    const wrong = this.readArray(array, 0);
    if (wrong === undefined && this.isCopied) this.numbers ??= newNumbers(0);
    return wrong;
  }

  /** As the native side is told; see data.js. */
  shape() {
    let shape = `t${this.dimensions[0]}`;
    for (let i = 1; i < this.dimensions.length; i++) shape += `,${this.dimensions[i]}`;
    return `${shape};`;
  }

  /** Of the arrays at one depth, the first says how long all are, and whether arrays or numbers are in them. */
  readArray(array, depth) {
    const { length } = array;
    if (depth === this.dimensions.length) {
      const wrong = this.addDimension(length);
      if (wrong !== undefined) return wrong;
    } else if (this.dimensions[depth] !== length) {
      return 'an array of arrays of different lengths';
    }
    for (let i = 0; i < length; i++) {
      const element = array[i];
      let wrong;
      if (typeof element === 'number') wrong = this.addNumber(element, depth);
      else if (!isArray(element)) wrong = `an array with ${describeElement(element)} at [${i}]`;
      else if (this.hasNumbersAt(depth)) wrong = 'an array of numbers and arrays';
      else wrong = this.readArray(element, depth + 1);
      if (wrong !== undefined) return wrong;
    }
    return undefined;
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

  addNumber(number, depth) {
    if (this.dimensions.length !== depth + 1) return 'an array of numbers and arrays';
    if (this.isCopied) {
      this.numbers ??= newNumbers(this.size(0));
      this.numbers[this.count] = number;
    }
    this.count++;
    return undefined;
  }

  hasNumbersAt(depth) {
    return this.count > 0 && this.dimensions.length === depth + 1;
  }
}

/** An array like this, and like the arrays in it. */
const copyOfTable = (array) =>
  ArrayFrom({ __proto__: null, length: array.length }, (_, i) =>
    isArray(array[i]) ? copyOfTable(array[i]) : array[i],
  );

function describeElement(value) {
  if (value === undefined) return 'a hole or undefined';
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

module.exports = { Table, copyOfTable, newNumbers };
