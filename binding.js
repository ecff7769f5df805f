'use strict';

// The native side. native.js finds it everywhere, which takes as long as all the rest that there is to load. So the places
// where it belongs come first.

const { existsSync } = require('node:fs');
const path = require('node:path');

/** What follows platform and processor in the names of the binaries. */
const ABIS = { __proto__: null, linux: ['-gnu', '-musl'], darwin: [''], win32: ['-msvc'] };

/** The variables that tell native.js what to do. */
const TOLD = [
  'NAPI_RS_NATIVE_LIBRARY_PATH',
  'NAPI_RS_ENFORCE_VERSION_CHECK',
  'NAPI_RS_FORCE_WASI',
  'NAPI_RS_WASI_FLAVOR',
];

function load() {
  try {
    return inItsPlace() ?? require('./native.js');
  } catch (error) {
    throw require('./lib/no-binary').explained(error, __dirname);
  }
}

/** The native side; undefined where native.js has to look for it. */
function inItsPlace() {
  const { env } = process;
  if (TOLD.some((name) => env[name] !== undefined)) return undefined;
  try {
    const file = only(inCheckout) ?? (existsSync(WITHIN) ? undefined : only(besideUs));
    if (file === undefined) return undefined;
    // What require comes to in the end. Bundlers have nothing to do with it; native.js they can follow.
    const module = { exports: {} };
    process.dlopen(module, path.toNamespacedPath(file));
    return module.exports;
  } catch {
    // native.js may do better, and it says why not.
    return undefined;
  }
}

/** Where Node looks first. It is there when another version of us has our place beside this folder. */
const WITHIN = path.join(__dirname, 'node_modules');

const inCheckout = (name) => path.join(__dirname, `allcores.${name}.node`);

/** As npm and pnpm lay out a package and what it depends on. */
const besideUs = (name) => path.join(__dirname, '..', `allcores-${name}`, `allcores.${name}.node`);

/**
 * The one binary for this system that is there. Of those for the two C libraries of Linux a package manager installs the
 * right one, and an old one both; to tell them apart is left to native.js.
 */
function only(place) {
  let found;
  for (const abi of ABIS[process.platform] ?? []) {
    const file = place(`${process.platform}-${process.arch}${abi}`);
    if (!existsSync(file)) continue;
    if (found !== undefined) return undefined;
    found = file;
  }
  return found;
}

module.exports = load();
