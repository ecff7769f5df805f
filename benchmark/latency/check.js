'use strict';

// Every result of every contender is compared with the right one.

/** What `call()` of a pool gives. */
const CALL = 45;

function check(value, expected) {
  if (value !== expected) throw new Error(`wrong result: ${value}, expected ${expected}`);
}

module.exports = { CALL, check };
