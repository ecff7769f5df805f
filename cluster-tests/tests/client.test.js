// Clients that die or are asked to end, and runs that another process goes on with.

const assert = require('node:assert/strict');
const { once } = require('node:events');
const allcores = require('allcores');
const { COUNT, DATA, TestCluster, body, expected } = require('../helpers/cluster.js');
const { onBoth, onBothIfLong } = require('../helpers/engines.js');

/** Resolves with the next message of a child that meets a condition. Several may come at once. */
function message(child, condition) {
  return new Promise((resolve) => {
    const look = (text) => {
      if (!condition(text)) return;
      child.off('message', look);
      resolve(text);
    };
    child.on('message', look);
  });
}

const half = ({ progress }) => progress?.done > COUNT / 2;
const begun = ({ progress }) => progress?.done > 0;
const isEnd = ({ progress }) => progress === undefined;

onBoth('a client is killed; another process goes on', async (t, engine) => {
  const cluster = await TestCluster.start(t, { engine });
  const { child } = await cluster.clientProcess({ resume: 'nightly' });
  await message(child, half);
  await cluster.processes.end(child, 'SIGKILL');
  assert.ok((await cluster.server.keys()).includes('allcores:run:nightly'));
  const second = await cluster.clientProcess({ resume: 'nightly' });
  const end = message(second.child, isEnd);
  const exit = once(second.child, 'exit');
  const { progress } = await message(second.child, ({ progress }) => progress !== undefined);
  // No more is done again than since the last checkpoint.
  assert.ok(progress.done > COUNT / 8, `went on at ${progress.done}`);
  const { sum } = await end;
  assert.equal(sum, await expected());
  await exit;
  await cluster.leavesNothing();
});

onBothIfLong('a client is killed at any moment, again and again', async (t, engine) => {
  const cluster = await TestCluster.start(t, { engine });
  for (const part of [0, 0.1, 0.3, 0.6, 0.9]) {
    const { child } = await cluster.clientProcess({ resume: 'again' });
    await message(child, ({ progress }) => progress?.done >= part * COUNT);
    await cluster.processes.end(child, 'SIGKILL');
  }
  const { child } = await cluster.clientProcess({ resume: 'again' });
  const exit = once(child, 'exit');
  const { sum } = await message(child, isEnd);
  assert.equal(sum, await expected());
  await exit;
  await cluster.leavesNothing();
});

onBothIfLong('a client is asked to end; the run has a name, and goes on later', async (t, engine) => {
  const cluster = await TestCluster.start(t, { engine });
  const { child } = await cluster.clientProcess({ resume: 'later' });
  await message(child, half);
  const exit = once(child, 'exit');
  const end = message(child, isEnd);
  child.kill('SIGTERM');
  assert.equal((await end).code, 'ABORT_ERR');
  await exit;
  const client = await cluster.connect();
  const done = [];
  const sum = await client.sumRange(COUNT, body, {
    data: DATA,
    resume: 'later',
    onProgress: (progress) => done.push(progress.done),
  });
  assert.equal(sum, await expected());
  assert.ok(done[0] > COUNT / 2, `went on at ${done[0]}`);
  await cluster.leavesNothing();
});

onBothIfLong('a client is asked to end; the run has no name, and leaves nothing', async (t, engine) => {
  const cluster = await TestCluster.start(t, { engine });
  const { child } = await cluster.clientProcess();
  const exit = once(child, 'exit');
  const end = message(child, isEnd);
  await message(child, begun);
  child.kill('SIGTERM');
  assert.equal((await end).code, 'ABORT_ERR');
  await exit;
  await cluster.leavesNothing();
});

onBothIfLong('a run goes on with the same call only, and with the same secret', async (t, engine) => {
  const cluster = await TestCluster.start(t, { engine });
  const { child } = await cluster.clientProcess({ resume: 'mine' });
  await message(child, half);
  await cluster.processes.end(child, 'SIGKILL');
  const client = await cluster.connect();
  const resume = 'mine';
  for (const call of [
    () => client.sumRange(COUNT + 1, body, { data: DATA, resume }),
    () => client.mean(COUNT, body, { data: DATA, resume }),
    () => client.sumRange(COUNT, (i) => i, { resume }),
    () => client.sumRange(COUNT, body, { data: { ...DATA, k: 1 }, resume }),
    () => client.sumRange(COUNT, body, { data: DATA, from: 1, resume }),
  ]) {
    await assert.rejects(call, { code: 'ERR_OUT_OF_RANGE', message: /of another call/ });
  }
  const { server } = cluster;
  const checkpoint = await server.getRun('mine');
  await server.setRun('mine', checkpoint.replace('merged', 'meRged'));
  await assert.rejects(client.sumRange(COUNT, body, { data: DATA, resume }), {
    code: 'ERR_OUT_OF_RANGE',
    message: /not signed with this secret/,
  });
  await server.setRun('other', checkpoint);
  await assert.rejects(client.sumRange(COUNT, body, { data: DATA, resume: 'other' }), {
    code: 'ERR_OUT_OF_RANGE',
  });
  await server.dropRun('other');
  await server.setRun('mine', checkpoint);
  // One of two at once is refused, whichever comes second to the server.
  const both = await Promise.allSettled(
    [0, 1].map(() => client.sumRange(COUNT, body, { data: DATA, resume })),
  );
  const [gone, refused] = both[0].status === 'fulfilled' ? both : both.toReversed();
  assert.equal(gone.value, await expected());
  assert.equal(refused.reason?.code, 'ERR_OUT_OF_RANGE');
  assert.match(refused.reason.message, /no run that is going on/);
  await cluster.leavesNothing();
});

onBothIfLong('findIndex goes on, and looks no further than what was found', async (t, engine) => {
  const cluster = await TestCluster.start(t, { engine });
  const client = await cluster.connect();
  const found = (i) => {
    let sum = 0;
    for (let j = 0; j < 1000; j++) sum += Math.sin(i + j);
    return sum > 0.97 && i > 100_000;
  };
  const controller = new AbortController();
  const options = { resume: 'found', signal: controller.signal };
  const aborted = client.findIndex(1e12, found, { ...options, onProgress: () => controller.abort() });
  await assert.rejects(aborted, { code: 'ABORT_ERR' });
  assert.equal(
    await client.findIndex(1e12, found, { resume: 'found' }),
    await allcores.findIndex(1e12, found),
  );
  await cluster.leavesNothing();
});
