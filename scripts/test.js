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
const path = require('node:path');

const root = path.join(__dirname, '..');
const args = process.argv.slice(2);
const options = args.filter((arg) => arg.startsWith('-'));
const wanted = args.filter((arg) => !arg.startsWith('-'));

const files = fs
  .readdirSync(path.join(root, '__test__'), { recursive: true })
  .filter((file) => file.endsWith('.test.js'))
  .map((file) => path.join('__test__', file))
  .filter((file) => wanted.length === 0 || wanted.some((text) => file.includes(text)))
  .sort();

if (files.length === 0) {
  console.error(`No test file in __test__ matches ${wanted.join(', ') || '*.test.js'}`);
  process.exit(1);
}

const child = spawn(process.execPath, ['--test', '--test-reporter=spec', ...options, ...files], {
  cwd: root,
  stdio: 'inherit',
});
child.on('exit', (code, signal) => {
  if (signal) console.error(`The test runner was ended by ${signal}`);
  process.exitCode = code ?? 1;
});
