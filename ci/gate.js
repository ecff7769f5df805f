'use strict';

// Runs one gate: a tool that checks the sources, and mutants of the sources that the tool must catch.
//
//   node ci/gate.js <gate> [--tests | --mutants] [text ...]
//
//   gate        the name of a script in ci/ and of a folder in ci/mutants/: asan, cluster, fuzz, kernel, loom,
//               miri, shuttle, tsan
//   --tests     only the gate's tests, on the sources as they are
//   --mutants   only the mutants; with a text, only those whose name contains it
//   --sample    of many mutants a fourth, which one depends on the commit; all with ALLCORES_LONG=1
//
// The gate is ci/<gate>.sh. Without arguments it runs all its tests; with the words of a mutant's `test:` line, those
// tests. It runs in a copy of the checkout, target/gates/<gate>/tree, and builds into a target folder that all runs share,
// so that a mutant recompiles only what it changes. Exit code 77 means that a tool is missing.
//
// A mutant is ci/mutants/<gate>/<name>.patch. It starts with two lines:
//
//   test: the arguments of ci/<gate>.sh
//   expect: a regular expression that matches the output when the mutant is caught
//
// A mutant that does not apply, does not compile or is not caught fails the gate. So does a model that no mutant names: it
// may be one that cannot fail.

const { spawnSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');
const { readMutants } = require('./gate/mutants.js');
const { Tree } = require('./gate/tree.js');

const root = path.join(__dirname, '..');
const MISSING = 77;
/** Gates whose script prints the names of its tests for `--list`. Each of them must be named by a mutant. */
const LISTING = ['loom', 'shuttle'];
/** Longer than any mutant needs. A mutant that hangs must be caught by the gate's own means. */
const LIMIT_MS = 1_800_000;

process.exitCode = main(process.argv.slice(2));

function main([gate, ...args]) {
  const script = path.join('ci', `${gate}.sh`);
  const folder = path.join(root, 'ci', 'mutants', String(gate));
  if (!fs.existsSync(path.join(root, script)) || !fs.existsSync(folder)) {
    return fail(`gate.js: expected one of ${fs.readdirSync(path.dirname(folder)).join(', ')}, got "${gate}"`);
  }
  const only = ['--tests', '--mutants'].filter((option) => args.includes(option));
  const texts = args.filter((arg) => !arg.startsWith('--'));
  const home = path.join(root, 'target', 'gates', gate);
  const tree = new Tree(root, path.join(home, 'tree'));
  const env = {
    ...process.env,
    CARGO_TARGET_DIR: path.join(home, 'build'),
    CARGO_INCREMENTAL: '1',
    RUST_BACKTRACE: '0',
    ALLCORES_CHECKOUT: root,
  };
  const run = (words, options) =>
    spawnSync('bash', [script, ...words], { cwd: tree.folder, env, timeout: LIMIT_MS, ...options });

  if (!only.includes('--mutants')) {
    tree.restore();
    const { status } = run([], { stdio: ['ignore', 'inherit', 'inherit'], timeout: undefined });
    if (status === MISSING) return 0;
    if (status !== 0) return fail(`${gate}: FAILED`);
    console.log(`${gate}: passed`);
  }
  if (only.includes('--tests')) return 0;

  const all = readMutants(folder, texts);
  const mutants = args.includes('--sample') && !process.env.ALLCORES_LONG ? sample(all) : all;
  if (mutants.length === 0) return fail(`${gate}: no mutant in ${path.relative(root, folder)}`);
  if (LISTING.includes(gate) && texts.length === 0) {
    tree.restore();
    const { status, stdout, stderr } = run(['--list'], { encoding: 'utf8' });
    if (status !== 0) return fail(`${stderr}${gate}: cannot list its tests`);
    const names = stdout.trim().split('\n');
    const unnamed = names.filter((name) => !mutants.some(({ test }) => test.includes(name)));
    if (unnamed.length > 0) return fail(`${gate}: FAILED: no mutant names ${unnamed.join(', ')}`);
    console.log(`${gate}: mutants name all ${names.length} models`);
  }
  const escaped = mutants.filter((mutant) => {
    const [problem, output] = check(mutant, tree, run);
    if (problem === undefined) return false;
    const log = path.join(home, `${mutant.name}.log`);
    fs.writeFileSync(log, output);
    const end = output.trimEnd().split('\n').slice(-40).join('\n');
    console.log(`...\n${end}\n${gate}: ${mutant.name}: ${problem}; see ${path.relative(root, log)}`);
    return true;
  });
  if (escaped.length > 0) {
    return fail(`${gate}: FAILED: ${escaped.length} of ${mutants.length} mutants were not caught`);
  }
  const which = mutants.length < all.length ? `${mutants.length} of ${all.length}` : `all ${all.length}`;
  console.log(`${gate}: ${which} mutants were caught`);
  return 0;
}

/** One of four neighbors by name, so that there are some of each kind; after some commits all have had their turn. */
function sample(mutants) {
  const { stdout } = spawnSync('git', ['rev-parse', 'HEAD'], { cwd: root, encoding: 'utf8' });
  const turn = Number.parseInt(stdout.trim().slice(-4), 16) || 0;
  return mutants.filter((_, index) => (index + turn) % 4 === 0);
}

/** What is wrong with a mutant, and the output that shows it; nothing if it was caught. */
function check({ name, patch, test, expect }, tree, run) {
  tree.restore();
  const applied = spawnSync('patch', ['-s', '-p1', '-i', patch], { cwd: tree.folder, encoding: 'utf8' });
  if (applied.status !== 0) {
    return ['no longer applies; bring it up to date with the sources', applied.stdout + applied.stderr];
  }
  const began = performance.now();
  const { status, stdout, stderr } = run(test, { encoding: 'utf8', maxBuffer: 2 ** 28 });
  const output = `${stdout}${stderr}`;
  if (status === MISSING) {
    console.log(stdout.trim());
    return [];
  }
  if (/^error: could not compile/m.test(output)) return ['does not compile', output];
  if (status === 0) return [`was NOT caught by: ${test.join(' ')}`, output];
  const found = expect.exec(output);
  if (!found) return [`failed, but the output does not match ${expect}`, output];
  const seconds = ((performance.now() - began) / 1000).toFixed(0);
  console.log(`caught ${name}: ${found[0].trim()} (${seconds} s)`);
  return [];
}

function fail(text) {
  console.error(text);
  return 1;
}
