'use strict';

// Loads lib/rare/ when it is needed for the first time. In the published package that is one file, and release/stage.js puts
// its name here.

let rare;

/** Throws what Node throws if the file is gone, or the program has broken what Node itself loads files with; the next need tries again. */
function loadRare() {
  rare ??= requireRare();
  return rare;
}

const requireRare = () => require('./rare/index.js');

module.exports = { loadRare };
