'use strict';

// Where the package is. scripts/stage.js writes this file anew for the published package, which has all of lib/ in index.js.

const path = require('node:path');

module.exports = {
  __proto__: null,
  /** The folder that holds index.js, native.js and package.json. */
  ROOT: path.dirname(__dirname),
  get VERSION() {
    return require('../package.json').version;
  },
  /** The generated loader. Bundlers follow this `require`. */
  requireLoader: () => require('../native.js'),
  /** In a file of its own in the published package too: only a package without a binary needs it. */
  requireNoBinary: () => require('./no-binary.js'),
};
