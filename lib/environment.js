'use strict';

// Environment variables. Only an own property of `process.env` is one: a property that a program has put on
// Object.prototype must not choose the binary that is loaded.

const { ObjectHasOwn, process } = require('./intrinsics');

/** The value of an environment variable, or undefined. Deno throws where the program may not read it. */
function variable(name) {
  try {
    return ObjectHasOwn(process.env, name) ? process.env[name] : undefined;
  } catch {
    return undefined;
  }
}

module.exports = { variable };
