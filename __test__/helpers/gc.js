'use strict';

// Garbage collection on demand. Leak tests poll with a bound; they never collect once and hope.

const v8 = require('node:v8');
const vm = require('node:vm');
const { patience } = require('./handshake.js');

const gc = globalThis.Bun ? () => globalThis.Bun.gc(true) : exposedByV8();

function exposedByV8() {
  v8.setFlagsFromString('--expose-gc');
  return vm.runInNewContext('gc');
}

/** Collects until `condition()` is true; false when it never is. What must happen meanwhile may take a busy machine long. */
async function gcUntil(condition) {
  const patient = patience();
  while (patient()) {
    // A WeakRef keeps its target until the end of the turn in which it was read.
    await new Promise(setImmediate);
    gc();
    if (condition()) return true;
  }
  return false;
}

module.exports = { gc, gcUntil };
