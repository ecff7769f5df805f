// Calls over several workers that nothing happens to: every method, kind of range and kind of data gives the bits of one machine.

const assert = require('node:assert/strict');
const { test } = require('node:test');
const allcores = require('allcores');
const { COUNT, DATA, TestCluster, body, progressThat } = require('../helpers/cluster.js');
const { onBoth, onBothIfLong } = require('../helpers/engines.js');

const wave = (i, { a }) => Math.sin(i * a) * 1e9;
const grid = (i, j, { a }) => Math.cos(i * a - j) * (i - j);
const block = (i, j, k, { a }) => Math.tan(i + j * a) / (k + 1);
const square = (x) => x * x;

/** `[method, range, body, options]` */
const CALLS = [
  ['sumRange', 100_000, wave, { data: { a: 0.1 } }],
  ['sumRange', 100_000n, wave, { data: { a: 0.1 }, from: 99_000 }],
  ['sumRange', [300, 401], grid, { data: { a: 0.1 } }],
  ['sumRange', [30, 40, 50], block, { data: { a: 0.7 } }],
  ['sumRange', 0, wave, { data: { a: 1 } }],
  ['sumRange', 5, (i) => i / 3, {}],
  ['sumRange', 10, wave, { data: { a: 1 }, from: 20 }],
  ['sumRange', 1000, (i) => -0 * i, {}],
  ['sumRange', 1000, (i) => (i === 700 ? Number.NaN : i), {}],
  ['sumRange', 1000, (i) => (i === 700 ? Number.POSITIVE_INFINITY : i), {}],
  [
    'sumRange',
    1000,
    (i, { random, seed }) => random(seed, i),
    { data: { seed: 7, random: allcores.random } },
  ],
  ['count', 100_000, (i) => i % 7 === 3, {}],
  ['count', [100, 100], (i, j) => i < j, {}],
  ['min', 100_000, wave, { data: { a: 0.3 } }],
  ['max', 100_000, wave, { data: { a: 0.3 } }],
  ['min', 0, (i) => i, {}],
  ['max', 1000, (i) => (i === 3 ? Number.NaN : i), {}],
  ['argMin', 100_000, wave, { data: { a: 0.3 } }],
  ['argMax', 100_000, wave, { data: { a: 0.3 }, from: 5 }],
  ['argMax', [200, 300], grid, { data: { a: 0.3 } }],
  ['findIndex', 1_000_000, (i) => i > 5000 && i % 1013 === 0, {}],
  ['findIndex', 10_000, (i) => i < 0, {}],
  ['findIndex', [50, 60], (i, j) => i * j === 1000, {}],
  ['mean', 100_000, wave, { data: { a: 0.3 } }],
  ['variance', 100_000, wave, { data: { a: 0.3 }, ddof: 1 }],
  ['norm', 100_000, wave, { data: { a: 0.3 } }],
];

onBoth('every method has the bits of one machine', async (t, engine) => {
  const cluster = await TestCluster.start(t, { engine });
  const client = await cluster.connect();
  for (const [method, range, func, options] of CALLS) {
    const name = `${method}(${range}, ${func}, ${JSON.stringify(options)})`;
    await t.test(name, async () => {
      const alone = await allcores[method](range, func, { ...options, math: 'portable' });
      assert.deepEqual(await client[method](range, func, options), alone);
    });
  }
  await cluster.leavesNothing();
});

