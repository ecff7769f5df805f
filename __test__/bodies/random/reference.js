'use strict';

// What this JavaScript engine makes of a program: the value at each point, and the arrays afterwards.

const { CATALOGUE } = require('./data.js');

/** The points at which a program is to run: a list of indices for each dimension, the last runs fastest. */
function pointsOf(program, count) {
  const { dimensions } = program;
  if (dimensions === 1) return [Array.from({ length: count }, (_, at) => at)];
  const sizes = [Math.ceil(count / (dimensions === 2 ? 4 : 12)), 4, 3].slice(0, dimensions);
  const total = sizes.reduce((product, size) => product * size, 1);
  return sizes.map((size, at) => {
    const inner = sizes.slice(at + 1).reduce((product, other) => product * other, 1);
    return Array.from({ length: total }, (_, point) => Math.floor(point / inner) % size);
  });
}

/** The arrays of data that a program may write. */
function writtenArrays(program, data) {
  const names = [...program.used].filter((name) => ['own', 'free', 'count'].includes(CATALOGUE[name].use));
  return names.map((name) => [name, data[name]]);
}

/** Remembers what arrays hold, to be put back. */
function snapshot(arrays) {
  const copies = arrays.map(([, array]) => array.slice());
  return () => {
    for (const [at, [, array]] of arrays.entries()) array.set(copies[at]);
  };
}

/** Runs the function at some of the points: { results, arrays } with copies of the arrays. */
function runReference({ body, data }, program, points, view, at = points[0].map((_, point) => point)) {
  const results = at.map((point) => {
    const indices = points.map((list) => list[point]);
    return program.kind === 'element' ? body(view[indices[0]], ...indices, data) : body(...indices, data);
  });
  const arrays = writtenArrays(program, data).map(([name, array]) => [name, array.slice()]);
  return { results, arrays: Object.fromEntries(arrays) };
}

/** The first difference between what was expected and what came, as a text; nothing if there is none. */
function difference(program, expected, actual) {
  if (program.kind !== 'nothing') {
    const at = expected.results.findIndex((value, point) => !same(Number(value), actual.results[point]));
    if (at >= 0)
      return `point ${at}: ${show(expected.results[at])} expected, not ${show(actual.results[at])}`;
  }
  for (const [name, values] of Object.entries(expected.arrays)) {
    const others = actual.arrays[name];
    if (others === undefined) continue;
    const at = values.findIndex((value, element) => !same(value, others[element]));
    if (at >= 0) return `${name}[${at}]: ${show(values[at])} expected, not ${show(others[at])}`;
  }
  return undefined;
}

/** The same bits; NaN is NaN. */
const same = (a, b) => Object.is(a, b);

const show = (x) => (Object.is(x, -0) ? '-0' : String(x));

module.exports = { difference, pointsOf, runReference, snapshot, writtenArrays };
