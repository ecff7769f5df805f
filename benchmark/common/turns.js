'use strict';

// Interleaved rounds: each contender has one turn in each, so that disturbances of the machine affect all alike.

/**
 * Calls `turn(item, round)` for each item, in round 0, which only warms up, and in `rounds` more. Each round starts with
 * another item, so that no item always follows the same one at the same distance.
 */
async function inTurns(items, rounds, turn) {
  for (let round = 0; round <= rounds; round++) {
    for (let index = 0; index < items.length; index++) {
      await turn(items[(index + round) % items.length], round);
    }
  }
}

module.exports = { inTurns };
