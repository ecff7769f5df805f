// Workers that die, stop, come back, and never end. The sum has the bits of one machine, or the call rejects with the reason.

const assert = require('node:assert/strict');
const { once } = require('node:events');
const allcores = require('allcores');
const { COUNT, DATA, TestCluster, body, expected, progressThat } = require('../helpers/cluster.js');
const { onBoth, onBothIfLong } = require('../helpers/engines.js');

const third = ({ done, total }) => done > total / 3;

onBoth('a worker is killed', async (t, engine) => {
  const cluster = await TestCluster.start(t, { engine });
  const client = await cluster.connect();
  const { promise, all, onProgress } = progressThat(third);
  const call = client.sumRange(COUNT, body, { data: DATA, onProgress });
  await promise;
  await cluster.processes.end(cluster.workers[0].child, 'SIGKILL');
  assert.equal(await call, await expected());
  assert.equal(all.at(-1).done, COUNT);
  await cluster.leavesNothing();
});

onBothIfLong('all workers are killed; others come', async (t, engine) => {
  const cluster = await TestCluster.start(t, { engine });
  const client = await cluster.connect();
  const { promise, all, onProgress } = progressThat(third);
  const call = client.sumRange(COUNT, body, { data: DATA, onProgress });
  await promise;
  await Promise.all(cluster.workers.map(({ child }) => cluster.processes.end(child, 'SIGKILL')));
  cluster.workers = [await cluster.worker(), await cluster.worker()];
  assert.equal(await call, await expected());
  assert.ok(all.at(-1).lost > 0, 'nothing was lost');
  await cluster.leavesNothing();
});

onBothIfLong(
  'all workers are killed, and none comes: the call says so, and can be resumed',
  async (t, engine) => {
    const cluster = await TestCluster.start(t, { engine });
    const client = await cluster.connect();
    const { promise, onProgress } = progressThat(third);
    const call = client.sumRange(COUNT, body, { data: DATA, onProgress, waitForWorkers: 1000 });
    await promise;
    await Promise.all(cluster.workers.map(({ child }) => cluster.processes.end(child, 'SIGKILL')));
    const error = await call.then(assert.fail, (error) => error);
    assert.equal(error.code, 'ERR_CLUSTER_NO_WORKERS');
    cluster.workers = [await cluster.worker()];
    const resumed = progressThat(() => false);
    const sum = await client.sumRange(COUNT, body, {
      data: DATA,
      resume: error.run,
      onProgress: resumed.onProgress,
    });
    assert.equal(sum, await expected());
    assert.ok(resumed.all[0].done >= COUNT / 3, `went on at ${resumed.all[0].done}`);
    await cluster.leavesNothing();
  },
);

onBothIfLong('there is no worker: the call says which queue it waits for', async (t, engine) => {
  const cluster = await TestCluster.start(t, { engine, workers: 0 });
  const client = await cluster.connect();
  await assert.rejects(
    client.count(10, (i) => i > 3, { waitForWorkers: 300 }),
    {
      code: 'ERR_CLUSTER_NO_WORKERS',
      queue: client.queue,
      others: [],
    },
  );
  const stranger = await cluster.worker({ secret: 'another secret of somebody else' });
  cluster.workers.push(stranger);
  await assert.rejects(
    client.count(10, (i) => i > 3, { waitForWorkers: 300 }),
    {
      code: 'ERR_CLUSTER_NO_WORKERS',
      others: [stranger.ready.queue],
    },
  );
  await cluster.leavesNothing({ kept: /^allcores:run:/ });
});

onBoth('a worker that was stopped finishes late: its result is not taken', async (t, engine) => {
  const cluster = await TestCluster.start(t, { engine, timing: { chunk: 1000 } });
  const client = await cluster.connect({ timing: { chunk: 1000, straggler: 600_000 } });
  const begun = progressThat(third);
  const lost = progressThat((progress) => progress.lost > 0);
  const onProgress = (progress) => {
    begun.onProgress(progress);
    lost.onProgress(progress);
  };
  const call = client.sumRange(COUNT, body, { data: DATA, onProgress });
  await begun.promise;
  const [{ child }] = cluster.workers;
  const refused = new Promise((resolve) => {
    child.on('message', ({ error }) => {
      if (/lock/.test(error)) resolve(error);
    });
  });
  child.kill('SIGSTOP');
  // Nobody else has its chunk before its lock has run out.
  assert.equal(await Promise.race([call.then(() => 'the end'), lost.promise.then(() => 'a loss')]), 'a loss');
  child.kill('SIGCONT');
  await refused;
  assert.equal(await call, await expected());
  await cluster.leavesNothing();
});

