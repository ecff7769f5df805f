'use strict';

// What `options.data` holds. It is read once, when the call is made, and no getter in it runs twice: out of this one walk
// come the shape, which says what there is to be compiled, and the values.
//
// The shape is a text that the native side parses; `src/node/` has its grammar. It refers to names, sources and descriptions
// by their places in a list of texts.

const { ObjectKeys, RangeError, TypedArrayLength } = require('../intrinsics');
const { coded, describe, invalidArgType, rare } = require('../errors');
const { isPlainObject } = require('../objects');
const { infoOf, isArray } = require('./arrays');
const { remedyInData } = require('./errors');
const { known } = require('./functions');
const { list } = require('./lists');
const { Source } = require('./source');
const { Table, newNumbers } = require('./table');

/** Objects within objects. */
const MAX_DEPTH = 32;
const MAX_PROPERTIES = 10_000;

/** Our own function as the program has it, and what is compiled for it: under another name, or its own. */
let random;
const RANDOM = '(seed, i, k) => random(seed, i, k)';
const NATIVE_RANDOM = 'function random() { [native code] }';

class Data {
  shape = 'o()';
  texts = list();
  textCount = 0;
  propertyCount = 0;
  /** What is no object with properties, in the order of the walk. */
  values = list();
  valueCount = 0;
  /** By the place of a value: the number of a typed array or a function, and the numbers of a plain array. */
  numbers = list();
  copies = list();
  /** Plain arrays of numbers so far, and which of them need not be copied. */
  tableCount = 0;
  unused = undefined;
  /** Whether there are texts in the place of functions. */
  hasSources = false;
  /** The objects that are being walked, one in the other, and the property of each that is being read. */
  objects = list();
  path = list();

  /** Forgets everything of the program's. */
  clear() {
    for (let i = 0; i < this.textCount; i++) this.texts[i] = undefined;
    for (let i = 0; i < this.valueCount; i++) {
      this.values[i] = undefined;
      this.numbers[i] = undefined;
      this.copies[i] = undefined;
    }
    for (let i = 0; i < this.objects.length; i++) this.objects[i] = undefined;
    this.shape = 'o()';
    this.textCount = 0;
    this.propertyCount = 0;
    this.valueCount = 0;
    this.tableCount = 0;
    this.unused = undefined;
    this.hasSources = false;
  }
}

/** One that is used again: to make one takes a tenth of a call. A call within another finds none. */
let spare = new Data();

/** The largest that is used again. */
const MAX_SPARE = 256;

/**
 * Reads data, undefined or a plain object. `unused` tells by the number of a plain array which ones the body did not use
 * when it was compiled last. Throws what getters throw.
 */
function readData(object, unused) {
  const data = spare ?? new Data();
  spare = undefined;
  data.unused = unused;
  if (object !== undefined) {
    data.shape = '';
    try {
      readObject(data, object, 0);
    } catch (error) {
      release(data);
      throw error;
    }
  }
  return data;
}

/** Nothing of it is used afterwards. */
function release(data) {
  if (data.valueCount > MAX_SPARE || data.textCount > MAX_SPARE) return;
  data.clear();
  spare = data;
}

function readObject(data, object, depth) {
  if (depth === MAX_DEPTH)
    throw tooMuch(data, depth, `objects no more than ${MAX_DEPTH} deep in each other`, 'a deeper one');
  data.objects[depth] = object;
  const names = ObjectKeys(object);
  data.shape += 'o(';
  for (let i = 0; i < names.length; i++) {
    const name = names[i];
    data.path[depth] = name;
    const value = object[name];
    // As if it were not there: a default of the body's stands in.
    if (value === undefined) continue;
    if (++data.propertyCount > MAX_PROPERTIES) {
      throw tooMuch(data, depth + 1, `no more than ${MAX_PROPERTIES} properties`, 'one more');
    }
    data.shape += addText(data, name);
    readValue(data, value, depth);
  }
  data.shape += ')';
}

function readValue(data, value, depth) {
  switch (typeof value) {
    case 'number':
      addValue(data, 'n', value);
      break;
    case 'boolean':
      addValue(data, 'b', value);
      break;
    case 'function':
      readFunction(data, value, depth);
      break;
    case 'object':
      if (value === null) addOther(data, value, 'null');
      else readArrayOrObject(data, value, depth);
      break;
    default:
      addOther(data, value, withRemedy(value, `a ${typeof value}`));
  }
}

