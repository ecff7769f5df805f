'use strict';

// A program at work: its function, its data, the points at which it runs, and what this JavaScript engine makes of it.

const { CATALOGUE } = require('./data.js');
const { instantiate } = require('./program.js');

/** Elements of a view are those of an array of data, over and over: so many. */
const VIEW_PERIOD = 12;

class Job {
  /**
   * `form` as in program.js; `change` rewrites the body's text, as a minifier does. `start` is added to the first index of a program
   * that has no places of its own for each index.
   */
  constructor(program, count, { form = 'plain', change, random, start = 0 }) {
    this.program = program;
    this.form = form;
    this.points = pointsOf(program, count, program.isSingle ? start : 0);
    this.length = this.points[0].length;
    this.isSingle = program.isSingle;
    Object.assign(this, instantiate(program, this.length, { form, random, change }));
    this.hasResults = program.kind !== 'nothing' && form !== 'stored';
    this.isElement = program.kind === 'element' || form === 'element';
    const { data } = this;
    if (this.isElement) this.view = viewOf(data[program.element ?? 'none'], this.length);
    const names = [...program.used].filter((name) => ['own', 'free', 'count'].includes(CATALOGUE[name].use));
    this.arrays = [...names, ...(form === 'stored' ? ['out'] : [])].map((name) => [name, data[name]]);
    this.before = this.arrays.map(([, array]) => array.slice());
  }

  /** Puts back what the arrays held at first. */
  restore() {
    for (const [at, [, array]] of this.arrays.entries()) array.set(this.before[at]);
  }

  /** Runs the function here: { results, arrays }, at all points or at one. */
  expected(at) {
    this.restore();
    const results = [];
    const [first, last] = at === undefined ? [0, this.length] : [at, at + 1];
    const { body, data, view, points } = this;
    for (let point = first; point < last; point++) {
      const [i, j, k] = points.map((list) => list[point]);
      let value;
      if (view) value = body(view[i], i, data);
      else if (points.length === 1) value = body(i, data);
      else value = points.length === 2 ? body(i, j, data) : body(i, j, k, data);
      results.push(value);
    }
    return { results: this.hasResults ? results : [], arrays: this.contents() };
  }

  /** Copies of what the arrays hold now. */
  contents() {
    return Object.fromEntries(this.arrays.map(([name, array]) => [name, array.slice()]));
  }
}

/** Lists of indices, one for each dimension; the last runs fastest. */
function pointsOf({ sizes }, count, start) {
  if (sizes.length === 1) return [Array.from({ length: count }, (_, at) => start + at)];
  const inner = sizes.slice(1).reduce((product, size) => product * size, 1);
  const all = [Math.ceil(count / inner), ...sizes.slice(1)];
  return all.map((size, at) => {
    const below = all.slice(at + 1).reduce((product, other) => product * other, 1);
    const first = at === 0 ? start : 0;
    return Array.from({ length: all[0] * inner }, (_, point) => first + (Math.floor(point / below) % size));
  });
}

function viewOf(array, length) {
  const Type = array?.constructor ?? Float64Array;
  const view = new Type(new SharedArrayBuffer(length * Type.BYTES_PER_ELEMENT));
  if (array) for (let at = 0; at < length; at++) view[at] = array[at % VIEW_PERIOD];
  return view;
}

/** The first difference between what was expected and what came, as a text; nothing if there is none. */
function difference(expected, actual) {
  const at = expected.results.findIndex((value, point) => !Object.is(Number(value), actual.results[point]));
  if (at >= 0) return `point ${at}: ${show(expected.results[at])} expected, not ${show(actual.results[at])}`;
  for (const [name, values] of Object.entries(expected.arrays)) {
    const others = actual.arrays[name];
    // An array that the body does not write after all.
    if (others === undefined) continue;
    for (let element = 0; element < values.length; element++) {
      if (Object.is(values[element], others[element])) continue;
      return `${name}[${element}]: ${show(values[element])} expected, not ${show(others[element])}`;
    }
  }
  return undefined;
}

const show = (x) => (Object.is(x, -0) ? '-0' : String(x));

module.exports = { Job, difference };
