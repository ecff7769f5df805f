// What is refused, is refused here, before anything is sent; and says what to do.

const assert = require('node:assert/strict');
const { execFile } = require('node:child_process');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { promisify } = require('node:util');
const { test } = require('node:test');
const allcores = require('allcores');
const { connect, startWorker } = require('allcores/cluster');
const { SECRET, TestCluster } = require('../helpers/cluster.js');

const run = promisify(execFile);

test('bodies and arguments are refused as on one machine, and nothing is sent', async (t) => {
  const cluster = await TestCluster.start(t, { workers: 0 });
  const client = await cluster.connect();
  const before = await cluster.server.keys();
  const store = (i, { into }) => {
    into[i] = i;
    return i;
  };
  for (const [call, expected] of [
    [() => client.sumRange(10, (i) => `${i}`), { name: 'SyntaxError', code: 'ERR_UNSUPPORTED', line: 1 }],
    // biome-ignore lint/correctness/noUndeclaredVariables: that is what is refused
    [() => client.sumRange(10, (i) => missing + i), { code: 'ERR_UNSUPPORTED', message: /missing/ }],
    // What it stored would be lost on another machine.
    [
      () => client.sumRange(10, store, { data: { into: allcores.shared(Float64Array, 10) } }),
      { code: 'ERR_UNSUPPORTED', message: /return a value instead/ },
    ],
    [() => client.sumRange(-1, (i) => i), { code: 'ERR_OUT_OF_RANGE' }],
    [() => client.sumRange([1, 2, 3, 4], (i) => i), { code: 'ERR_INVALID_ARG_TYPE' }],
    [() => client.sumRange('10', (i) => i), { code: 'ERR_INVALID_ARG_TYPE', message: /"num"/ }],
    [
      () => client.min(new Float64Array(3), (x) => x),
      { code: 'ERR_INVALID_ARG_TYPE', message: /Pass it in data/ },
    ],
    [() => client.min(10), { code: 'ERR_INVALID_ARG_TYPE', message: /"body"/ }],
    [() => client.count(10, 'i > 3'), { code: 'ERR_INVALID_ARG_TYPE', message: /"predicate"/ }],
    [() => client.sumRange(10, (i) => i, 7), { code: 'ERR_INVALID_ARG_TYPE', message: /"options"/ }],
    [() => client.sumRange(10, (i) => i, { data: [1] }), { code: 'ERR_INVALID_ARG_TYPE' }],
    [() => client.sumRange(10, (i) => i, { from: -1 }), { code: 'ERR_OUT_OF_RANGE' }],
    [() => client.sumRange([2, 3], (i, j) => i + j, { from: 1 }), { code: 'ERR_OUT_OF_RANGE' }],
    [() => client.sumRange(10, (i) => i, { audit: 2 }), { code: 'ERR_OUT_OF_RANGE' }],
    [() => client.sumRange(10, (i) => i, { audit: '1' }), { code: 'ERR_INVALID_ARG_TYPE' }],
    [() => client.sumRange(10, (i) => i, { resume: 'a:b' }), { code: 'ERR_OUT_OF_RANGE' }],
    [() => client.sumRange(10, (i) => i, { resume: true }), { code: 'ERR_INVALID_ARG_TYPE' }],
    [() => client.sumRange(10, (i) => i, { waitForWorkers: -1 }), { code: 'ERR_OUT_OF_RANGE' }],
    [() => client.sumRange(10, (i) => i, { onProgress: 1 }), { code: 'ERR_INVALID_ARG_TYPE' }],
    [() => client.sumRange(10, (i) => i, { signal: {} }), { code: 'ERR_INVALID_ARG_TYPE' }],
    [() => client.sumRange(10, (i) => i, { math: 'fast' }), { code: 'ERR_OUT_OF_RANGE' }],
    [() => client.variance(10, (i) => i, { ddof: -1 }), { code: 'ERR_OUT_OF_RANGE' }],
    [
      () => client.sumRange(10, (i, { a }) => a[i], { data: { a: new Float64Array(8 * 2 ** 20 + 1) } }),
      { code: 'ERR_OUT_OF_RANGE', message: /67108864 bytes/ },
    ],
    [
      () => client.sumRange(10, new Function('i', `return i /* ${'x'.repeat(70_000)} */`)),
      { code: 'ERR_OUT_OF_RANGE', message: /65536 characters/ },
    ],
  ]) {
    await assert.rejects(call, expected, `${call}`);
  }
  assert.deepEqual(await cluster.server.keys(), before);
  await client.close();
  await assert.rejects(
    client.sumRange(10, (i) => i),
    { code: 'ERR_CLUSTER_CONNECTION', message: /closed/ },
  );
  await cluster.leavesNothing();
});

