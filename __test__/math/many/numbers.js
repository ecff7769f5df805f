'use strict';

// Arguments at which a function of Math could go wrong, in blocks: every number of a block is new, whatever the function. The same
// ones each time for a seed (crates/kernel/tests/oracle/doubles.js).

const doubles = require('../../../crates/kernel/tests/oracle/doubles.js');

const { PAIRS, REGIMES, fromWords, near, pick, seed, within, word } = doubles;

/** Numbers and how many of 64 are of that kind: of few numbers that there are, few. */
const KINDS = [
  [5, REGIMES.anyBits],
  [8, REGIMES.two],
  [7, REGIMES.exponents],
  [6, REGIMES.million],
  [2, REGIMES.uint32],
  [2, REGIMES.tiny],
  [4, REGIMES.halfPi],
  // Those of which sin, cos and tan go on in vectors.
  [6, () => near((word() % 530_000) * (Math.PI / 2))],
  [4, REGIMES.one],
  [5, REGIMES.branch],
  [2, REGIMES.points],
  [1, REGIMES.specials],
  // Every binade, and 32 units around where it begins.
  [2, () => near(fromWords((word() % 2047) << 20, 0))],
  // Where the reductions of exp and expm1 change over.
  [2, () => near((word() % 2200) * (0.5 * Math.LN2))],
  // asinh and acosh take logarithms of what is close to a power of two.
  [2, powers],
  [6, () => within(2) * 10 ** ((word() % 20) - 10)],
].flatMap(([weight, kind]) => Array(weight).fill(kind));

function powers() {
  const power = 2 ** (word() % 30) * (1 + within(2e-6));
  return 0.5 * (power + (word() & 1 ? 1 : -1) / power);
}

/** Two numbers that have to do with each other. */
function related(x) {
  switch (word() & 7) {
    case 0:
      return pick(KINDS)();
    case 1:
      return near(x);
    case 2:
      return near(x * (word() % 1000));
    case 3:
      return x / (word() >>> (word() & 31));
    case 4:
      return x * 2 ** ((word() % 140) - 70);
    case 5:
      return within(10);
    default:
      return x * within(4);
  }
}

/** How many indices in a row are of one kind, every other time: more than a body has side by side in any code. */
const STRETCH = 64;

/** Fills arrays of one length: for functions of one argument by where they have values, for the others by name of the argument. */
function fill({ any, toOne, positive, afterMinusOne, fromOne, x, y, z, base, exponent }) {
  let kind;
  for (let k = 0; k < any.length; k++) {
    if (k % STRETCH === 0) kind = word() & 1 ? pick(KINDS) : undefined;
    const number = (kind ?? pick(KINDS))();
    const magnitude = Math.abs(number);
    // Once in sixteen times a number stays where there is no value.
    const stays = (word() & 15) === 0;
    any[k] = number;
    toOne[k] = magnitude > 1 && !stays ? 1 / number : number;
    positive[k] = stays ? number : magnitude;
    afterMinusOne[k] = number <= -1 && !stays ? magnitude : number;
    if (stays) fromOne[k] = number;
    else fromOne[k] = magnitude < 1 ? 1 / magnitude : magnitude;
    x[k] = number;
    y[k] = related(number);
    z[k] = related(y[k]);
    const power = pick(PAIRS)();
    base[k] = power[0];
    exponent[k] = power[1];
  }
}

/** The names of those arrays. */
const NAMES = ['any', 'toOne', 'positive', 'afterMinusOne', 'fromOne', 'x', 'y', 'z', 'base', 'exponent'];

module.exports = { NAMES, fill, seed };
