// A Redis that is full, with the policy that docs/cluster.md asks for: nothing of others is deleted, and calls say so.

const assert = require('node:assert/strict');
const { test } = require('node:test');
const { COUNT, DATA, TestCluster, body, expected } = require('../helpers/cluster.js');

const MEBI = 2 ** 20;
const FULL = ['--save', '', '--maxmemory', `${24 * MEBI}`, '--maxmemory-policy', 'noeviction'];

test('data that does not fit into Redis ends the call, and others go on', async (t) => {
  const cluster = await TestCluster.start(t, { server: FULL, workers: 1 });
  const { client: redis } = cluster.server;
  await redis.set('somebody:else', 'x');
  const client = await cluster.connect();
  // Two blocks fit, four do not.
  const large = new Float64Array((60 * MEBI) / 8).map((_, i) => Math.sin(i));
  const at = (i, { large }) => large[i];
  await assert.rejects(client.sumRange(large.length, at, { data: { large } }), {
    code: 'ERR_CLUSTER_CONNECTION',
    message: /^Redis refuses: OOM /,
  });
  assert.equal(await client.sumRange(COUNT / 4, body, { data: DATA }), await partOf());
  assert.equal(await redis.get('somebody:else'), 'x');
  const info = await redis.info('stats');
  assert.match(info, /^evicted_keys:0\r?$/m);
  await redis.del('somebody:else');
  await cluster.leavesNothing();
});

async function partOf() {
  const allcores = require('allcores');
  return await allcores.sumRange(COUNT / 4, body, { data: DATA, math: 'portable' });
}

test('a Redis that stays full ends a run, which goes on when there is room', async (t) => {
  const cluster = await TestCluster.start(t, { workers: 1 });
  const { client: redis } = cluster.server;
  const client = await cluster.connect({ timing: { outage: 2_000 } });
  let fill;
  const onProgress = ({ done, total }) => {
    if (done > total / 4) fill ??= redis.config('SET', 'maxmemory', '1');
  };
  const call = client.sumRange(COUNT, body, { data: DATA, onProgress, resume: 'full' });
  await assert.rejects(call, {
    code: 'ERR_CLUSTER_CONNECTION',
    message: /^Redis refuses: .*OOM /,
    run: 'full',
  });
  await fill;
  await redis.config('SET', 'maxmemory', '0');
  let first;
  const sum = await client.sumRange(COUNT, body, {
    data: DATA,
    resume: 'full',
    onProgress: ({ done }) => {
      first ??= done;
    },
  });
  assert.equal(sum, await expected());
  assert.ok(first > 0, 'it has begun anew');
  await cluster.leavesNothing();
});
