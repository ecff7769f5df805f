'use strict';

// What prepares a checkout, and what prepares the benchmark: npm packages that are missing, commands whose output is not
// the program's. All output goes to stderr.

const { spawnSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');

/**
 * Whether the node_modules of a folder is what its package-lock.json asks for; optional packages may be missing. npm
 * writes what it installed to node_modules/.package-lock.json as its last step; comparing versions, not dates, survives a
 * checkout that touches every file.
 */
function packagesInstalled(folder) {
  const wanted = readJson(path.join(folder, 'package-lock.json'))?.packages;
  const installed = readJson(path.join(folder, 'node_modules', '.package-lock.json'))?.packages;
  if (!wanted || !installed) return false;
  return Object.entries(wanted).every(([location, entry]) => {
    if (location === '') return true;
    const found = installed[location];
    return found ? found.version === entry.version : entry.optional === true;
  });
}

/** Runs `npm ci` there, without install scripts; returns its exit code. */
function installPackages(folder) {
  return npm(['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], { cwd: folder });
}

/** Runs npm with its output on our stderr; returns its exit code. */
function npm(args, options) {
  // Under `npm start` the path of npm's own script is known; that also avoids npm.cmd, which needs a shell on Windows.
  const cli = process.env.npm_execpath;
  return cli !== undefined && /npm-cli\.[cm]?js$/.test(cli)
    ? run(process.execPath, [cli, ...args], options)
    : run('npm', args, { ...options, shell: process.platform === 'win32' });
}

/** Runs a command with its output on our stderr; returns its exit code, or 1 when a signal ended it or there is none. */
function run(command, args, options) {
  const child = spawnSync(command, args, { stdio: ['ignore', 2, 2], ...options });
  if (child.error) process.stderr.write(`cannot run ${command}: ${child.error.message}\n`);
  return child.status ?? 1;
}

/** What a JSON file holds; undefined if there is none. */
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

module.exports = { installPackages, npm, packagesInstalled, readJson, run, say };
