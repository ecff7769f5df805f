// Tests the package, as it is packed, with the test runners and polyfills of its users.
//
//   node ecosystem/run.js [text ...]    only the cases whose name contains a text: `node ecosystem/run.js vitest mocha`
//
// known.js lists what is known to fail. Such a test runs all the same, and fails the run once it passes. Output of the
// cases: target/ecosystem.

const { spawn } = require('node:child_process');
const { once } = require('node:events');
const fs = require('node:fs');
const path = require('node:path');
const { installPackages, packagesInstalled, run, say } = require('../scripts/tools.js');
const { install } = require('../release/installed.js');
const { CASES, REPORT } = require('./cases.js');
const KNOWN = require('./known.js');

const root = path.join(__dirname, '..');
const output = path.join(root, 'target', 'ecosystem');
const LIMIT_MS = 240_000;

main(process.argv.slice(2));

async function main(texts) {
  const cases = CASES.filter(({ name }) => texts.length === 0 || texts.some((text) => name.includes(text)));
  if (cases.length === 0) return fail(`expected a part of: ${CASES.map(({ name }) => name).join(', ')}`);
  if (run(process.execPath, [path.join(root, 'scripts', 'prepare.js'), 'release']) !== 0)
    return fail('no build');
  if (!packagesInstalled(__dirname)) {
    say('Installing the test runners (npm ci)');
    if (installPackages(__dirname) !== 0) {
      console.log('ecosystem: SKIP: npm cannot install the test runners; the lines above say why');
      return;
    }
  }
  await install(path.join(__dirname, 'node_modules'));
  fs.mkdirSync(output, { recursive: true });
  let failures = 0;
  for (const one of cases) failures += await runCase(one);
  if (failures > 0) fail(`ecosystem: ${failures} FAILED`);
  else console.log(`ecosystem: ${cases.length} cases passed`);
}

/** The number of failures. */
async function runCase({ name, command, read }) {
  const stem = path.join(output, name.replaceAll(/[^\w-]+/g, '-'));
  const [log, report] = [`${stem}.log`, `${stem}.json`];
  fs.rmSync(report, { force: true });
  const began = performance.now();
  const end = await execute(
    command.map((word) => word.replace(REPORT, report)),
    log,
  );
  const results = read && fs.existsSync(report) ? read(JSON.parse(fs.readFileSync(report, 'utf8'))) : [];
  // Without a report, or without a failure in it, the exit code decides.
  const broken = end !== 0 && !results.some(({ failed }) => failed);
  results.push({
    name: 'the run',
    failed: broken || (read && results.length === 0),
    why: `ended with ${end}`,
  });

  const problems = judge(name, results);
  const seconds = ((performance.now() - began) / 1000).toFixed(1);
  const known = results.filter(({ failed }) => failed).length;
  const count = `${results.filter(({ failed }) => !failed).length} passed, ${known} failed`;
  console.log(`${problems.length > 0 ? '✖' : '✔'} ${name}: ${count} (${seconds} s)`);
  for (const { test, why } of problems) {
    console.log(`    ✖ ${test}\n        ${String(why).split('\n').slice(0, 6).join('\n        ')}`);
  }
  if (problems.length > 0) console.log(`    see ${path.relative(root, log)}`);
  return problems.length;
}

/** What fails and is not known to, and what is known to fail and does not. */
function judge(name, results) {
  const known = KNOWN.filter((entry) => entry.case === name);
  const isKnown = (test) => known.some((entry) => entry.test === test);
  const failed = results.filter((result) => result.failed && !isKnown(result.name));
  const stale = known.filter(({ test }) => !results.some((result) => result.failed && result.name === test));
  return [
    ...failed.map((result) => ({ test: result.name, why: result.why })),
    ...stale.map(({ test }) => ({ test, why: 'does not fail: remove it from ecosystem/known.js' })),
  ];
}

/** The exit code or the signal. */
async function execute(command, log) {
  const out = fs.openSync(log, 'w');
  const child = spawn(process.execPath, command, {
    cwd: __dirname,
    env: { ...process.env, NO_COLOR: '1', CI: '1', NODE_TEST_CONTEXT: undefined },
    stdio: ['ignore', out, out],
    timeout: LIMIT_MS,
    killSignal: 'SIGKILL',
  });
  const [code, signal] = await once(child, 'exit');
  fs.closeSync(out);
  return code ?? signal;
}

function fail(text) {
  console.error(text);
  process.exitCode = 1;
}
