'use strict';

// With which data a function and its compiled form were found to be the same. What they are called with again is not
// compared again: numbers by their values, arrays and functions by their identity, and small plain arrays, which programs
// make anew for each call, by their elements.

const { WeakMap, WeakMapGet, WeakMapSet } = require('../intrinsics');
const { infoOf } = require('./arrays');
const { VIEW } = require('./compiled');
const { list } = require('./lists');
const { same } = require('./stand-ins');

/** For one function. */
const MAX_PASSES = 4;
/** Numbers of a plain array that is compared by its elements. */
const MAX_ELEMENTS = 256;

/** Plain array -> its number. Those of typed arrays are positive. */
const tables = new WeakMap();
let lastTable = 0;

function numberOfTable(array) {
  let number = WeakMapGet(tables, array);
  if (number === undefined) {
    number = --lastTable;
    WeakMapSet(tables, array, number);
  }
  return number;
}

class Pass {
  /** The number of the compiled form: a pass must not keep it. */
  compiled;
  scalars;
  functions = list();
  /** Of each array its number, or its elements. */
  arrays = list();

  constructor({ compiled, data, scalars, arrays, view }) {
    this.compiled = compiled.number;
    this.scalars = scalars;
    for (let i = 0; i < compiled.functionPlaces.length; i++) {
      this.functions[i] = data.numbers[compiled.functionPlaces[i]];
    }
    for (let i = 0; i < compiled.arrayPlaces.length; i++) {
      this.arrays[i] = isByElements(compiled, i) ? arrays[i] : numberOf(compiled, i, data, view);
    }
  }

  isOf({ compiled, data, scalars, arrays, view }) {
    if (this.compiled !== compiled.number) return false;
    const { arrayPlaces, functionPlaces, scalarPlaces } = compiled;
    for (let i = 0; i < scalarPlaces.length; i++) if (!same(this.scalars[i], scalars[i])) return false;
    for (let i = 0; i < functionPlaces.length; i++) {
      if (this.functions[i] !== data.numbers[functionPlaces[i]]) return false;
    }
    for (let i = 0; i < arrayPlaces.length; i++) {
      if (isByElements(compiled, i)) {
        if (!sameElements(this.arrays[i], arrays[i], compiled.tableSizes[i])) return false;
      } else if (this.arrays[i] !== numberOf(compiled, i, data, view)) {
        return false;
      }
    }
    return true;
  }
}

const isByElements = ({ tableSizes }, i) => tableSizes[i] <= MAX_ELEMENTS;

function numberOf({ arrayPlaces, tableSizes }, i, data, view) {
  const place = arrayPlaces[i];
  if (place === VIEW) return infoOf(view).number;
  return tableSizes[i] === undefined ? data.numbers[place] : numberOfTable(data.values[place]);
}

function sameElements(a, b, size) {
  for (let i = 0; i < size; i++) if (!same(a[i], b[i])) return false;
  return true;
}

/** The passes of one function, the latest in the place of the oldest. */
class Passes {
  passes = list();
  next = 0;

  has(call) {
    for (let i = 0; i < this.passes.length; i++) if (this.passes[i].isOf(call)) return true;
    return false;
  }

  add(call) {
    this.passes[this.next] = new Pass(call);
    this.next = (this.next + 1) % MAX_PASSES;
  }
}

module.exports = { Passes };
