'use strict';

// Whether two results of `run` are alike: the same shape, and the same bits, or numbers that are near each other.

/** Where they differ first; undefined if they are alike. */
function difference(a, b, near = 0, place = 'result') {
  if (typeof a === 'number' && typeof b === 'number') {
    const isNear = near > 0 && Math.abs(a - b) <= near * Math.max(Math.abs(a), Math.abs(b));
    return Object.is(a, b) || isNear ? undefined : `${place}: ${a} and ${b}`;
  }
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) {
    return a === b ? undefined : `${place}: ${a} and ${b}`;
  }
  const names = Object.keys(a);
  if (names.length !== Object.keys(b).length) {
    return `${place}: ${names.length} and ${Object.keys(b).length} elements`;
  }
  for (const name of names) {
    const found = difference(a[name], b[name], near, `${place}.${name}`);
    if (found) return found;
  }
  return undefined;
}

module.exports = { difference };
