'use strict';

// How long the suite works. ALLCORES_TEST_LONG=1 takes the long count of each test where it has two; ALLCORES_TEST_SCALE multiplies
// every count (1 by default, 20 for a night). The short counts are for `npm test`: each is still enough to see its fault.

const factor = Number(process.env.ALLCORES_TEST_SCALE ?? 1);
if (!(factor > 0)) throw new RangeError(`ALLCORES_TEST_SCALE must be a positive number, not ${factor}`);

const isLong = process.env.ALLCORES_TEST_LONG === '1';

/** `count` iterations; `long` with ALLCORES_TEST_LONG=1. Both at scale 1. */
function scale(count, long = count) {
  return Math.max(1, Math.round((isLong ? long : count) * factor));
}

module.exports = { isLong, scale };