onBothIfLong(
  'data of every kind travels: numbers, tables, typed arrays of every class, objects, helper functions',
  async (t, engine) => {
    const cluster = await TestCluster.start(t, { engine, workers: 1 });
    const { sumRange } = await cluster.connect();
    const classes = [
      Int8Array,
      Uint8Array,
      Uint8ClampedArray,
      Int16Array,
      Uint16Array,
      Int32Array,
      Uint32Array,
      Float32Array,
      Float64Array,
    ];
    for (const Class of classes) {
      const array = Class.from({ length: 1000 }, (_, i) => i * 1.7 - 100);
      const sum = (i, { array }) => array[i] * (i + 1);
      const options = { data: { array } };
      const alone = await allcores.sumRange(1000, sum, options);
      assert.equal(await sumRange(1000, sum, options), alone, Class.name);
      const shared = allcores.share(array);
      assert.equal(await sumRange(1000, sum, { data: { array: shared } }), alone, `shared ${Class.name}`);
    }
    const data = {
      zero: -0,
      nan: Number.NaN,
      large: 1.7976931348623157e308,
      small: 5e-324,
      yes: true,
      table: [
        [1, 2, 3],
        [4, 5, -0],
      ],
      point: { x: 0.1, inner: { y: [9, 8] } },
      helper: (x) => square(x) + 1,
      square,
      unused: 'a text that the body does not use',
      absent: undefined,
    };
    const all = (i, { zero, nan, large, small, yes, table, point, helper, absent = 4 }) =>
      1 / (zero * i - 0) === Number.NEGATIVE_INFINITY && Number.isNaN(nan) && yes
        ? table[i % 2][i % 3] * helper(point.x) + point.inner.y[i % 2] + large * small + absent
        : -1e9;
    assert.equal(await sumRange(999, all, { data }), await allcores.sumRange(999, all, { data }));
    await cluster.leavesNothing();
  },
);

onBoth('arrays of many blocks travel once', async (t, engine) => {
  const cluster = await TestCluster.start(t, { engine, workers: 2 });
  const { sumRange } = await cluster.connect();
  const large = Float64Array.from({ length: 5 * 2 ** 20 }, (_, i) => Math.sin(i));
  const options = { data: { large } };
  const sum = (i, { large }) => large[i % large.length];
  const alone = await allcores.sumRange(large.length, sum, options);
  assert.equal(await sumRange(large.length, sum, options), alone);
  const blobs = (await cluster.server.keys()).filter((key) => key.startsWith('allcores:blob:'));
  // 40 MiB in blocks of 16, and the text.
  assert.equal(blobs.length, 4);
  assert.ok(await cluster.server.blocksLastFor(3000));
  assert.equal(await sumRange(large.length, sum, options), alone);
  await cluster.leavesNothing();
});

onBothIfLong(
  'a long run: progress, chunks that grow, a window of three chunks for each worker',
  async (t, engine) => {
    const cluster = await TestCluster.start(t, { engine });
    const client = await cluster.connect();
    const { all, onProgress } = progressThat(() => false);
    let most = 0;
    const watch = setInterval(async () => {
      const jobs = (await cluster.server.keys()).filter((key) =>
        /:[0-9a-f]{32}-[0-9a-z]+-[0-9a-z]+(~\d+)?$/.test(key),
      );
      most = Math.max(most, jobs.length);
    }, 50);
    // So many that there is something to report, however fast the workers are.
    const [count, data] = [6 * COUNT, { ...DATA, k: 0.01 }];
    const sum = await client.sumRange(count, body, { data, onProgress });
    clearInterval(watch);
    assert.equal(sum, await allcores.sumRange(count, body, { data, math: 'portable' }));
    assert.ok(most > 0 && most <= 3 * 2 + 2, `${most} jobs at once`);
    assert.ok(all.length > 3, `${all.length} times`);
    assert.deepEqual(
      all.map(({ done }) => done),
      all.map(({ done }) => done).sort((a, b) => a - b),
    );
    const { run, ...last } = all.at(-1);
    assert.deepEqual(last, { done: count, total: count, machines: 2, lost: 0 });
    assert.match(run, /^[0-9a-f]{32}$/);
    await cluster.leavesNothing();
  },
);

test('without a body the sum is that of one machine, and needs no worker', async (t) => {
  const cluster = await TestCluster.start(t, { workers: 0 });
  const client = await cluster.connect();
  assert.equal(await client.sumRange(2n ** 60n), await allcores.sumRange(2n ** 60n));
  await cluster.leavesNothing();
});

onBoth('two clients at once, and two calls of each', async (t, engine) => {
  const cluster = await TestCluster.start(t, { engine });
  const clients = [await cluster.connect(), await cluster.connect()];
  const sums = clients.flatMap(({ sumRange }) => [
    sumRange(COUNT / 2, body, { data: DATA }),
    sumRange(50_000, wave, { data: { a: 0.25 } }),
  ]);
  const half = await allcores.sumRange(COUNT / 2, body, { data: DATA, math: 'portable' });
  const small = await allcores.sumRange(50_000, wave, { data: { a: 0.25 }, math: 'portable' });
  assert.deepEqual(await Promise.all(sums), [half, small, half, small]);
  await cluster.leavesNothing();
});

