'use strict';

// Runs one gate: a tool that checks the sources, and mutants of the sources that the tool must catch.
//
//   node ci/gate.js <gate> [--tests | --mutants] [text ...]
//
//   gate        the name of a script in ci/ and of a folder in ci/mutants/: asan, cluster, fuzz, kernel, loom,
//               miri, shuttle, tsan
//   --tests     only the gate's tests, on the sources as they are
//   --mutants   only the mutants; with a text, only those whose name contains it
//   --sample    one of eight mutants, and some of those of what has just changed; all with ALLCORES_LONG=1
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
const { run } = require('./gate/run.js');
const { sample, situationOf } = require('./gate/sample.js');
const { Tree } = require('./gate/tree.js');

const root = path.join(__dirname, '..');
const MISSING = 77;
/** Gates whose script prints the names of its tests for `--list`. Each of them must be named by a mutant. */
const LISTING = ['loom', 'shuttle'];
/** Gates whose standard output has the name of a test as soon as it has failed, and no other: the run of a mutant ends there. */
const TELLING = ['kernel'];
/** Of so many mutants a sample has one. */
const SHARE = 8;

// So that what it has started ends with it.
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(1));
main(process.argv.slice(2)).then(
  (code) => {
    process.exitCode = code;
  },
  (error) => {
    console.error(error);
    process.exitCode = 1;
  },
);

async function main([gate, ...args]) {
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
  const inTree = { cwd: tree.folder, env };

  if (!only.includes('--mutants')) {
    tree.restore();
    const { status } = spawnSync('bash', [script], { ...inTree, stdio: ['ignore', 'inherit', 'inherit'] });
    if (status === MISSING) return 0;
    if (status !== 0) return fail(`${gate}: FAILED`);
    console.log(`${gate}: passed`);
  }
  if (only.includes('--tests')) return 0;

  const all = readMutants(folder, texts);
  const isSample = args.includes('--sample') && !process.env.ALLCORES_LONG;
  const mutants = isSample ? sample(all, SHARE, situationOf(root)) : all;
  if (mutants.length === 0) return fail(`${gate}: no mutant in ${path.relative(root, folder)}`);
  if (LISTING.includes(gate) && texts.length === 0) {
    tree.restore();
    const { status, stdout, stderr } = spawnSync('bash', [script, '--list'], { ...inTree, encoding: 'utf8' });
    if (status !== 0) return fail(`${stderr}${gate}: cannot list its tests`);
    const names = stdout.trim().split('\n');
    const unnamed = names.filter((name) => !all.some(({ test }) => test.includes(name)));
    if (unnamed.length > 0) return fail(`${gate}: FAILED: no mutant names ${unnamed.join(', ')}`);
    console.log(`${gate}: mutants name all ${names.length} models`);
  }
  let escaped = 0;
  for (const mutant of mutants) {
    const [problem, output] = await check(mutant, tree, (words) =>
      run('bash', [script, ...words], inTree, TELLING.includes(gate) ? mutant.expect : undefined),
    );
    if (problem === undefined) continue;
    escaped++;
    const log = path.join(home, `${mutant.name}.log`);
    fs.writeFileSync(log, output);
    const end = output.trimEnd().split('\n').slice(-40).join('\n');
    console.log(`...\n${end}\n${gate}: ${mutant.name}: ${problem}; see ${path.relative(root, log)}`);
  }
  if (escaped > 0) {
    return fail(`${gate}: FAILED: ${escaped} of ${mutants.length} mutants were not caught`);
  }
  const which = mutants.length < all.length ? `${mutants.length} of ${all.length}` : `all ${all.length}`;
  console.log(`${gate}: ${which} mutants were caught`);
  return 0;
}

/** What is wrong with a mutant, and the output that shows it; nothing if it was caught. */
async function check({ name, patch, test, expect }, tree, run) {
  tree.restore();
  const applied = spawnSync('patch', ['-s', '-p1', '-i', patch], { cwd: tree.folder, encoding: 'utf8' });
  if (applied.status !== 0) {
    return ['no longer applies; bring it up to date with the sources', applied.stdout + applied.stderr];
  }
  const began = performance.now();
  const { status, output, isCut } = await run(test);
  if (status === MISSING) {
    console.log(output.trim());
    return [];
  }
  if (/^error: could not compile/m.test(output)) return ['does not compile', output];
  if (status === 0) return [`was NOT caught by: ${test.join(' ')}`, output];
  if (status === 'SIGKILL' && !isCut) return [`took too long: ${test.join(' ')}`, output];
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
