'use strict';

// allcores as npm would have installed it: laid out as it is packed, with the binary of this checkout in the package of its
// platform beside it.

const fs = require('node:fs');
const path = require('node:path');

const root = path.join(__dirname, '..', '..');
const modules = path.join(root, 'target', 'installed', 'node_modules');

/** What to `require`. */
const ALLCORES = path.join(modules, 'allcores');

async function install() {
  // Not above: whoever wants to know no more than the path is about to measure the first `require` of a process.
  const { platformName } = require('../../scripts/platform.js');
  const { stage } = require('../../scripts/stage.js');
  await stage(ALLCORES);
  const name = `allcores-${platformName()}`;
  const main = `allcores.${platformName()}.node`;
  const folder = path.join(modules, name);
  fs.mkdirSync(folder, { recursive: true });
  const { version } = require('../../package.json');
  fs.writeFileSync(path.join(folder, 'package.json'), JSON.stringify({ name, version, main }));
  fs.copyFileSync(path.join(root, main), path.join(folder, main));
}

module.exports = { ALLCORES, install };
