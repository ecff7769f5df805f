// A Redis to which somebody else may write: jobs, results, failures, blocks and members that are not signed, or are those of
// another chunk or run. Nothing that is written there changes a sum.

const assert = require('node:assert/strict');
const { test } = require('node:test');
const allcores = require('allcores');
const { COUNT, DATA, SECRET, TestCluster, body, expected, progressThat } = require('../helpers/cluster.js');
const { onBoth, onBothIfLong } = require('../helpers/engines.js');
const { partials } = require('../helpers/partials.js');

/** The part of the id of a job that says which range it is of. */
const rangeOf = (jobId) => jobId.slice(33).split('~')[0];

/** A queue of the attacker's, on the queue of the cluster, who listens to events from that one on. */
function attacker(t, cluster, name, lastEventId) {
  const queue = cluster.server.queue(name);
  const events = cluster.server.events(name, lastEventId);
  queue.on('error', () => {});
  // Its own lies end its listening, too.
  const listen = () => {
    if (!events.running && !events.closing) events.run().catch(listen);
  };
  events.on('error', listen);
  t.after(() => Promise.all([queue.close(), events.close()]));
  const leave = () => Promise.all([queue.close(), events.close()]);
  return { queue, events, leave };
}

onBoth('jobs that are not signed are refused, and nothing of them runs', async (t, engine) => {
  const cluster = await TestCluster.start(t, { engine, workers: 1 });
  const client = await cluster.connect();
  // A job may have failed before anybody listens.
  const { queue, events, leave } = attacker(t, cluster, client.queue, '0');
  await events.waitUntilReady();
  const run = 'a'.repeat(32);
  const digest = 'b'.repeat(64);
  const right = { v: 1, run, program: digest, start: '0', end: '10', sig: 'c'.repeat(43) };
  const jobs = [
    right,
    { ...right, sig: undefined },
    { ...right, sig: 7 },
    { ...right, start: '-1' },
    { ...right, v: 2 },
    { ...right, program: '/etc/passwd' },
    { ...right, run: { toString: 'x' } },
    {},
    [],
    null,
    'process.exit()',
  ];
  const reasons = [];
  for (const [index, job] of jobs.entries()) {
    const jobId = `${run}-0-${index + 10}`;
    const failed = new Promise((resolve) => {
      events.on(`failed:${jobId}`, ({ failedReason }) => resolve(failedReason));
    });
    await queue.add('sumRange', job, { jobId, removeOnFail: true, attempts: 50 });
    reasons.push(await failed);
  }
  assert.deepEqual([...new Set(reasons)], ['This job is not signed with the secret of this worker']);
  assert.equal(await client.sumRange(1000, (i) => i), 499_500);
  await leave();
  await cluster.leavesNothing();
});

test('a job that is no JSON is left alone, and others are computed', async (t) => {
  const cluster = await TestCluster.start(t, { workers: 1 });
  const client = await cluster.connect();
  const { client: redis } = cluster.server;
  const key = (name) => `allcores:${client.queue}:${name}`;
  const jobId = `${'a'.repeat(32)}-0-1`;
  await redis.hset(key(jobId), 'name', 'sumRange', 'data', '{', 'opts', '{', 'timestamp', '1');
  await redis.lpush(key('wait'), jobId);
  await redis.zadd(key('marker'), 0, '0');
  for (let k = 0; k < 5; k++)
    assert.equal(await client.sumRange(1000 + k, (i) => i), ((1000 + k) * (999 + k)) / 2);
  for (const name of ['wait', 'active', 'failed', 'stalled', jobId, `${jobId}:lock`])
    await redis.del(key(name));
  await cluster.leavesNothing();
});

onBoth(
  'results that are not signed, those of other chunks and runs, and those told twice change nothing',
  async (t, engine) => {
    const cluster = await TestCluster.start(t, { engine });
    const client = await cluster.connect();
    const { events, leave } = attacker(t, cluster, client.queue);
    await events.waitUntilReady();
    const { Source, partial } = partials();
    const tell = async (jobId, returnvalue, event = 'completed') => {
      const text = typeof returnvalue === 'string' ? returnvalue : JSON.stringify(returnvalue);
      await cluster.server.tell(client.queue, event, jobId, text);
    };
    /** Results that were there, which are signed, by their range. */
    const seen = new Map();
    const told = new Set();
    const counts = { forged: 0, other: 0, twice: 0, replayed: 0 };
    events.on('completed', async ({ jobId, returnvalue }) => {
      if (returnvalue?.sig === undefined || told.has(jobId)) return;
      told.add(jobId);
      if (!seen.has(rangeOf(jobId))) seen.set(rangeOf(jobId), returnvalue);
      counts.twice++;
      await tell(jobId, returnvalue);
    });
    events.on('active', async ({ jobId }) => {
      if (told.has(jobId)) return;
      const [start, end] = rangeOf(jobId)
        .split('-')
        .map((text) => Number.parseInt(text, 36));
      const [donor] = seen.values();
      if (seen.has(rangeOf(jobId))) {
        // The very range, in another run.
        counts.replayed++;
        await tell(jobId, seen.get(rangeOf(jobId)));
      } else if (donor !== undefined) {
        counts.other++;
        await tell(jobId, donor);
      }
      // What another body comes to, of as many terms: nothing but a signature is missing.
      const bytes = await partial(
        'sumRange',
        COUNT,
        new Source('(i) => 1e9'),
        { math: 'portable' },
        start,
        end,
      );
      const forged = {
        v: 1,
        worker: 'w',
        ms: 1,
        sig: 'x',
        ...donor,
        bytes: Buffer.from(bytes).toString('base64'),
      };
      counts.forged++;
      await tell(jobId, forged);
      await tell(jobId, '"\\u0000"');
      await tell('x', 'null');
      if (counts.forged % 5 !== 0) return;
      await tell(jobId, 'no JSON');
      await tell(jobId, 'no JSON', 'progress');
    });
    assert.equal(await client.sumRange(COUNT, body, { data: DATA }), await expected());
    const other = (i, { k }) => Math.cos(i * k);
    const alone = await allcores.sumRange(COUNT, other, { data: { k: 3 }, math: 'portable' });
    assert.equal(await client.sumRange(COUNT, other, { data: { k: 3 } }), alone);
    for (const [what, count] of Object.entries(counts)) assert.ok(count > 0, what);
    await leave();
    await cluster.leavesNothing();
  },
);

