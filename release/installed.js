'use strict';

// allcores as npm installs it: laid out as it is packed, with the binary of this checkout in its platform's package.

const fs = require('node:fs');
const path = require('node:path');

const root = path.join(__dirname, '..');

/** Where the benchmarks have it: what to `require`. */
const ALLCORES = path.join(root, 'target', 'installed', 'node_modules', 'allcores');

/** Installs it into a `node_modules` folder, in the place of what is there. */
async function install(modules = path.dirname(ALLCORES)) {
  // Not above: a process that needs only the path measures its first `require`.
  const { platformName } = require('../scripts/platform.js');
  const { stage } = require('./stage.js');
  await stage(path.join(modules, 'allcores'));
  const name = `allcores-${platformName()}`;
  const main = `allcores.${platformName()}.node`;
  const folder = path.join(modules, name);
  fs.rmSync(folder, { recursive: true, force: true });
  fs.mkdirSync(folder, { recursive: true });
  const { version } = require('../package.json');
  fs.writeFileSync(path.join(folder, 'package.json'), JSON.stringify({ name, version, main }));
  fs.copyFileSync(path.join(root, main), path.join(folder, main));
}

module.exports = { ALLCORES, install };
