'use strict';

// Targets of sumIntoSharedBuffer, and what is in them afterwards.

const assert = require('node:assert/strict');
const { asBigInts, finalSlots, partialSum, rangeSum } = require('./oracle.js');

/** An instance on this target, whose memory is `slots`. `kind` is where num comes from. */
function intoSlots(target, slots, num, kind) {
  const last = slots.length - 1;
  const wide = slots.BYTES_PER_ELEMENT === 8;
  if (kind === 'request') slots[last] = wide ? BigInt(num) : num;
  const total = rangeSum(num);
  const rest = { Number: [num], BigInt: [BigInt(num)], request: [] }[kind];
  const check = () => {
    if (slots.length <= 1000) {
      assert.deepEqual(asBigInts(slots), finalSlots(num, slots.length));
      return;
    }
    for (const k of [0, 1, last >> 1, last - 1]) assert.equal(BigInt(slots[k]), partialSum(num, k, last));
    assert.equal(Number(slots[last]), 0);
  };
  return { args: [target, ...rest], expected: wide ? total : Number(total), slots, last, num, check };
}

module.exports = { intoSlots };
