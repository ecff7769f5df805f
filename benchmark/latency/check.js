'use strict';

// Every result of everyone is compared with what it has to be.

/** What `call()` of a pool gives. */
const CALL = 45;

function check(value, expected) {
  if (value !== expected) throw new Error(`wrong result: ${value}, expected ${expected}`);
}

module.exports = { CALL, check };
