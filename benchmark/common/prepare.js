'use strict';

// Makes the benchmarks ready to run: npm packages that are missing, the addon and the Rust programs that are older than
// their sources. Takes milliseconds when there is nothing to do. Its output goes to stderr.

const { spawnSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');

const here = path.join(__dirname, '..');
const root = path.join(here, '..');
/** Outside of this folder, and ignored by git and by the linters. */
const target = path.join(root, 'target', 'benchmark');

function prepare({ build }) {
  if (!packagesInstalled()) {
    say('Installing the packages of the benchmark (npm ci)');
    installPackages();
  }
  if (!build) return;
  if (run(process.execPath, [path.join(root, 'scripts', 'prepare.js'), 'release']) !== 0) {
    fail('allcores could not be built; the lines above say why.');
  }
  // Cargo itself knows best what is stale.
  const manifest = path.join(here, 'roofline', 'Cargo.toml');
  if (!fs.existsSync(roofline())) say('Building the roofline (cargo, release)');
  const args = [
    'build',
    '--quiet',
    '--release',
    '--locked',
    '--manifest-path',
    manifest,
    '--target-dir',
    target,
  ];
  if (run('cargo', args) !== 0) fail('The roofline could not be built; the lines above say why.');
}

/** The program that the benchmark drives. */
function roofline() {
  return path.join(target, 'release', process.platform === 'win32' ? 'roofline.exe' : 'roofline');
}

/** Whether node_modules is what package-lock.json asks for; optional packages may be missing. */
function packagesInstalled() {
  const wanted = readJson(path.join(here, 'package-lock.json'))?.packages;
  const installed = readJson(path.join(here, 'node_modules', '.package-lock.json'))?.packages;
  if (!wanted || !installed) return false;
  return Object.entries(wanted).every(([location, entry]) => {
    if (location === '') return true;
    const found = installed[location];
    return found ? found.version === entry.version : entry.optional === true;
  });
}

function installPackages() {
  const flags = ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  const cli = process.env.npm_execpath;
  const underNpm = cli !== undefined && /npm-cli\.[cm]?js$/.test(cli);
  const status = underNpm
    ? run(process.execPath, [cli, ...flags])
    : run('npm', flags, { shell: process.platform === 'win32' });
  if (status !== 0) fail('npm ci failed; the lines above say why. It needs a network connection.');
}

/** Runs a command with its output on our stderr; returns its exit code, or 1 when a signal ended it. */
function run(command, args, options) {
  const child = spawnSync(command, args, { cwd: here, stdio: ['ignore', 2, 2], ...options });
  if (child.error) fail(`cannot run ${command}: ${child.error.message}`);
  return child.status ?? 1;
}

function readJson(file) {
  try {
    return JSON.parse(fs.readFileSync(file, 'utf8'));
  } catch (error) {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  }
}

function say(text) {
  process.stderr.write(`\n--- ${text}\n`);
}

function fail(text) {
  throw Object.assign(new Error(text), { expected: true });
}

module.exports = { prepare, roofline };