test('options of connect() and startWorker()', async () => {
  const connection = { url: 'redis://127.0.0.1:1' };
  for (const [options, expected] of [
    [undefined, { code: 'ERR_INVALID_ARG_TYPE', message: /"options"/ }],
    [{ connection }, { code: 'ERR_INVALID_ARG_TYPE', message: /"options.secret".*randomBytes/ }],
    [
      { connection, secret: 'short' },
      { code: 'ERR_OUT_OF_RANGE', message: /16 bytes long. Received 5 bytes/ },
    ],
    [{ secret: SECRET }, { code: 'ERR_INVALID_ARG_TYPE', message: /"options.connection"/ }],
    [{ connection: { url: 7 }, secret: SECRET }, { code: 'ERR_INVALID_ARG_TYPE' }],
    [{ connection: { url: 'redis://[' }, secret: SECRET }, { code: 'ERR_OUT_OF_RANGE' }],
    [{ connection: { ...connection, keyPrefix: 'x' }, secret: SECRET }, { code: 'ERR_OUT_OF_RANGE' }],
    [{ connection, secret: SECRET, prefix: 'a b' }, { code: 'ERR_OUT_OF_RANGE' }],
  ]) {
    await assert.rejects(connect(options), expected);
    await assert.rejects(startWorker(options), expected);
  }
  for (const [options, expected] of [
    [{ threads: 0 }, { code: 'ERR_OUT_OF_RANGE' }],
    [{ threads: allcores.threads + 1 }, { code: 'ERR_OUT_OF_RANGE' }],
    [{ name: 'a\nb' }, { code: 'ERR_OUT_OF_RANGE' }],
    [{ limits: { seconds: 0 } }, { code: 'ERR_OUT_OF_RANGE' }],
    [{ limits: { data: 2 ** 30 } }, { code: 'ERR_OUT_OF_RANGE' }],
    [{ onError: 1 }, { code: 'ERR_INVALID_ARG_TYPE' }],
  ]) {
    await assert.rejects(startWorker({ connection, secret: SECRET, ...options }), expected);
  }
  await assert.rejects(connect({ connection, secret: SECRET, waitForWorkers: Number.NaN }), {
    code: 'ERR_OUT_OF_RANGE',
  });
});

test('without bullmq or ioredis an error says what to install; the rest of the package works', async (t) => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'allcores-peers-'));
  t.after(() => fs.rmSync(folder, { recursive: true }));
  const modules = path.dirname(path.dirname(require.resolve('allcores')));
  fs.mkdirSync(path.join(folder, 'node_modules'));
  for (const name of fs.readdirSync(modules).filter((name) => name.startsWith('allcores'))) {
    fs.cpSync(path.join(modules, name), path.join(folder, 'node_modules', name), { recursive: true });
  }
  const program = `
    const { sumRange } = require('allcores');
    const { connect, startWorker } = require('allcores/cluster');
    const options = { connection: {}, secret: '${SECRET}' };
    (async () => {
      for (const start of [connect, startWorker]) {
        await start(options).catch(({ code, message }) => console.log(code, message.includes('npm install bullmq@6 ioredis')));
      }
      console.log(await sumRange(10, (i) => i));
    })();`;
  fs.writeFileSync(path.join(folder, 'program.cjs'), program);
  const { stdout } = await run(process.execPath, ['program.cjs'], { cwd: folder });
  assert.equal(stdout, 'ERR_CLUSTER_PEERS true\nERR_CLUSTER_PEERS true\n45\n');
  // One of another version.
  const other = path.join(folder, 'node_modules', 'bullmq');
  fs.mkdirSync(other);
  fs.writeFileSync(path.join(other, 'package.json'), JSON.stringify({ name: 'bullmq', version: '5.1.0' }));
  fs.writeFileSync(path.join(other, 'index.js'), '');
  fs.mkdirSync(path.join(folder, 'node_modules', 'ioredis'));
  fs.writeFileSync(path.join(folder, 'node_modules', 'ioredis', 'index.js'), '');
  assert.match(
    (await run(process.execPath, ['program.cjs'], { cwd: folder })).stdout,
    /^ERR_CLUSTER_PEERS true\n/,
  );
});
