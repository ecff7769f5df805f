'use strict';

// The package, and the binary that it has loaded.

const fs = require('node:fs');

/**
 * Loads the package as programs do. `binary` is the file that was loaded for it, undefined where the runtime does not say; `error` is
 * set instead of `allcores` if there is none.
 */
function loadPackage() {
  const files = [];
  const { dlopen } = process;
  process.dlopen = (module, file, ...flags) => {
    Reflect.apply(dlopen, process, [module, file, ...flags]);
    files.push(file);
  };
  try {
    const allcores = require('../index.js');
    return { allcores, binary: files.at(-1), error: undefined };
  } catch (error) {
    return { allcores: undefined, binary: undefined, error };
  } finally {
    process.dlopen = dlopen;
  }
}

/** Of a binary: where it is, and how large. */
function describeBinary(file) {
  return file === undefined ? undefined : { path: file, bytes: fs.statSync(file).size };
}

module.exports = { describeBinary, loadPackage };
