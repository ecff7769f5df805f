'use strict';

// What the right answers are, in BigInt arithmetic and nothing else: no rounding, no overflow, no cleverness.

const MAX_INT32 = 2n ** 31n - 1n;
const MAX_INT64 = 2n ** 63n - 1n;

/** The sum of the integers 0 <= i < num. */
function rangeSum(num) {
  const n = BigInt(num);
  return (n * (n - 1n)) / 2n;
}

/** The same by adding them up: what the closed form is checked against. */
function rangeSumByLoop(num) {
  let sum = 0n;
  for (let i = 0n; i < BigInt(num); i++) sum += i;
  return sum;
}

/** Where slot k begins, of `slots` partial sums. */
function boundary(num, k, slots) {
  return (BigInt(num) * BigInt(k)) / BigInt(slots);
}

/** What slot k of `slots` gets. */
function partialSum(num, k, slots) {
  return rangeSum(boundary(num, k + 1, slots)) - rangeSum(boundary(num, k, slots));
}

/** What a view of `length` slots holds when the sum is done: the partial sums, then 0. */
function finalSlots(num, length) {
  const slots = [];
  for (let k = 0; k < length - 1; k++) slots.push(partialSum(num, k, length - 1));
  slots.push(0n);
  return slots;
}

/** The first slot whose partial sum is larger than `max`, or -1. */
function firstOverflow(num, length, max) {
  for (let k = 0; k < length - 1; k++) if (partialSum(num, k, length - 1) > max) return k;
  return -1;
}

/** The largest value that a slot of this view can hold. */
function slotMax(view) {
  return view instanceof BigInt64Array ? MAX_INT64 : MAX_INT32;
}

/** The elements of any view, as BigInts. */
function asBigInts(view) {
  return Array.from(view, BigInt);
}

module.exports = {
  MAX_INT32,
  MAX_INT64,
  asBigInts,
  boundary,
  finalSlots,
  firstOverflow,
  partialSum,
  rangeSum,
  rangeSumByLoop,
  slotMax,
};
