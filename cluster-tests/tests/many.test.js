// Many workers, as processes of one thread each, of which some are killed. ALLCORES_LONG=1: a hundred; else a dozen.

const assert = require('node:assert/strict');
const { COUNT, DATA, TestCluster, body, expected, progressThat } = require('../helpers/cluster.js');
const { onBothIfLong } = require('../helpers/engines.js');

const WORKERS = process.env.ALLCORES_LONG ? 100 : 12;

onBothIfLong(`${WORKERS} workers, a quarter of which is killed`, async (t, engine) => {
  // So many share few processors: their locks are not to run out meanwhile.
  const timing = { lock: 5_000, heartbeat: 2_000 };
  const cluster = await TestCluster.start(t, { engine, workers: WORKERS, timing });
  const client = await cluster.connect({ timing });
  const names = (await client.workers()).map(({ id }) => id);
  assert.equal(new Set(names).size, WORKERS);
  const { promise, all, onProgress } = progressThat(({ done, total }) => done > total / 4);
  const call = client.sumRange(COUNT, body, { data: DATA, onProgress });
  await promise;
  const killed = cluster.workers.splice(0, WORKERS / 4);
  await Promise.all(killed.map(({ child }) => cluster.processes.end(child, 'SIGKILL')));
  assert.equal(await call, await expected());
  assert.ok(Math.max(...all.map(({ machines }) => machines)) >= WORKERS);
  await cluster.leavesNothing();
});
