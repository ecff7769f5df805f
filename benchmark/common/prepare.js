'use strict';

// Makes the benchmarks ready to run: npm packages that are missing, the addon and the Rust programs that are older than
// their sources. Takes milliseconds when there is nothing to do. Its output goes to stderr.

const fs = require('node:fs');
const path = require('node:path');
const { installPackages, packagesInstalled, run, say } = require('../../scripts/tools.js');

const here = path.join(__dirname, '..');
const root = path.join(here, '..');
/** Outside of this folder, and ignored by git and by the linters. */
const target = path.join(root, 'target', 'benchmark');

/** `programs` are the names of folders beside this one. */
function prepare({ build, programs = [] }) {
  if (!packagesInstalled(here)) {
    say('Installing the packages of the benchmark (npm ci)');
    if (installPackages(here) !== 0)
      fail('npm ci failed; the lines above say why. It needs a network connection.');
  }
  if (!build) return;
  if (run(process.execPath, [path.join(root, 'scripts', 'prepare.js'), 'release']) !== 0) {
    fail('allcores could not be built; the lines above say why.');
  }
  for (const name of programs) buildProgram(name);
}

function buildProgram(name) {
  // Cargo itself knows best what is stale.
  const manifest = path.join(here, name, 'Cargo.toml');
  if (!fs.existsSync(program(name))) say(`Building ${name} (cargo, release)`);
  const flags = ['--quiet', '--release', '--locked', '--manifest-path', manifest, '--target-dir', target];
  if (run('cargo', ['build', ...flags]) !== 0) {
    fail(`${name} could not be built; the lines above say why.`);
  }
}

/** A program that a benchmark drives. */
function program(name) {
  return path.join(target, 'release', process.platform === 'win32' ? `${name}.exe` : name);
}

function fail(text) {
  throw Object.assign(new Error(text), { expected: true });
}

module.exports = { prepare, program, target };
