'use strict';

// How long the suite works: ALLCORES_TEST_SCALE multiplies every count of iterations (1 by default, 20 for a night).

const factor = Number(process.env.ALLCORES_TEST_SCALE ?? 1);
if (!(factor > 0)) throw new RangeError(`ALLCORES_TEST_SCALE must be a positive number, not ${factor}`);

/** `count` iterations at scale 1. */
function scale(count) {
  return Math.max(1, Math.round(count * factor));
}

module.exports = { scale };
