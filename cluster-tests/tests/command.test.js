// The command allcores-worker: what it says, and how it ends.

const assert = require('node:assert/strict');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { test } = require('node:test');
const { version } = require('allcores/package.json');
const { COUNT, DATA, SECRET, TestCluster, body, expected, progressThat } = require('../helpers/cluster.js');
const { COMMAND, Command } = require('../helpers/command.js');

const LISTENS = /^allcores-worker: .+ listens to allcores-\S+ with 1 thread$/;

function folderOf(t) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'allcores-command-'));
  t.after(() => fs.rmSync(folder, { recursive: true, force: true }));
  return folder;
}

test('two commands compute a sum; one is killed, the other is asked to leave when it is done', async (t) => {
  const cluster = await TestCluster.start(t, { workers: 0 });
  const file = path.join(folderOf(t), 'secret');
  // As `echo` and editors write it.
  fs.writeFileSync(file, `${SECRET}\n`);
  const first = new Command(t, ['--secret-file', file, '--name', 'first'], {
    env: { ALLCORES_CONNECTION: cluster.server.url },
  });
  const second = new Command(t, ['--connection', cluster.server.url, '--threads', '1', '--name', 'second'], {
    env: { ALLCORES_SECRET: SECRET, ALLCORES_CONNECTION: 'redis://nowhere.invalid' },
  });
  const lines = await Promise.all([first.line(LISTENS), second.line(LISTENS)]);
  const client = await cluster.connect();
  for (const line of lines) assert.ok(line.includes(client.queue), line);
  const names = (await client.workers()).map(({ id }) => id.replace(/[^a-z].*/, ''));
  assert.deepEqual(names.sort(), ['first', 'second']);
  const { promise, onProgress } = progressThat(({ done, total }) => done > total / 3);
  const call = client.sumRange(COUNT, body, { data: DATA, onProgress });
  await promise;
  assert.equal(await first.end('SIGKILL'), 'SIGKILL');
  assert.equal(await call, await expected());
  assert.equal(await second.end('SIGTERM'), 0);
  assert.match(second.text, /SIGTERM: finishes its chunk.*\n.*second.* has left$/);
  assert.ok(!`${first.text}${second.text}`.includes(SECRET));
  await client.close();
});

test('a worker that is asked in the middle of a chunk finishes it; asked twice, it gives it back', async (t) => {
  const cluster = await TestCluster.start(t, { workers: 0 });
  const start = () =>
    new Command(t, [], { env: { ALLCORES_CONNECTION: cluster.server.url, ALLCORES_SECRET: SECRET } });
  const [polite, hasty] = [start(), start()];
  await Promise.all([polite.line(LISTENS), hasty.line(LISTENS)]);
  const client = await cluster.connect();
  const { promise, onProgress, all } = progressThat(({ done }) => done > 0);
  const call = client.sumRange(COUNT, body, { data: DATA, onProgress });
  await promise;
  assert.equal(await polite.end('SIGINT'), 0);
  const another = start();
  await another.line(LISTENS);
  hasty.child.kill('SIGTERM');
  await hasty.line(/SIGTERM/);
  assert.equal(await hasty.end('SIGTERM'), 0);
  assert.equal(await call, await expected());
  assert.ok(all.length > 0);
  assert.equal(await another.end('SIGHUP'), 0);
  assert.match(another.text, /has left$/);
  await cluster.leavesNothing();
});

test('a command that cannot start says why in one line, and what to do', async (t) => {
  const folder = folderOf(t);
  const at = (name, text) => {
    fs.writeFileSync(path.join(folder, name), text);
    return path.join(folder, name);
  };
  const connection = ['--connection', 'redis://127.0.0.1:1'];
  const secret = ['--secret-file', at('secret', SECRET)];
  const none = { ALLCORES_CONNECTION: undefined, ALLCORES_SECRET: undefined };
  for (const [args, env, code, message] of [
    [secret, none, 2, /where is Redis, or Postgres\? --connection/],
    [connection, none, 2, /which secret\?.*randomBytes/],
    [[...connection, '--secret-file', path.join(folder, 'missing')], none, 2, /ENOENT/],
    [[...connection, '--secret-file', at('empty', ' \n')], none, 2, /no secret in/],
    [[...connection, '--secret-file', at('bytes', Buffer.from([0xff, 0xfe]))], none, 2, /no text/],
    [[...connection, '--secret-file', at('short', 'short')], none, 1, /ERR_OUT_OF_RANGE.*16 bytes/],
    [[...connection, ...secret, '--threads', 'many'], none, 2, /--threads must be a number/],
    [[...connection, ...secret, '--threads', '0'], none, 1, /ERR_OUT_OF_RANGE.*threads/],
    [[...connection, ...secret, '--name', 'a:b'], none, 1, /ERR_OUT_OF_RANGE.*name/],
    [[...secret, '--connection', 'redis://['], none, 1, /ERR_OUT_OF_RANGE.*url/],
    [[...connection, ...secret, '--colour'], none, 2, /--colour/],
    [['extra'], none, 2, /extra/],
  ]) {
    const command = new Command(t, args, { env });
    assert.equal(await command.end(), code, command.text);
    assert.match(command.text, message);
    assert.equal(command.lines.length, 1, command.text);
  }
});

test('--help and --version', async (t) => {
  const help = new Command(t, ['--help']);
  assert.equal(await help.end(), 0);
  for (const option of ['connection', 'secret-file', 'threads', 'name', 'prefix'])
    assert.match(help.text, new RegExp(`--${option} `));
  const about = new Command(t, ['--version']);
  assert.equal(await about.end(), 0);
  assert.equal(about.text, version);
});

test('without bullmq it says what to install', async (t) => {
  const modules = path.join(folderOf(t), 'node_modules');
  const source = path.join(path.dirname(COMMAND), '..', '..');
  for (const name of fs.readdirSync(source).filter((name) => name.startsWith('allcores')))
    fs.cpSync(path.join(source, name), path.join(modules, name), { recursive: true });
  const command = path.join(modules, 'allcores', 'bin', 'allcores-worker.js');
  const worker = new Command(t, ['--connection', 'redis://127.0.0.1:1'], {
    command,
    env: { ALLCORES_SECRET: SECRET },
  });
  assert.equal(await worker.end(), 1);
  assert.match(worker.text, /^allcores-worker: ERR_CLUSTER_PEERS: .*npm install bullmq@6 ioredis$/);
});

test('it goes on when Redis comes back, and can be asked to leave while it is away', async (t) => {
  const cluster = await TestCluster.start(t, { workers: 0 });
  const env = { ALLCORES_CONNECTION: cluster.server.url, ALLCORES_SECRET: SECRET };
  const worker = new Command(t, [], { env });
  await worker.line(LISTENS);
  await cluster.server.end('SIGKILL');
  await worker.line(/ECONNREFUSED/);
  const client = await cluster.server.run().then(() => cluster.connect());
  assert.equal(await client.sumRange(COUNT, body, { data: DATA }), await expected());
  await client.close();
  await cluster.server.end('SIGKILL');
  assert.equal(await worker.end('SIGTERM'), 0);
});