function readArrayOrObject(data, value, depth) {
  const info = infoOf(value);
  if (info !== undefined) {
    data.numbers[data.valueCount] = info.number;
    addValue(data, info.shape, value);
  } else if (isArray(value)) {
    readTable(data, value);
  } else if (Source.textOf(value) !== undefined) {
    data.hasSources = true;
    readFunction(data, value, depth);
  } else if (!isPlainObject(value)) {
    addOther(data, value, withRemedy(value, describe(value)));
  } else if (isWithin(data, value, depth)) {
    addOther(data, value, 'an object that it is in itself');
  } else {
    readObject(data, value, depth + 1);
  }
}

function withRemedy(value, what) {
  const remedy = remedyInData(value);
  return remedy === undefined ? what : `${what}: ${remedy}`;
}

function isWithin(data, object, depth) {
  for (let i = 0; i <= depth; i++) if (data.objects[i] === object) return true;
  return false;
}

function readFunction(data, func, depth) {
  const isNamedRandom = depth === 0 && data.path[0] === 'random';
  data.numbers[data.valueCount] = known(func).number;
  addValue(data, `f${addText(data, textOf(func, isNamedRandom))};`, func);
}

/** What a function is compiled from; `isNamedRandom` is whether it is the property `random` of the data itself. */
function textOf(func, isNamedRandom) {
  if (func === random) return isNamedRandom ? NATIVE_RANDOM : RANDOM;
  return known(func).text;
}

// --- copies ---

/** Of a plain array, which becomes a table of numbers, row by row. One that is not used is only looked at. */
function readTable(data, array) {
  const isUsed = !data.unused?.[data.tableCount];
  const table = new Table(isUsed);
  const wrong = table.read(array);
  if (wrong !== undefined) {
    addOther(data, array, wrong);
    return;
  }
  if (table.kind !== 'o') data.tableCount++;
  addTable(data, table, array);
}

/** A table, or all columns of an array of objects: `array` stands for each of them. */
function addTable(data, table, array) {
  const dimensions = table.isNested() ? table.dimensionsText() : undefined;
  if (table.kind === 'o') {
    data.shape += dimensions === undefined ? 'o(' : `l${dimensions}(`;
    for (let i = 0; i < table.names.length; i++) {
      const name = table.names[i];
      const column = table.columns[name];
      data.shape += addText(data, name);
      const wrong = column.refusal(table.count);
      if (wrong === undefined) addTable(data, column, array);
      else addOther(data, array, wrong);
    }
    data.shape += ')';
    return;
  }
  if (table.isCopied) data.copies[data.valueCount] = table.numbers ?? newNumbers(0);
  addValue(data, dimensions === undefined ? table.kind : `t${dimensions};`, array);
}

/** The numbers of a plain array that was only looked at, and had this many. */
function copyTable(array, size) {
  const table = new Table(true);
  if (table.read(array) === undefined && TypedArrayLength(table.numbers) === size) return table.numbers;
  throw invalidArgType('options.data', 'what it was when it was read first', array);
}

/**
 * The elements of a typed array as they are now. The native side copies them once more: of doubles it needs no other copy.
 */
function copyArray(array, { element }) {
  if (element === 'float64') return array;
  // One that was detached, or has shrunk, has none.
  return newNumbers(TypedArrayLength(array) === 0 ? 0 : array);
}

// --- texts and values ---

function addText(data, text) {
  data.texts[data.textCount] = text;
  return data.textCount++;
}

function addValue(data, shape, value) {
  data.shape += shape;
  data.values[data.valueCount++] = value;
}

const addOther = (data, value, what) => addValue(data, `x${addText(data, what)};`, value);

/** `depth` names of the path lead to what is too much. */
function tooMuch(data, depth, most, what) {
  const { excerpt, usable } = rare();
  let path = 'options.data';
  for (let i = 0; i < depth; i++)
    path += usable(data.path[i]) ? `.${data.path[i]}` : `[${excerpt(data.path[i])}]`;
  return coded(
    new RangeError(
      `The value of "options.data" is out of range. It must be ${most}: pass only what the body uses. ` +
        `Received ${what}, ${path}`,
    ),
    'ERR_OUT_OF_RANGE',
  );
}

function setRandom(func) {
  random = func;
}

module.exports = { copyArray, copyTable, readData, release, setRandom, textOf };
