'use strict';

// Runs the JavaScript tests: every __test__/**/*.test.js, in node's own test runner.
//
//   node scripts/test.js [text ...] [--option ...]
//
//   text       run only the files whose path contains it: `node scripts/test.js abort`
//   --option   passed on to node: `node scripts/test.js --test-only`
//
// The files are listed here because Node 20 knows no globs and Node 22 takes no folder.

const { spawn } = require('node:child_process');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');

const root = path.join(__dirname, '..');
const args = process.argv.slice(2);
const options = args.filter((arg) => arg.startsWith('-'));
const wanted = args.filter((arg) => !arg.startsWith('-'));

/** The files that take longest start first, so that the end is not a wait for one of them. */
const LONGEST = ['teardown', 'leaks', 'soak', 'threads-refused', 'hostile', 'sum'];

const rank = (file) => (LONGEST.findIndex((name) => file.split(path.sep)[1].startsWith(name)) + 7) % 7;

const files = fs
  .readdirSync(path.join(root, '__test__'), { recursive: true })
  .filter((file) => file.endsWith('.test.js'))
  .map((file) => path.join('__test__', file))
  .filter((file) => wanted.length === 0 || wanted.some((text) => file.includes(text)))
  .sort((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1));

if (files.length === 0) {
  console.error(`No test file in __test__ matches ${wanted.join(', ') || '*.test.js'}`);
  process.exit(1);
}

// One file per CPU, but two at least: many wait for processes that they have started. Node 20.9 cannot be told.
const [major, minor] = process.versions.node.split('.').map(Number);
if (!options.some((option) => option.startsWith('--test-concurrency')) && (major > 20 || minor >= 10)) {
  options.unshift(`--test-concurrency=${Math.max(2, os.availableParallelism())}`);
}

const child = spawn(process.execPath, ['--test', '--test-reporter=spec', ...options, ...files], {
  cwd: root,
  stdio: 'inherit',
});
child.on('exit', (code, signal) => {
  if (signal) console.error(`The test runner was ended by ${signal}`);
  process.exitCode = code ?? 1;
});
