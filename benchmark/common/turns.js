'use strict';

// Rounds in which everyone has a turn, so that whatever the machine does meanwhile hits all alike.

/**
 * Calls `turn(item, round)` for each item, in round 0, which only warms up, and in `rounds` more. Each round starts with
 * another item: nobody always comes after the same neighbour at the same distance.
 */
async function inTurns(items, rounds, turn) {
  for (let round = 0; round <= rounds; round++) {
    for (let index = 0; index < items.length; index++) {
      await turn(items[(index + round) % items.length], round);
    }
  }
}

module.exports = { inTurns };
