'use strict';

// Loads lib/bodies/ with the first call that has a loop body, or the first random number. In the published package that is
// one file, and release/stage.js puts its name here.

const { internal } = require('./errors');

let bodies;

function loadBodies() {
  if (bodies === undefined) {
    try {
      bodies = requireBodies();
    } catch (error) {
      // ALLCORES_ENGINE or ALLCORES_PERF has a value that there is not.
      if (error?.code === 'ERR_OUT_OF_RANGE') throw error;
      // The file is gone, or the program has broken what Node itself loads files with.
      throw internal(`what calls with a body need cannot be loaded (${error?.message})`);
    }
    bodies.setRandom(random);
  }
  return bodies;
}

const requireBodies = () => require('./bodies/index.js');

function random(seed, i, k) {
  return loadBodies().random(seed, i, k);
}

module.exports = { loadBodies, random };
