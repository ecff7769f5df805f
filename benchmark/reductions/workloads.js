'use strict';

// What is reduced to what: each with the plain loop over it, whose result is also the right one.

const { ELEMENTS } = require('../common/elements');

/** The loops have functions of their own for each type of elements, as programs with one type of array have. */
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
};

const SERIES = [
  ['min', ELEMENTS.f64],
  ['max', ELEMENTS.f64],
  ['argMin', ELEMENTS.f64],
  ['count', ELEMENTS.f64],
  ['min', ELEMENTS.f32],
  ['min', ELEMENTS.i32],
  ['argMin', ELEMENTS.i32],
  ['min', ELEMENTS.u8],
];

/** [{ name, element, title, loop(view) }] */
const WORKLOADS = SERIES.map(([name, element]) => ({
  name,
  element,
  title: `${name}, ${element.name}`,
  loop: new Function('view', `${LOOPS[name]} // ${element.id}`),
}));

module.exports = { WORKLOADS };
