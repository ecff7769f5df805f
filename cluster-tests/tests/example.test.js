// examples/cluster, over workers that are killed while it is stopped and goes on.

const assert = require('node:assert/strict');
const fs = require('node:fs');
const path = require('node:path');
const { test } = require('node:test');
const { parse } = require('yaml');
const allcores = require('allcores');
const { SECRET, TestCluster } = require('../helpers/cluster.js');
const { Command } = require('../helpers/command.js');
const { emptyFolder, yaml } = require('../helpers/document.js');

const EXAMPLES = path.join(__dirname, '..', '..', 'examples');
const read = (name) => fs.readFileSync(path.join(EXAMPLES, 'cluster', name), 'utf8');

/** As in a program of one's own, which has the packed package. */
function program(t) {
  const text = read('main.js')
    .replace('../../cluster.js', 'allcores/cluster')
    .replaceAll('../common', path.join(EXAMPLES, 'common').replaceAll('\\', '/'));
  const file = path.join(emptyFolder(t), 'main.js');
  fs.writeFileSync(file, text);
  return file;
}

function gcd(a, b) {
  while (b !== 0) [a, b] = [b, a % b];
  return a;
}

test('it prints what its README says', async (t) => {
  const cluster = await TestCluster.start(t, { workers: 1 });
  const env = { ALLCORES_CONNECTION: cluster.server.url, ALLCORES_SECRET: SECRET };
  const main = new Command(t, ['--num', '1000'], { command: program(t), env });
  assert.equal(await main.end(), 0, main.text);
  assert.ok(read('README.md').includes(`\`\`\`\n${main.text}\n\`\`\`\n`), main.text);
  await cluster.leavesNothing();
});

test('it is stopped, its worker is killed, and it goes on', async (t) => {
  const cluster = await TestCluster.start(t, { workers: 1 });
  const env = { ALLCORES_CONNECTION: cluster.server.url, ALLCORES_SECRET: SECRET };
  const num = 6000;
  const start = () => new Command(t, ['--num', `${num}`], { command: program(t), env });
  const first = start();
  const key = `allcores:run:coprime-${num}`;
  while ((await cluster.server.client.exists(key)) === 0) await new Promise((done) => setTimeout(done, 20));
  assert.equal(await first.end('SIGINT'), 0, first.text);
  assert.match(first.text, /^stopped/);
  assert.equal(await cluster.server.client.exists(key), 1);
  await cluster.processes.end(cluster.workers.pop().child, 'SIGKILL');
  cluster.workers.push(await cluster.worker());
  const second = start();
  assert.equal(await second.end(), 0, second.text);
  const pairs = await allcores.count([num, num], (a, b) => gcd(a + 1, b + 1) === 1, { data: { gcd } });
  assert.match(second.text, new RegExp(`common factor: ${pairs}$`, 'm'));
  await cluster.leavesNothing();
});

test('its Redis is that of docs/cluster.md', () => {
  assert.deepEqual(parse(read('compose.yaml')), yaml('compose.yaml')[0]);
});

test('what is missing is named in one line', async (t) => {
  const env = { ALLCORES_CONNECTION: 'redis://127.0.0.1:1', ALLCORES_SECRET: undefined };
  const main = new Command(t, [], { command: program(t), env });
  assert.equal(await main.end(), 1);
  assert.match(main.text, /^ERR_INVALID_ARG_TYPE: .*options\.secret/);
});
