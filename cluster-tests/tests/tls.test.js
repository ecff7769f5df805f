// A Redis that talks TLS alone, and a user that may do what docs/cluster.md lets it do, and nothing else.

const assert = require('node:assert/strict');
const { spawnSync } = require('node:child_process');
const { test } = require('node:test');
const { Redis } = require('ioredis');
const { connect } = require('allcores/cluster');
const { COUNT, DATA, SECRET, TIMING, body, expected, progressThat } = require('../helpers/cluster.js');
const { Command } = require('../helpers/command.js');
const { emptyFolder } = require('../helpers/document.js');
const { startSecure } = require('../helpers/secure.js');

const skip = spawnSync('openssl', ['version']).status === 0 ? false : 'there is no openssl';

test('over TLS, as a user of few rights: everything that a cluster does', { skip }, async (t) => {
  const { server, ca, url, connection } = await startSecure(emptyFolder(t));
  t.after(() => server.close());
  const env = { ALLCORES_CONNECTION: url, ALLCORES_SECRET: SECRET, NODE_EXTRA_CA_CERTS: ca };
  const start = async () => {
    const worker = new Command(t, [], { env });
    await worker.line(/listens/);
    return worker;
  };
  const workers = await Promise.all([start(), start()]);
  const client = await connect({ connection, secret: SECRET, timing: TIMING });
  t.after(() => client.close());

  // A worker that dies, audits, checkpoints, arrays as blocks.
  const { promise, onProgress } = progressThat(({ done, total }) => done > total / 3);
  const call = client.sumRange(COUNT, body, { data: DATA, onProgress, audit: 0.2, resume: 'one' });
  await promise;
  await workers[0].end('SIGKILL');
  assert.equal(await call, await expected());

  // A run that is left, and gone on with.
  const controller = new AbortController();
  const begun = progressThat(({ done }) => done > 0);
  const options = { data: DATA, resume: 'two' };
  const left = client.sumRange(COUNT, body, {
    ...options,
    onProgress: begun.onProgress,
    signal: controller.signal,
  });
  await begun.promise;
  controller.abort();
  await assert.rejects(left, { code: 'ABORT_ERR' });
  assert.equal(await client.sumRange(COUNT, body, options), await expected());
  assert.equal(await client.findIndex(1e7, (i) => i * i >= 1e10), 1e5);
  await client.close();
  assert.equal(await workers[1].end('SIGTERM'), 0);

  // Redis notes whatever it has refused.
  assert.deepEqual(await server.client.acl('LOG'), []);

  // And it does refuse what a cluster has no need of.
  await server.client.set('other:secret', 'x');
  const user = new Redis(url, { ...server.admin, maxRetriesPerRequest: null });
  t.after(() => user.disconnect());
  for (const command of [
    ['get', 'other:secret'],
    ['eval', "return redis.call('GET', KEYS[1])", '1', 'other:secret'],
    ['keys', '*'],
    ['scan', '0'],
    ['randomkey'],
    ['flushall'],
    ['config', 'get', '*'],
    ['acl', 'list'],
    ['script', 'flush'],
    ['function', 'flush'],
    ['client', 'list'],
    ['publish', 'a', 'b'],
    ['sort', 'allcores:x'],
    ['select', '1'],
    ['shutdown'],
  ]) {
    await assert.rejects(user.call(...command), /NOPERM|No permissions|can't access/i, `${command}`);
  }
});

test('who cannot be believed, or is not known, is refused at once', { skip }, async (t) => {
  const { server, url, connection } = await startSecure(emptyFolder(t));
  t.after(() => server.close());
  const wrong = url.replace(/:[^:@]*@/, ':wrong@');
  await assert.rejects(connect({ connection: { ...connection, url: wrong }, secret: SECRET }), {
    code: 'ERR_CLUSTER_CONNECTION',
    message: /WRONGPASS/,
  });
  // Nobody has told this process of the certificate.
  await assert.rejects(connect({ connection: url, secret: SECRET, timing: { ...TIMING, connect: 1500 } }), {
    code: 'ERR_CLUSTER_CONNECTION',
    message: /certificate/,
  });
});