onBothIfLong('audit: every chunk twice, equal bits', async (t, engine) => {
  const cluster = await TestCluster.start(t, { engine });
  const client = await cluster.connect();
  const sum = await client.sumRange(COUNT / 4, body, { data: DATA, audit: 1 });
  assert.equal(sum, await allcores.sumRange(COUNT / 4, body, { data: DATA, math: 'portable' }));
  await cluster.leavesNothing();
});

test('imported as an ES module, closed by the end of a block', async (t) => {
  const cluster = await TestCluster.start(t, { workers: 1 });
  const { connect, startWorker } = await import('allcores/cluster');
  assert.equal(typeof startWorker, 'function');
  const client = await connect({
    connection: { url: cluster.server.url },
    secret: 'correct horse battery staple',
  });
  assert.equal((await client.workers()).length, 1);
  assert.equal(await client.count(1000, (i) => i % 2 === 0), 500);
  await client[Symbol.asyncDispose]();
  await cluster.leavesNothing();
});

onBoth('an abort ends the call at once, and the chunks soon', async (t, engine) => {
  const cluster = await TestCluster.start(t, { engine });
  const client = await cluster.connect();
  const { promise, onProgress } = progressThat(({ done }) => done > 0);
  const controller = new AbortController();
  const call = client.sumRange(100 * COUNT, body, { data: DATA, signal: controller.signal, onProgress });
  await promise;
  const reason = new Error('enough');
  controller.abort(reason);
  await assert.rejects(call, { name: 'AbortError', code: 'ABORT_ERR', cause: reason });
  await assert.rejects(
    client.sumRange(10, (i) => i, { signal: controller.signal }),
    { code: 'ABORT_ERR' },
  );
  assert.equal(await client.sumRange(1000, (i) => i), 499_500);
  await cluster.leavesNothing();
});

onBothIfLong('an abort stops a body that never ends', async (t, engine) => {
  const cluster = await TestCluster.start(t, { engine, workers: 1 });
  const client = await cluster.connect();
  const endless = (i) => {
    let n = i;
    while (n >= 0) n++;
    return n;
  };
  const controller = new AbortController();
  const call = client.sumRange(10, endless, { signal: controller.signal });
  while ((await cluster.server.active(client.queue)) === 0);
  // The worker asks whether the run has ended, again and again: it computes.
  const before = await cluster.server.asked();
  while ((await cluster.server.asked()) < before + 5);
  controller.abort();
  await assert.rejects(call, { code: 'ABORT_ERR' });
  // Its worker is free long before the chunk is at the limit of a minute.
  assert.equal(await client.sumRange(1000, (i) => i), 499_500);
  await cluster.leavesNothing();
});

onBothIfLong('an abort, or a close, ends a call that waits for workers', async (t, engine) => {
  const cluster = await TestCluster.start(t, { engine, workers: 0 });
  const client = await cluster.connect({ waitForWorkers: Number.POSITIVE_INFINITY });
  const controller = new AbortController();
  const call = client.count(10, (i) => i > 3, { signal: controller.signal });
  // The run has a key by then.
  while (!(await cluster.server.keys()).some((key) => key.startsWith('allcores:run:')));
  controller.abort();
  await assert.rejects(call, { code: 'ABORT_ERR' });
  const other = assert.rejects(
    client.count(10, (i) => i > 3),
    {
      code: 'ABORT_ERR',
      cause: new Error('The cluster was closed'),
    },
  );
  await client.close();
  await other;
  await cluster.leavesNothing();
});

test('what onProgress throws is an exception of the program, and the call goes on', async (t) => {
  const cluster = await TestCluster.start(t, { workers: 1 });
  const client = await cluster.connect();
  const thrown = [];
  const listener = (error) => thrown.push(error.message);
  const listeners = process.listeners('uncaughtException');
  process.removeAllListeners('uncaughtException');
  process.on('uncaughtException', listener);
  const onProgress = () => {
    throw new Error('of the program');
  };
  assert.equal(await client.sumRange(1000, (i) => i, { onProgress }), 499_500);
  await new Promise((resolve) => setImmediate(resolve));
  process.off('uncaughtException', listener);
  for (const one of listeners) process.on('uncaughtException', one);
  assert.deepEqual(thrown, ['of the program']);
  await cluster.leavesNothing();
});
