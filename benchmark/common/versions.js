'use strict';

// What was measured: versions of everything that takes part.

const { execFileSync } = require('node:child_process');
const path = require('node:path');
const { readJson } = require('../../scripts/tools');
const { ask } = require('./machine');

/** `packages` are names of npm packages of the benchmark. */
function versions(packages) {
  return {
    allcores: `${require('../../package.json').version}${commit()}`,
    node: process.versions.node,
    v8: process.versions.v8,
    rustc: ask('rustc', '--version')?.split(' ')[1] ?? 'unknown',
    ...Object.fromEntries(packages.map((name) => [name, versionOf(name)])),
  };
}

function versionOf(name) {
  return readJson(path.join(__dirname, '..', 'node_modules', name, 'package.json')).version;
}

/** ' (1234567)', with a + when files have changed since; nothing outside of a git checkout. */
function commit() {
  const git = (...args) => {
    const options = {
      cwd: path.join(__dirname, '..', '..'),
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    };
    return execFileSync('git', args, options).trim();
  };
  try {
    const changed =
      git('status', '--porcelain', '--untracked-files=no', '--', 'src', 'crates', 'lib', 'index.js') !== '';
    return ` (${git('rev-parse', '--short', 'HEAD')}${changed ? '+' : ''})`;
  } catch {
    return '';
  }
}

module.exports = { versions };
