'use strict';

// At which of the turns of a loop the compiled body is compared with the function.

const { MathFloor } = require('../intrinsics');
const { list } = require('./lists');

/** The fractional part of the golden ratio: its multiples are spread evenly, however many there are. */
const GOLDEN = 0.6180339887498949;

/** That many have room for the powers of two. */
const FULL = 64;

/**
 * Up to `most` turns of `total`, as numbers in the order of the loop: the first, the last, powers of two, where numbers
 * change their representation, and others in between. Those that tell most come first.
 */
function choosePoints(total, most) {
  const points = list();
  const add = (point) => {
    if (points.length < most) points[points.length] = point;
  };
  if (total <= most) {
    for (let i = 0; i < total; i++) add(i === 0 ? 0 : total - i);
    return points;
  }
  add(0);
  add(total - 1);
  add(MathFloor(total * GOLDEN));
  add(1);
  if (most >= FULL) {
    add(3);
    add(total - 2);
    for (let power = 2; power < total; power *= 2) add(power);
  }
  for (let k = 2; points.length < most; k++) add(MathFloor(total * ((k * GOLDEN) % 1)));
  return points;
}

/** The indices of a turn, into `indices` from `at` on. */
function indicesOf(turn, { from, counts }, indices, at) {
  let rest = turn;
  for (let d = counts.length - 1; d > 0; d--) {
    indices[at + d] = rest % counts[d];
    rest = (rest - indices[at + d]) / counts[d];
  }
  indices[at] = from + rest;
}

module.exports = { choosePoints, indicesOf };
