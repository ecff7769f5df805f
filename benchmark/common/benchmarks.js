'use strict';

// The benchmarks that there are: folders of this one with an index.js.

const fs = require('node:fs');
const path = require('node:path');

const folder = path.join(__dirname, '..');

/** Their names, in order. */
function benchmarks() {
  return fs
    .readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && fs.existsSync(path.join(folder, entry.name, 'index.js')))
    .map((entry) => entry.name)
    .sort();
}

module.exports = { benchmarks };
