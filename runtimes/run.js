// Runs the JavaScript tests on other runtimes: versions of Node, Bun and Deno, as npm packages (runtimes/package.json).
//
//   node runtimes/run.js [--brief | --between | --smoke] [--others] [runtime ...] [text ...]
//   node runtimes/run.js --install
//
//   runtime   node@20.9, node@20, node@22, node@24, node@26, node (all of these), bun, deno; all by default
//   text      run only the files whose path contains it: `node runtimes/run.js bun deno abort`
//
//   --brief     leave out the files whose outcome does not depend on the runtime
//   --between   run what a line of Node needs between two that run more: those of --smoke, and what the engine computes
//   --smoke     run one file for each thing that a runtime may do in its own way, and no others
//   --others    leave out the line of Node that runs this: `npm test` covers it
//   --install   run nothing; build and install what is missing, so that several of these commands can run at once
//
// A file that fails is run once again: only if it fails then, too, it has failed. The table counts those that did not.
//
// What a runtime is known to fail stands in runtimes/known.js with the reason. It is run all the same, and an entry that
// passes is an error, as is one that no test has the name of. Output of the runs: target/runtimes.

const { spawn } = require('node:child_process');
const { once } = require('node:events');
const fs = require('node:fs');
const path = require('node:path');
const { installPackages, packagesInstalled, run, say } = require('../scripts/tools.js');
const { BETWEEN, INDEPENDENT, PATIENCE, RUNTIMES, SMOKE, missing } = require('./catalogue.js');
const { judge, twice } = require('./judge.js');

const root = path.join(__dirname, '..');
const packages = __dirname;
const output = path.join(root, 'target', 'runtimes');

main(process.argv.slice(2)).catch((error) => {
  process.stderr.write(`\n${error.expected ? error.message : error.stack}\n`);
  process.exitCode = 1;
});

async function main(args) {
  if (args.includes('--install')) return prepare(RUNTIMES);
  const isRuntime = (arg) => RUNTIMES.some(({ name, family }) => arg === name || arg === family);
  const [brief, others] = ['--brief', '--others'].map((option) => args.includes(option));
  const only = args.includes('--smoke') ? SMOKE : args.includes('--between') ? BETWEEN : undefined;
  const ours = `node@${process.versions.node.split('.')[0]}`;
  const runtimes = RUNTIMES.filter(
    ({ name, family }) => !args.some(isRuntime) || args.includes(name) || args.includes(family),
  ).filter(({ name }) => !(others && name === ours));
  const texts = args.filter((arg) => !arg.startsWith('--') && !isRuntime(arg));
  const files = testFiles(texts).filter(
    (file) => !(brief && INDEPENDENT.includes(file)) && (only?.includes(file) ?? true),
  );
  if (runtimes.length === 0) return console.log(`Nothing to do: npm test runs all of them on ${ours}`);
  prepare(runtimes);
  const rows = [];
  /** file -> the names of the tests that the last version of Node has run, for those whose runner says nothing of a skip. */
  const tests = new Map();
  for (const runtime of runtimes) rows.push(await runAll(runtime, files, tests));
  printTable(rows);
  if (rows.some(({ failed }) => failed > 0)) process.exitCode = 1;
}

function testFiles(texts) {
  const files = fs
    .readdirSync(path.join(root, '__test__'), { recursive: true })
    .filter((file) => file.endsWith('.test.js'))
    .map((file) => `__test__/${file.replaceAll('\\', '/')}`)
    .filter((file) => texts.length === 0 || texts.some((text) => file.includes(text)))
    .sort();
  if (files.length === 0) fail(`Neither a runtime nor a part of a test file's name: ${texts.join(', ')}`);
  return files;
}

function prepare(runtimes) {
  if (runtimes.every(missing)) return;
  if (run(process.execPath, [path.join(root, 'scripts', 'prepare.js'), 'release', 'faults']) !== 0) {
    fail('allcores could not be built; the lines above say why.');
  }
  if (!packagesInstalled(packages)) {
    say('Installing the runtimes (npm ci)');
    if (installPackages(packages) !== 0)
      fail('npm ci failed; the lines above say why. It needs a network connection.');
  }
  // npm takes an optional package that it could not download for one that is not wanted.
  const absent = runtimes.find((runtime) => !missing(runtime) && !fs.existsSync(runtime.path));
  if (absent) fail(`${absent.path} is not there: delete runtimes/node_modules, and try again.`);
}

