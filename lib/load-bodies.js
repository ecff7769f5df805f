'use strict';

// Loads lib/bodies/ with the first call that has a loop body. In the published package that is one file, and
// release/stage.js puts its name here.

const { internal } = require('./errors');

let bodies;

function loadBodies() {
  if (bodies === undefined) {
    try {
      bodies = requireBodies();
    } catch (error) {
      // The file is gone, or the program has broken what Node itself loads files with.
      throw internal(`what calls with a body need cannot be loaded (${error?.message})`);
    }
  }
  return bodies;
}

const requireBodies = () => require('./bodies/index.js');

module.exports = loadBodies;
