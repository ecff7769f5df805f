'use strict';

// Loads the native side. native.js tries every location, which is slow; the two usual ones are tried here first.

const { existsSync, readFileSync } = require('node:fs');
const path = require('node:path');
const { variable } = require('./environment');
const { coded } = require('./errors');
const { process } = require('./intrinsics');
const root = require('./root');

const { ROOT } = root;

/** What follows platform and processor in the names of the binaries. */
const ABIS = { __proto__: null, linux: ['-gnu', '-musl'], darwin: [''], win32: ['-msvc'] };

/** The variables that tell native.js what to do. */
const OVERRIDES = [
  'NAPI_RS_NATIVE_LIBRARY_PATH',
  'NAPI_RS_ENFORCE_VERSION_CHECK',
  'NAPI_RS_FORCE_WASI',
  'NAPI_RS_WASI_FLAVOR',
];

function load() {
  let native;
  try {
    native = loadDirect() ?? root.requireLoader();
  } catch (error) {
    throw coded(root.requireNoBinary().noBinaryError(error, ROOT, variable), 'ERR_NO_BINARY');
  }
  // A bundler may put something else in the place of the binary, such as its path.
  if (typeof native?.open !== 'function')
    throw coded(root.requireNoBinary().replacedError(), 'ERR_NO_BINARY');
  return native;
}

/** The native side from where it usually is; undefined where native.js has to look for it. */
function loadDirect() {
  if (OVERRIDES.some((name) => variable(name) !== undefined)) return undefined;
  try {
    const file = findBinary(inCheckout) ?? (existsSync(NESTED) ? undefined : findBinary(inSiblingPackage));
    if (file === undefined) return undefined;
    // This is what `require` does in the end, but bundlers ignore it; native.js they can follow.
    const module = { exports: {} };
    process.dlopen(module, path.toNamespacedPath(file));
    return module.exports;
  } catch {
    // native.js tries again, and its errors say what is wrong.
    return undefined;
  }
}

// These paths are put together by hand: at load each function of node:path is compiled for its first call.

/** Where Node looks first. It exists if another version of allcores has the place beside this folder. */
const NESTED = `${ROOT}/node_modules`;

function inCheckout(name) {
  return `${ROOT}/allcores.${name}.node`;
}

/** Where npm and pnpm put the package with the binary. Only in node_modules is a folder of that name that package. */
function inSiblingPackage(name) {
  const modules = path.dirname(ROOT);
  if (path.basename(modules) !== 'node_modules') return undefined;
  return `${modules}/allcores-${name}/allcores.${name}.node`;
}

/**
 * The one binary for this system that is there, of our version. Package managers install the one for the C library that
 * Linux has here; old ones install both, and native.js tells them apart.
 */
function findBinary(place) {
  let found;
  for (const abi of ABIS[process.platform] ?? []) {
    const file = place(`${process.platform}-${process.arch}${abi}`);
    if (file === undefined || !existsSync(file)) continue;
    if (found !== undefined) return undefined;
    found = file;
  }
  return found === undefined || place === inCheckout || isOurVersion(found) ? found : undefined;
}

/** Of a binary in a package. A file that cannot be read throws, and native.js goes on. */
function isOurVersion(binary) {
  const manifest = `${path.dirname(binary)}/package.json`;
  return JSON.parse(readFileSync(manifest, 'utf8')).version === root.VERSION;
}

module.exports = load();
