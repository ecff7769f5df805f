'use strict';

// Runs the JavaScript tests: every __test__/**/*.test.js, in node's own test runner.
//
//   node scripts/test.js [text ...] [--again] [--option ...]
//
//   text       run only the files whose path contains it: `node scripts/test.js abort`
//   --again    run a file that fails once again, by itself: only if it fails then, too, it has failed
//   --option   passed on to node: `node scripts/test.js --test-only`
//
// The files are listed here because Node 20 knows no globs and Node 22 takes no folder.

const { spawn } = require('node:child_process');
const { once } = require('node:events');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');

const root = path.join(__dirname, '..');
const args = process.argv.slice(2);
const again = args.includes('--again');
const options = args.filter((arg) => arg.startsWith('-') && arg !== '--again');
const wanted = args.filter((arg) => !arg.startsWith('-'));

/** With --again, so many files are run once more. */
const FEW = 5;
const FAILED = './scripts/failed.js';

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

// One more file than there are CPUs: many wait for processes that they have started. Node 20.9 cannot be told.
const [major, minor] = process.versions.node.split('.').map(Number);
if (!options.some((option) => option.startsWith('--test-concurrency')) && (major > 20 || minor >= 10)) {
  options.unshift(`--test-concurrency=${os.availableParallelism() + 1}`);
}

main().catch((error) => {
  console.error(error);
  process.exitCode = 1;
});

async function main() {
  const report = path.join(root, 'target', `failed-${process.pid}`);
  fs.mkdirSync(path.dirname(report), { recursive: true });
  const code = await run(
    files,
    again ? [`--test-reporter=${FAILED}`, `--test-reporter-destination=${report}`] : [],
  );
  if (code !== 0 && again) process.exitCode = await runAgain(failedFiles(report), code);
  else process.exitCode = code;
  fs.rmSync(report, { force: true });
}

/** Runs the files; returns the exit code. */
async function run(files, reporter = []) {
  const spec = ['--test-reporter=spec', '--test-reporter-destination=stdout'];
  const child = spawn(process.execPath, ['--test', ...spec, ...reporter, ...options, ...files], {
    cwd: root,
    stdio: 'inherit',
  });
  const [code, signal] = await once(child, 'exit');
  if (signal) console.error(`The test runner was ended by ${signal}`);
  return code ?? 1;
}

function failedFiles(report) {
  const lines = fs.readFileSync(report, 'utf8').split('\n');
  return [...new Set(lines.filter((line) => line !== '').map((line) => path.resolve(root, line)))]
    .map((file) => path.relative(root, file))
    .filter((file) => files.includes(file));
}

/** Runs each of the files by itself; returns the exit code of all, `code` if there is nothing to run. */
async function runAgain(failed, code) {
  // So many at once are no accident.
  if (failed.length === 0 || failed.length > FEW) return code;
  const bad = [];
  for (const file of failed) {
    console.log(`\n--- Once again: ${file}`);
    if ((await run([file])) !== 0) bad.push(file);
  }
  console.log();
  for (const file of failed) {
    console.log(
      bad.includes(file) ? `✖ failed twice: ${file}` : `↻ FLAKY, passed only when run again: ${file}`,
    );
  }
  return bad.length === 0 ? 0 : code;
}
