'use strict';

// The package, loaded once more: into a realm of its own, or into a module registry of its own, as test runners do.

const fs = require('node:fs');
const { createRequire } = require('node:module');
const path = require('node:path');
const vm = require('node:vm');

/** What Node has in every context of its own and vm.createContext does not give. */
const { AbortController, AbortSignal, Buffer, Event, EventTarget } = globalThis;
const { clearInterval, clearTimeout, setInterval, setTimeout } = globalThis;

/** Loads the package into a new vm context, none of whose modules anything else holds. `{ api, realm }`. */
function loadInContext(root) {
  const realm = vm.createContext({
    AbortController,
    AbortSignal,
    Buffer,
    Event,
    EventTarget,
    clearInterval,
    clearTimeout,
    console,
    process,
    setInterval,
    setTimeout,
  });
  const modules = new Map();
  const load = (file) => {
    if (path.extname(file) !== '.js') return require(file);
    const known = modules.get(file);
    if (known !== undefined) return known.exports;
    const module = { exports: {} };
    modules.set(file, module);
    const { resolve } = createRequire(file);
    const requireHere = (id) => (id.startsWith('.') ? load(resolve(id)) : require(id));
    requireHere.resolve = resolve;
    const source = `(function (module, exports, require, __dirname, __filename) {${fs.readFileSync(file, 'utf8')}\n})`;
    const run = vm.runInContext(source, realm, { filename: file });
    run(module, module.exports, requireHere, path.dirname(file), file);
    return module.exports;
  };
  return { api: load(path.join(root, 'index.js')), realm };
}

/** Loads the package again, by deleting it from the registry of modules. `{ api, realm }`, of which `realm` is a stand-in. */
function loadAgain(root) {
  for (const file of Object.keys(require.cache)) {
    if (file.startsWith(root) && !file.startsWith(path.join(root, '__test__'))) delete require.cache[file];
  }
  const api = require(root);
  // Node's own list of what a module has required.
  module.children.length = 0;
  return { api, realm: api };
}

module.exports = { loadAgain, loadInContext };
