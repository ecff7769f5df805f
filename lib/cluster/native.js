'use strict';

// The one native environment of the package, as this folder sees it: release/stage.js puts another text here, because all of
// lib/ but this folder is in index.js there.

const { loadBodies } = require('../load-bodies');

module.exports = {
  __proto__: null,
  /** lib/bodies/partials.js: partial results of any part of a range. */
  partials: () => loadBodies().partials,
  /** The public functions. */
  allcores: () => require('../../index.js'),
};
