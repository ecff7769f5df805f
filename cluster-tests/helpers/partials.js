// Partial results of the package, which is installed as it is packed: what a worker computes with.

const path = require('node:path');
const allcores = require('allcores');

/** lib/bodies/partials.js of the package. */
function partials() {
  // Loads them.
  allcores.random(0, 0);
  return require(path.join(path.dirname(require.resolve('allcores')), 'lib', 'bodies.js')).instance.partials;
}

module.exports = { partials };
