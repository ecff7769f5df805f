'use strict';

// The shared memory that long sums read: doubles whose sum is exact in any order of addition.

/** view[i] = i & MASK: partial sums are integers below 2 ** 53, up to a terabyte. */
const MASK = 1023;

function makeMemory(bytes) {
  const memory = new SharedArrayBuffer(bytes);
  const view = new Float64Array(memory);
  // All of it is written: pages that never were would be one and the same page of zeros.
  for (let i = 0; i < view.length; i++) view[i] = i & MASK;
  return memory;
}

/** The sum of all of it, in closed form. */
function sumOf({ byteLength }) {
  const length = byteLength / 8;
  const rest = length % (MASK + 1);
  return ((length - rest) * MASK) / 2 + (rest * (rest - 1)) / 2;
}

module.exports = { makeMemory, sumOf };