onBothIfLong(
  'a worker that is slow does not hold up the end: another one has its chunk, too',
  async (t, engine) => {
    const timing = { lock: 600_000, chunk: 500 };
    const cluster = await TestCluster.start(t, { engine, timing });
    const client = await cluster.connect({ timing: { ...timing, straggler: 500 } });
    const { promise, all, onProgress } = progressThat(third);
    const call = client.sumRange(COUNT, body, { data: DATA, onProgress });
    await promise;
    const [{ child }] = cluster.workers;
    child.kill('SIGSTOP');
    assert.equal(await call, await expected());
    assert.equal(all.at(-1).lost, 0);
    child.kill('SIGCONT');
    await cluster.leavesNothing();
  },
);

onBothIfLong('a worker that is asked to end finishes its chunk: nothing is lost', async (t, engine) => {
  const cluster = await TestCluster.start(t, { engine });
  const client = await cluster.connect();
  const { promise, all, onProgress } = progressThat(third);
  const call = client.sumRange(COUNT, body, { data: DATA, onProgress });
  await promise;
  assert.equal(await cluster.processes.end(cluster.workers[0].child, 'SIGTERM'), 0);
  assert.equal(await call, await expected());
  assert.equal(all.at(-1).lost, 0);
  await cluster.leavesNothing();
});

onBoth('a chunk that kills its worker is given up after three', async (t, engine) => {
  let isOver = false;
  // Before the cluster ends its workers: no more of them.
  t.after(() => {
    isOver = true;
  });
  const cluster = await TestCluster.start(t, { engine, workers: 0 });
  const client = await cluster.connect();
  const at = COUNT / 2 + 77;
  const bad = { fault: 'dies-at', at };
  const deaths = [];
  const keep = async () => {
    while (!isOver) {
      const { child } = await cluster.worker(bad);
      if (isOver) child.kill('SIGKILL');
      const [, signal] = await once(child, 'exit');
      deaths.push(signal);
    }
  };
  // Those that start while all ends find no engine.
  const keepers = [keep(), keep()].map((keeper) => keeper.catch(() => {}));
  const error = await client.sumRange(COUNT, body, { data: DATA }).then(assert.fail, (error) => error);
  isOver = true;
  assert.equal(error.code, 'ERR_CLUSTER_CHUNK');
  assert.equal(error.tries, 3);
  assert.ok(error.start <= at && at < error.end, `${error.start} to ${error.end}`);
  assert.ok(deaths.length <= 4, `${deaths.length} workers died`);
  await cluster.processes.killAll();
  await Promise.allSettled(keepers);
  cluster.workers = [await cluster.worker()];
  await cluster.leavesNothing();
});

onBothIfLong('a body that never ends is given up at the limit of time', async (t, engine) => {
  const cluster = await TestCluster.start(t, { engine, limits: { seconds: 0.5 } });
  const client = await cluster.connect();
  const endless = (i) => {
    let n = i;
    while (n >= 0) n++;
    return n;
  };
  const error = await client.sumRange(1000, endless).then(assert.fail, (error) => error);
  assert.equal(error.code, 'ERR_CLUSTER_CHUNK');
  assert.match(error.message, /longer than the 0\.5 s/);
  assert.equal(await client.sumRange(1000, (i) => i), 499_500);
  await cluster.leavesNothing();
});

onBothIfLong('a chunk that takes too long is cut', async (t, engine) => {
  // 1024 terms of a millisecond or so take a second, and each of the pieces an eighth.
  const cluster = await TestCluster.start(t, { engine, limits: { seconds: 0.6 } });
  const client = await cluster.connect();
  const slow = (i, { rounds }) => {
    let sum = 0;
    for (let j = 0; j < rounds; j++) sum += Math.sin(i + j);
    return sum;
  };
  const began = performance.now();
  await allcores.sumRange(64, slow, { data: { rounds: 20_000 }, math: 'portable', threads: 1 });
  const rounds = Math.round((20_000 * 64) / (performance.now() - began));
  const data = { rounds };
  const alone = await allcores.sumRange(1200, slow, { data, math: 'portable' });
  assert.equal(await client.sumRange(1200, slow, { data }), alone);
  await cluster.leavesNothing();
});

onBothIfLong('a refusal at run time is that of the call, not of a worker', async (t, engine) => {
  const cluster = await TestCluster.start(t, { engine, workers: 1 });
  const client = await cluster.connect();
  const beyond = (i, { table }) => table[i > 90_000 ? 7 : 1][0];
  await assert.rejects(client.sumRange(100_000, beyond, { data: { table: [[1], [2]] } }), {
    name: 'RangeError',
    code: 'ERR_OUT_OF_RANGE',
  });
  await cluster.leavesNothing();
});
