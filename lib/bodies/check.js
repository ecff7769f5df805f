'use strict';

// Whether a compiled body is what the function is: at some turns of the loop the function is called, and must have the same
// value and store the same elements as the compiled body, bit by bit. So it shows when a captured variable has another value
// than in the data, when a function of Math was replaced, and when the compiler is wrong.
//
// It is done before the first run of a function with some data (passes.js), writes nothing to the memory of the program
// (stand-ins.js) and always ends (comparison.js).

const { Comparison } = require('./comparison');
const { VIEW } = require('./compiled');
const { differenceError } = require('./difference');
const { firstUnknown } = require('./math');
const { Passes } = require('./passes');
const { choosePoints } = require('./points');
const { canStandInFor } = require('./stand-ins');

/** How many turns of the loop: at first, and once the compiled body was found right with some function and data. */
const FIRST = 64;
const LATER = 8;

/**
 * Throws ERR_DIFFERS if the function is not what it was compiled to. `call` has the function as `func`, what is known of it
 * as `entry`, and `compiled`, `data`, `view`, `scalars`, `arrays`, `from`, `counts`, `total` and `portable`.
 */
function check(call) {
  const { compiled, entry, total } = call;
  entry.passes ??= new Passes();
  if (total === 0 || entry.passes.has(call) || whyUnchecked(call) !== undefined) return;
  const comparison = new Comparison(call);
  if (!comparison.run(choosePoints(total, compiled.isProved ? LATER : FIRST))) return;
  if (comparison.difference !== undefined) throw differenceError(call, comparison.difference);
  compiled.isProved = true;
  entry.passes.add(call);
}

/** Why the function cannot be compared; undefined if it can. */
function whyUnchecked({ compiled, data, portable }) {
  const { arrayPaths, arrayPlaces, captured, isAtomic, tableSizes, takesFunctions, written } = compiled;
  for (let i = 0; i < arrayPlaces.length; i++) {
    if (written[i] && (arrayPlaces[i] === VIEW || includes(captured, arrayPaths[i][0]))) {
      return `it stores to ${nameOf(arrayPaths[i])}, which it takes from its surroundings and not from its parameter`;
    }
    const isStoodInFor = written[i] || (takesFunctions && arrayPlaces[i] !== VIEW);
    if (!isStoodInFor || tableSizes[i] !== undefined) continue;
    if (!canStandInFor(data.values[arrayPlaces[i]], isAtomic)) {
      return `it uses Atomics, and ${nameOf(arrayPaths[i])} is too large to be copied`;
    }
  }
  const unknown = portable ? firstUnknown(compiled.math) : undefined;
  return unknown && `Math.${unknown} has other bits here`;
}

/** An array as the program writes it. */
function nameOf(path) {
  let name = path.length === 0 ? 'the view' : path[0];
  for (let i = 1; i < path.length; i++) name += `.${path[i]}`;
  return name;
}

function includes(names, name) {
  for (let i = 0; i < names.length; i++) if (names[i] === name) return true;
  return false;
}

module.exports = { check, whyUnchecked };
