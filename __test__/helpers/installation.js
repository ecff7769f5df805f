'use strict';

// The package somewhere else: what of a checkout is needed to run it.

const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { after } = require('node:test');
const { ROOT } = require('./worker.js');
const { files } = require('../../package.json');

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'allcores-installation-'));
after(() => fs.rmSync(folder, { recursive: true, force: true }));

/** For the environment of a process: nothing that tells the loader what to load. */
const env = {
  NAPI_RS_NATIVE_LIBRARY_PATH: undefined,
  NAPI_RS_FORCE_WASI: undefined,
  NAPI_RS_WASI_FLAVOR: undefined,
};

/** Copies the JavaScript. */
function copyProgram(home) {
  fs.mkdirSync(home, { recursive: true });
  for (const entry of ['package.json', ...files.filter((name) => /\.js$|^(lib|bin)$/.test(name))]) {
    fs.cpSync(path.join(ROOT, entry), path.join(home, entry), { recursive: true });
  }
}

/** Copies the JavaScript and the binary; gives back the folder. */
function copyPackage(home) {
  copyProgram(home);
  for (const entry of fs.readdirSync(ROOT)) {
    if (entry.endsWith('.node')) fs.copyFileSync(path.join(ROOT, entry), path.join(home, entry));
  }
  return home;
}

let copies = 0;

/** A new installation without a binary; gives back its folder. `beside` are packages that lie next to it, and are empty. */
function install(...beside) {
  const modules = path.join(folder, `${++copies}`, 'node_modules');
  const home = path.join(modules, 'allcores');
  copyProgram(home);
  for (const name of beside) fs.mkdirSync(path.join(modules, name));
  return home;
}

module.exports = { copyPackage, env, folder, install };