/** Runs the files on a runtime, one after the other. */
async function runAll(runtime, files, tests) {
  const { name, version } = runtime;
  const row = {
    name,
    version: version ?? '-',
    passed: 0,
    failed: 0,
    skipped: 0,
    known: 0,
    again: 0,
    seconds: 0,
  };
  const reason = missing(runtime);
  if (reason) return { ...row, reason };
  console.log(`\n=== ${name} (${version})`);
  const began = performance.now();
  const asides = [];
  for (const file of files) {
    const { passed, failed, skipped, known, first, seconds } = await twice((attempt) =>
      runFile(runtime, file, tests, attempt),
    );
    row.passed += passed;
    row.failed += failed.length;
    row.skipped += skipped.length;
    row.known += known.length;
    const count = `${passed} passed${failed.length > 0 ? `, ${failed.length} FAILED` : ''}`;
    console.log(`${failed.length > 0 ? '✖' : '✔'} ${file}: ${count} (${seconds.toFixed(1)} s)`);
    if (first.length > 0 && failed.length === 0) {
      row.again++;
      for (const { name, why } of first) asides.push(['FLAKY, passed only when run again', file, name, why]);
    }
    for (const { name, why } of failed) console.log(`    ✖ ${name}\n        ${why}`);
    for (const { name, why } of skipped) asides.push(['skipped', file, name, why]);
    for (const { name, why } of known) asides.push(['known to fail', file, name, why]);
  }
  for (const [what, file, name, why = 'this runner does not tell why'] of asides) {
    console.log(`- ${what}: ${file}: ${name}\n      ${why}`);
  }
  return { ...row, seconds: (performance.now() - began) / 1000 };
}

async function runFile(runtime, file, tests, attempt) {
  const name = file.slice('__test__/'.length).replaceAll('/', '-');
  const stem = path.join(output, runtime.name, attempt === 1 ? name : `${name}.again`);
  fs.mkdirSync(path.dirname(stem), { recursive: true });
  const [log, report] = [`${stem}.log`, `${stem}.report`];
  fs.rmSync(report, { force: true });
  const began = performance.now();
  const end = await execute(runtime, file, log, report);
  const seconds = (performance.now() - began) / 1000;
  const text = fs.existsSync(report) ? fs.readFileSync(report, 'utf8') : '';
  const results = text === '' ? [] : runtime.read(text);
  const why = `see ${path.relative(root, log)}`;
  const judgement = judge({ family: runtime.family, file, end, results, expected: tests.get(file), why });
  if (runtime.family === 'node') {
    const run = results.filter(({ status }) => status !== 'skipped');
    tests.set(file, new Set(run.map(({ name }) => name)));
  }
  return { ...judgement, seconds };
}

/** How the process ended: an exit code, or a signal. Nothing that it started outlives it. */
async function execute(runtime, file, log, report) {
  const out = fs.openSync(log, 'w');
  const child = spawn(runtime.path, runtime.args(file, report), {
    cwd: root,
    detached: true,
    env: { ...process.env, NO_COLOR: '1', NODE_TEST_CONTEXT: undefined },
    stdio: ['ignore', out, out],
  });
  const killAll = () => {
    try {
      process.kill(-child.pid, 'SIGKILL');
    } catch {
      // None of them is left.
    }
  };
  const timer = setTimeout(killAll, PATIENCE * Number(process.env.ALLCORES_TEST_SCALE ?? 1));
  process.once('exit', killAll);
  const [code, signal] = await once(child, 'exit');
  clearTimeout(timer);
  killAll();
  process.off('exit', killAll);
  fs.closeSync(out);
  return code ?? signal;
}

function printTable(rows) {
  const cells = [
    ['runtime', 'version', 'passed', 'failed', 'again', 'known', 'skipped', 'seconds'],
    ...rows.map(({ name, version, passed, failed, again, known, skipped, seconds, reason }) =>
      reason
        ? [name, version, `SKIP: ${reason}`]
        : [name, version, passed, failed, again, known, skipped, seconds.toFixed(0)].map(String),
    ),
  ];
  console.log();
  for (const [name, version, ...rest] of cells) {
    console.log([name.padEnd(9), version.padEnd(8), ...rest.map((cell) => cell.padStart(8))].join(' '));
  }
}

function fail(text) {
  throw Object.assign(new Error(text), { expected: true });
}
