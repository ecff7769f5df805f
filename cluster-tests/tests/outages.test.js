// A Redis or a Postgres that dies, comes back with or without what it had, or loses everything in between.

const assert = require('node:assert/strict');
const { test } = require('node:test');
const { connect, startWorker } = require('allcores/cluster');
const {
  COUNT,
  DATA,
  SECRET,
  TIMING,
  TestCluster,
  body,
  expected,
  progressThat,
} = require('../helpers/cluster.js');
const { onBoth, onBothIfLong } = require('../helpers/engines.js');

/** Postgres keeps what it has by itself. */
const KEEPING = {
  Redis: ['--save', '', '--appendonly', 'yes', '--appendfsync', 'everysec'],
  Postgres: [],
};

const third = ({ done, total }) => done > total / 3;

onBoth('it is killed, and comes back with what it had', async (t, engine) => {
  await killedAndBack(t, { engine, server: KEEPING[engine.name] });
});

test('Redis is killed, and comes back empty', async (t) => {
  await killedAndBack(t, { server: ['--save', '', '--appendonly', 'no'] });
});

async function killedAndBack(t, options) {
  const cluster = await TestCluster.start(t, options);
  const client = await cluster.connect();
  const { promise, onProgress } = progressThat(third);
  const call = client.sumRange(COUNT, body, { data: DATA, onProgress });
  await promise;
  await cluster.server.end('SIGKILL');
  await new Promise((resolve) => setTimeout(resolve, 500));
  await cluster.server.run();
  assert.equal(await call, await expected());
  await cluster.leavesNothing();
}

onBothIfLong('it is away for longer than a lock lasts', async (t, engine) => {
  const cluster = await TestCluster.start(t, { engine, server: KEEPING[engine.name] });
  const client = await cluster.connect();
  const { promise, onProgress } = progressThat(third);
  const call = client.sumRange(COUNT, body, { data: DATA, onProgress });
  await promise;
  await cluster.server.end('SIGTERM');
  await new Promise((resolve) => setTimeout(resolve, 2 * TIMING.lock));
  await cluster.server.run();
  assert.equal(await call, await expected());
  await cluster.leavesNothing();
});

onBothIfLong('everything in it is deleted', async (t, engine) => {
  const cluster = await TestCluster.start(t, { engine });
  const client = await cluster.connect();
  const { promise, onProgress } = progressThat(third);
  const call = client.sumRange(COUNT, body, { data: DATA, onProgress });
  await promise;
  await cluster.server.clear();
  assert.equal(await call, await expected());
  await cluster.leavesNothing();
});

onBoth('it does not come back: the call says so, and close() ends', async (t, engine) => {
  const cluster = await TestCluster.start(t, { engine, workers: 1 });
  const client = await cluster.connect({ timing: { outage: 500, close: 300 } });
  const { promise, onProgress } = progressThat(({ done }) => done > 0);
  const call = client.sumRange(100 * COUNT, body, { data: DATA, onProgress });
  await promise;
  await cluster.server.end('SIGKILL');
  const error = await call.then(assert.fail, (error) => error);
  assert.equal(error.code, 'ERR_CLUSTER_CONNECTION');
  assert.match(error.run, /^[0-9a-f]{32}$/);
  await client.close();
  const [{ child }] = cluster.workers;
  assert.equal(await cluster.processes.end(child, 'SIGTERM'), 0);
  assert.equal(cluster.processes.count, 0);
});

test('Redis has no memory left for a while', async (t) => {
  const cluster = await TestCluster.start(t);
  const client = await cluster.connect();
  const { promise, onProgress } = progressThat(third);
  const call = client.sumRange(COUNT, body, { data: DATA, onProgress });
  await promise;
  await cluster.server.client.config('SET', 'maxmemory', '1');
  await new Promise((resolve) => setTimeout(resolve, 1000));
  await cluster.server.client.config('SET', 'maxmemory', '0');
  assert.equal(await call, await expected());
  await cluster.leavesNothing();
});

test('no Redis there, or one with another password', async (t) => {
  const cluster = await TestCluster.start(t, {
    workers: 0,
    server: ['--save', '', '--requirepass', 'sesame'],
  });
  const { url } = cluster.server;
  const timing = { connect: 300 };
  const wrong = url.replace('://', '://:open@');
  for (const start of [connect, startWorker]) {
    for (const [address, problem] of [
      ['redis://127.0.0.1:1', /127\.0\.0\.1:1 cannot be reached/],
      [url, /NOAUTH/],
      [wrong, /WRONGPASS/],
    ]) {
      await assert.rejects(start({ connection: { url: address }, secret: SECRET, timing }), (error) => {
        assert.equal(error.code, 'ERR_CLUSTER_CONNECTION');
        assert.match(error.message, problem);
        // The message is for logs.
        assert.doesNotMatch(error.message, /open|sesame/);
        return true;
      });
    }
  }
  const right = await connect({ connection: { url: url.replace('://', '://:sesame@') }, secret: SECRET });
  await right.close();
});
