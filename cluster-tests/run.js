// Tests allcores/cluster, as it is packed, over a real Redis and a real Postgres: faults of every kind, and after each of them the bits of one machine.
//
//   node cluster-tests/run.js [text ...]    only the files whose name contains a text: `node cluster-tests/run.js redis hostile`
//
// Each file starts redis-server, and postgres, on a free port, with a directory of its own. Where there is none: SKIP.

const { spawn, spawnSync } = require('node:child_process');
const { once } = require('node:events');
const fs = require('node:fs');
const path = require('node:path');
const { installPackages, packagesInstalled, run, say } = require('../scripts/tools.js');
const { install } = require('../release/installed.js');

const root = path.join(__dirname, '..');
const folder = path.join(__dirname, 'tests');

main(process.argv.slice(2));

async function main(texts) {
  const files = fs
    .readdirSync(folder)
    .filter((name) => name.endsWith('.test.js'))
    .filter((name) => texts.length === 0 || texts.some((text) => name.includes(text)))
    .map((name) => path.join(folder, name));
  if (files.length === 0) return fail(`no file in cluster-tests/tests is called ${texts.join(' or ')}`);
  if (spawnSync('redis-server', ['--version']).status !== 0) {
    console.log('cluster: SKIP: there is no redis-server; on Debian: apt-get install redis-server');
    return;
  }
  if (run(process.execPath, [path.join(root, 'scripts', 'prepare.js'), 'release']) !== 0)
    return fail('cluster: no build');
  if (!packagesInstalled(__dirname)) {
    say('Installing bullmq, ioredis and pg (npm ci)');
    if (installPackages(__dirname) !== 0) {
      console.log('cluster: SKIP: npm cannot install the queue; the lines above say why');
      return;
    }
  }
  await install(path.join(__dirname, 'node_modules'));
  const missing = require('./helpers/postgres.js').postgresMissing();
  if (missing !== undefined) console.log(`cluster: SKIP what is on Postgres: ${missing}`);
  // One file after the other: their workers take all processors.
  const concurrency = '--test-concurrency=1';
  const child = spawn(process.execPath, ['--test', concurrency, '--test-reporter=spec', ...files], {
    cwd: __dirname,
    stdio: 'inherit',
    env: { ...process.env, NODE_TEST_CONTEXT: undefined },
  });
  const [code, signal] = await once(child, 'exit');
  if (code !== 0) fail(`cluster: FAILED (${code ?? signal})`);
}

function fail(text) {
  console.error(text);
  process.exitCode = 1;
}
