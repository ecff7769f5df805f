'use strict';

// What is reduced to what: each with the plain loop over it, whose result is the right one, up to rounding.

const { ELEMENTS } = require('../common/elements');

/** The loops have functions of their own for each workload, as programs with one type of array have. */
const LOOPS = {
  min: `let least = Infinity;
    for (let i = 0; i < view.length; i++) least = Math.min(least, view[i]);
    return least;`,
  max: `let greatest = -Infinity;
    for (let i = 0; i < view.length; i++) greatest = Math.max(greatest, view[i]);
    return greatest;`,
  argMin: `let at = 0;
    for (let i = 1; i < view.length; i++) if (view[i] < view[at]) at = i;
    return at;`,
  count: `let count = 0;
    for (let i = 0; i < view.length; i++) if (view[i] > 0.5) count++;
    return count;`,
  findIndex: `for (let i = 0; i < view.length; i++) if (view[i] > 2) return i;
    return -1;`,
  mean: `let sum = 0;
    for (let i = 0; i < view.length; i++) sum += view[i];
    return sum / view.length;`,
  variance: `let sum = 0;
    for (let i = 0; i < view.length; i++) sum += view[i];
    const mean = sum / view.length;
    let squares = 0;
    for (let i = 0; i < view.length; i++) squares += (view[i] - mean) * (view[i] - mean);
    return squares / view.length;`,
  norm: `let squares = 0;
    for (let i = 0; i < view.length; i++) squares += view[i] * view[i];
    return Math.sqrt(squares);`,
  dot: `let sum = 0;
    for (let i = 0; i < view.length; i++) sum += view[i] * other[i];
    return sum;`,
};

/** What count and findIndex look for: half of the numbers, and none. */
const PREDICATES = { count: (x) => x > 0.5, findIndex: (x) => x > 2 };

/** The results that are rounded: not all contenders have the same. */
const IS_ROUNDED = { mean: true, variance: true, norm: true, dot: true };

/** Bytes for each thread that its own cache holds, whatever the processor. */
const CACHED = 256 << 10;

/** Bytes on either side of the middle that belong to neither array of a dot product: the memory repeats a tile, and they shall differ. */
const APART = 4096;

const SERIES = [
  ['min', ELEMENTS.f64],
  ['max', ELEMENTS.f64],
  ['argMin', ELEMENTS.f64],
  ['count', ELEMENTS.f64],
  ['findIndex', ELEMENTS.f64],
  ['mean', ELEMENTS.f64],
  ['variance', ELEMENTS.f64],
  ['norm', ELEMENTS.f64],
  ['dot', ELEMENTS.f64],
  ['min', ELEMENTS.f32],
  ['min', ELEMENTS.i32],
  ['argMin', ELEMENTS.i32],
  ['min', ELEMENTS.u8],
];

/** Memory is filled anew for each. */
const ELEMENT_ORDER = [...new Set(SERIES.map(([, element]) => element))];

/** The arrays that a workload is about: one, or the two of a dot product. They are the first bytes of a view of all. */
function arraysOf({ name, element, bytes }, view) {
  const length = bytes / element.Array.BYTES_PER_ELEMENT;
  if (name !== 'dot') return [view.subarray(0, length)];
  const count = lengthOfHalf(length, element);
  return [view.subarray(0, count), view.subarray(length - count, length)];
}

function lengthOfHalf(length, element) {
  return length / 2 - APART / element.Array.BYTES_PER_ELEMENT;
}

/** [{ name, element, bytes, isCached, title, predicate, isRounded, loop(view, other) }], of arrays of so many bytes, and of ones in the caches. */
function workloads(bytes, threads) {
  const row = ([name, element], isCached) => ({
    name,
    element,
    bytes: isCached ? CACHED * threads : bytes,
    isCached,
    title: `${name}, ${element.name}${isCached ? ', in L2' : ''}`,
    predicate: PREDICATES[name],
    isRounded: IS_ROUNDED[name] === true,
    loop: new Function('view', 'other', `${LOOPS[name]} // ${element.id}, ${isCached}`),
  });
  return ELEMENT_ORDER.flatMap((element) => {
    const series = SERIES.filter((entry) => entry[1] === element);
    return [false, true].flatMap((isCached) => series.map((entry) => row(entry, isCached)));
  });
}

module.exports = { arraysOf, workloads };
