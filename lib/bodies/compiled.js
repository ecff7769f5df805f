'use strict';

// A body, compiled for data of one shape, and what a run of it takes: numbers and arrays, out of the values of a call.

const { Float64Array, JSONParse } = require('../intrinsics');
const { callNative } = require('../engine');
const native = require('../binding');
const { infoOf } = require('./arrays');
const { copyArray, copyTable } = require('./data');
const { sourceOf } = require('./functions');
const { list } = require('./lists');
const { forEachLeaf, leafAt, parseShape } = require('./shape');

/** The place of the array whose elements the body is called with: it is not in the data. */
const VIEW = -1;

let lastNumber = 0;

class Compiled {
  number = ++lastNumber;
  // What it is known by.
  parameters;
  returns;
  shape;
  texts;

  /** Of the native side. */
  body;
  /** Whether each array is stored to. */
  written;
  captured;
  math;
  loops;

  /** The shape as a tree. */
  tree;
  /** The places of the values that it takes. */
  scalarPlaces = list();
  arrayPlaces = list();
  /** Where in the data the arrays are. */
  arrayPaths;
  /** The sizes of those that are plain arrays. */
  tableSizes = list();
  /** The places of all functions. */
  functionPlaces = list();
  /** By the number of a plain array: whether it is not among those. */
  unused = list();
  /** Whether it uses Atomics. */
  isAtomic;
  /** Whether it looks at an element until somebody else has changed it. */
  polls;
  /** Whether all that it does is in its source, and nothing that a program can replace. */
  isClosed;
  /** Whether it takes functions from its surroundings, which may be others than those in the data. */
  takesFunctions;
  /** Whether it was compared with a function, and was the same. */
  isProved = false;

  constructor(parameters, returns, shape, texts, body) {
    this.parameters = parameters;
    this.returns = returns;
    this.shape = shape;
    this.texts = texts;
    this.body = body;
    const facts = JSONParse(native.describeBody(body));
    this.written = facts.written;
    this.captured = facts.captured;
    this.math = facts.math;
    this.loops = facts.loops;
    this.tree = parseShape(this.shape, this.texts);
    this.isAtomic = facts.atomics;
    this.polls = facts.polls;
    this.isClosed = facts.closed;
    this.findPlaces(facts);
    this.takesFunctions = this.capturesFunctions();
  }

  capturesFunctions() {
    let any = false;
    const look = ({ kind }) => {
      any ||= kind === 'f';
    };
    for (let i = 0; i < this.captured.length; i++) {
      const node = this.tree.properties[this.captured[i]];
      if (node !== undefined) forEachLeaf(node, look);
    }
    return any;
  }

  findPlaces({ scalars, arrays }) {
    this.arrayPaths = arrays;
    const tables = list();
    forEachLeaf(this.tree, ({ isColumn, kind, place }) => {
      if (kind === 'f') this.functionPlaces[this.functionPlaces.length] = place;
      if (kind !== 't' || isColumn) return;
      tables[place] = this.unused.length;
      this.unused[this.unused.length] = true;
    });
    for (let i = 0; i < scalars.length; i++) this.scalarPlaces[i] = leafAt(this.tree, scalars[i]).place;
    for (let i = 0; i < arrays.length; i++) {
      if (arrays[i].length === 0) {
        this.arrayPlaces[i] = VIEW;
        continue;
      }
      const { isColumn, kind, place, size } = leafAt(this.tree, arrays[i]);
      this.arrayPlaces[i] = place;
      if (kind !== 't' && !isColumn) continue;
      this.tableSizes[i] = size;
      if (!isColumn) this.unused[tables[place]] = false;
    }
  }

  /** Whether it was compiled for data like these. */
  isFor(parameters, returns, data) {
    if (this.parameters !== parameters || this.returns !== returns || this.shape !== data.shape) return false;
    for (let i = 0; i < this.texts.length; i++) if (this.texts[i] !== data.texts[i]) return false;
    return true;
  }

  /** The numbers that a run takes. */
  scalars(data) {
    const scalars = new Float64Array(this.scalarPlaces.length);
    for (let i = 0; i < this.scalarPlaces.length; i++) scalars[i] = +data.values[this.scalarPlaces[i]];
    return scalars;
  }

  /** The arrays that a run takes: of shared memory itself, of others copies. */
  arrays(data, view) {
    const arrays = list();
    for (let i = 0; i < this.arrayPlaces.length; i++) {
      const place = this.arrayPlaces[i];
      arrays[i] = place === VIEW ? view : this.array(data, place, this.tableSizes[i]);
    }
    return arrays;
  }

  array(data, place, tableSize) {
    const value = data.values[place];
    if (tableSize !== undefined) return data.copies[place] ?? copyTable(value, tableSize);
    const info = infoOf(value);
    return info.isShared ? value : copyArray(value, info);
  }
}

/**
 * The body, compiled for data like these: only once, as long as it is known. `entry` is the function's, see functions.js.
 */
function compile(entry, parameters, returns, data) {
  const source = sourceOf(entry);
  const { compiled } = source;
  for (let i = 0; i < compiled.length; i++) {
    if (compiled[i].isFor(parameters, returns, data)) {
      source.latest = compiled[i];
      return compiled[i];
    }
  }
  const { shape } = data;
  const texts = textsOf(data);
  const body = callNative(() => native.compile(parameters, returns, source.text, shape, texts));
  const one = new Compiled(parameters, returns, shape, texts, body);
  source.add(one);
  source.latest = one;
  return one;
}

/** The texts of data, in a list of their own. */
function textsOf(data) {
  const texts = list();
  for (let i = 0; i < data.textCount; i++) texts[i] = data.texts[i];
  return texts;
}

/** Which plain arrays the body has not used when it was compiled last; undefined if it was not, or for other data. */
const unusedTables = (entry) => entry.source?.latest?.unused;

module.exports = { VIEW, compile, textsOf, unusedTables };