onBoth(
  'results that are written into every job are found out; after three, the call says so',
  async (t, engine) => {
    const cluster = await TestCluster.start(t, { engine, workers: 1 });
    // Longer than a sweep: what a worker has computed comes by itself, and is signed.
    const client = await cluster.connect({ timing: { chunk: 5000 } });
    const { events, leave } = attacker(t, cluster, client.queue);
    await events.waitUntilReady();
    const forge = ({ jobId }) =>
      cluster.server.forge(client.queue, jobId, '{"v":1,"bytes":"AQA=","sig":"x"}');
    events.on('added', forge);
    const call = client.sumRange(100 * COUNT, body, { data: DATA });
    const error = await call.then(assert.fail, (error) => error);
    assert.equal(error.code, 'ERR_CLUSTER_CHUNK');
    assert.match(error.message, /not signed/);
    events.off('added', forge);
    await leave();
    await cluster.leavesNothing();
  },
);

onBothIfLong('a worker that computes wrong is found out by an audit', async (t, engine) => {
  const cluster = await TestCluster.start(t, { engine, workers: 1 });
  cluster.workers.push(await cluster.worker({ fault: 'wrong-bits' }));
  const client = await cluster.connect();
  const error = await client
    .sumRange(COUNT, body, { data: DATA, audit: 1 })
    .then(assert.fail, (error) => error);
  assert.equal(error.code, 'ERR_CLUSTER_BITS');
  assert.deepEqual([...error.workers].sort(), cluster.workers.map(({ ready }) => ready.id).sort());
  assert.equal(error.start, 0);
  await cluster.leavesNothing();
});

onBoth('blocks that somebody has changed are sent anew', async (t, engine) => {
  const cluster = await TestCluster.start(t, { engine, workers: 1 });
  const client = await cluster.connect();
  const array = Float64Array.from({ length: 10_000 }, (_, i) => i / 7);
  const sum = (i, { array }) => array[i];
  const { promise, onProgress } = progressThat(({ done }) => done > 0);
  const call = client.sumRange(COUNT, body, { data: DATA, onProgress });
  await promise;
  // Another program than the worker has, which has chunks of the first one in hand and in the queue: its blocks are there before the
  // worker asks.
  const { server } = cluster;
  const before = new Set(await server.blocks());
  const other = client.sumRange(array.length, sum, { data: { array } });
  let changed = [];
  while (changed.length < 2) changed = (await server.blocks()).filter((digest) => !before.has(digest));
  const forged = '{"v":1,"method":"sumRange","counts":[1],"from":0,"body":"() => 1","data":["o",[]]}';
  for (const digest of changed) await server.setBlock(digest, forged);
  assert.equal(await other, await allcores.sumRange(array.length, sum, { data: { array } }));
  for (const digest of changed) assert.notEqual(await server.getBlock(digest), forged);
  assert.equal(await call, await expected());
  await cluster.leavesNothing();
});

onBothIfLong('what is above the limits of a worker is refused by it', async (t, engine) => {
  const cluster = await TestCluster.start(t, { engine, workers: 1, limits: { source: 200, data: 1000 } });
  const client = await cluster.connect();
  const long = new Function('i', `return i /* ${'x'.repeat(300)} */`);
  await assert.rejects(client.sumRange(1000, long), {
    code: 'ERR_CLUSTER_CHUNK',
    message: /source is longer than 200 characters/,
  });
  const array = new Float64Array(126);
  await assert.rejects(
    client.sumRange(1000, (i, { array }) => array[i % 2], { data: { array } }),
    {
      code: 'ERR_CLUSTER_CHUNK',
      message: /data is larger than 1000 bytes/,
    },
  );
  await cluster.leavesNothing();
});

onBoth('members that are not signed do not count', async (t, engine) => {
  const cluster = await TestCluster.start(t, { engine, workers: 1 });
  const client = await cluster.connect();
  const { server } = cluster;
  for (let k = 0; k < 50; k++) {
    const member = { id: `w-${k}`, kind: 'worker', queue: client.queue, threads: 1000, sig: 'x'.repeat(43) };
    await server.addMember(JSON.stringify(member));
  }
  await server.addMember('no JSON');
  assert.equal((await client.workers()).length, 1);
  await server.dropMembers();
  assert.equal(await client.sumRange(1000, (i) => i), 499_500);
  await cluster.leavesNothing();
});

onBothIfLong('the secret itself is nowhere', async (t, engine) => {
  const cluster = await TestCluster.start(t, { engine, workers: 1 });
  const client = await cluster.connect();
  await client.sumRange(10_000, (i) => i);
  const texts = await cluster.server.texts();
  assert.ok(texts.length > 0);
  assert.ok(!texts.some((text) => text.includes(SECRET)));
  await cluster.leavesNothing();
});
