'use strict';

// Node's own options: where they take away something that we need, loading says so; everywhere else nothing changes.

const fs = require('node:fs');
const path = require('node:path');
const { describe, test } = require('node:test');
const { assertEnd, startChild, startNode } = require('../helpers/child.js');
const { env, folder, install } = require('../helpers/installation.js');
const { ROOT } = require('../helpers/worker.js');

/** In a child process: uses every part of the API. */
async function useEverything(root) {
  const assert = require('node:assert/strict');
  const { sum, sumIntoSharedBuffer, sumRange } = require(root);
  const { rejects } = require(`${root}/__test__/helpers/rejects.js`);
  const view = new Float64Array(new SharedArrayBuffer(2 ** 18)).fill(0.1);
  const controller = new AbortController();
  assert.equal(await sumRange(10_000), 49_995_000);
  assert.equal(await sumRange(10n ** 12n), (10n ** 12n * (10n ** 12n - 1n)) / 2n);
  assert.equal(await sum(view), 3276.8);
  assert.equal(await sum(view.subarray(0, 10)), 1);
  assert.equal(await sum(new BigInt64Array(new SharedArrayBuffer(2 ** 18)).fill(-1n)), -(2n ** 15n));
  assert.equal(await sumIntoSharedBuffer(new SharedArrayBuffer(64), 1000), 499_500);
  const aborted = sum(view, { signal: controller.signal });
  controller.abort();
  await rejects(() => aborted, 'ABORT_ERR');
  await rejects(() => sumRange(-1), 'ERR_OUT_OF_RANGE');
  await rejects(() => sum(new Float64Array(8)), 'ERR_NOT_SHARED', /share\(view\)/);
  await rejects(() => sumIntoSharedBuffer({}, 5), 'ERR_INVALID_ARG_TYPE');
  console.log('right');
}

/** In a child process: catches a refusal of every kind, from `index.js` and from the native side. */
async function catchEveryRefusal(root) {
  const assert = require('node:assert/strict');
  const { sum, sumIntoSharedBuffer, sumRange } = require(root);
  const { rejects } = require(`${root}/__test__/helpers/rejects.js`);
  const { startLong } = require(`${root}/__test__/helpers/jobs.js`);
  const shared = (View, length) => new View(new SharedArrayBuffer(length * View.BYTES_PER_ELEMENT));

  await rejects(() => sum(new Float64Array(8)), 'ERR_NOT_SHARED', /"view"/);
  await rejects(() => sum(new Float64Array(8), { threads: 1 }), 'ERR_NOT_SHARED', /"view"/);
  await rejects(() => sumIntoSharedBuffer(new Int32Array(8), 10), 'ERR_NOT_SHARED', /"target"/);
  await rejects(() => sumIntoSharedBuffer(new ArrayBuffer(8), 10), 'ERR_NOT_SHARED', /"target"/);
  await rejects(() => sumRange('10'), 'ERR_INVALID_ARG_TYPE');
  await rejects(() => sumRange(-1), 'ERR_OUT_OF_RANGE');
  await rejects(() => sumRange(10, { threads: 0 }), 'ERR_OUT_OF_RANGE');
  await rejects(() => sumRange(10, { signal: {} }), 'ERR_INVALID_ARG_TYPE');
  // A partial sum, and a request, that no slot holds; a request that is none.
  await rejects(() => sumIntoSharedBuffer(shared(Int32Array, 2), 10 ** 9), 'ERR_OUT_OF_RANGE', /slot 0/);
  const many = shared(BigInt64Array, 1000);
  await rejects(() => sumIntoSharedBuffer(many, 2n ** 64n - 1n), 'ERR_OUT_OF_RANGE');
  await rejects(() => sumIntoSharedBuffer(shared(Int32Array, 2).fill(-1)), 'ERR_OUT_OF_RANGE', /-1/);

  const { call, part, total } = startLong(sumIntoSharedBuffer);
  await rejects(() => sumIntoSharedBuffer(part, 10), 'ERR_BUFFER_BUSY');
  // With a signal, the refusal passes through one more hand.
  const { signal } = new AbortController();
  await rejects(() => sumIntoSharedBuffer(part, 10, { signal }), 'ERR_BUFFER_BUSY');
  assert.equal(await call, total);

  for (const start of [
    (options) => sumRange(10, options),
    (options) => sum(shared(Float64Array, 2 ** 16), options),
    (options) => sumIntoSharedBuffer(shared(Int32Array, 8), 10, options),
  ]) {
    await rejects(() => start({ signal: AbortSignal.abort() }), 'ABORT_ERR');
    const controller = new AbortController();
    const aborted = start({ signal: controller.signal });
    controller.abort();
    await rejects(() => aborted, 'ABORT_ERR');
  }

  // Rejected before anybody listens, and handled in the same turn.
  const late = [sum(new Float64Array(8)), sumRange(10, { signal: AbortSignal.abort() })];
  await null;
  const [refused, aborted] = await Promise.allSettled(late);
  assert.deepEqual([refused.reason.code, aborted.reason.code], ['ERR_NOT_SHARED', 'ABORT_ERR']);

  // What index.js lets nobody ask: the native side checks again.
  const engine = require(`${root}/lib/engine.js`);
  const none = { threads: 0 };
  await rejects(() => engine.sumRange('10', none), 'ERR_INVALID_ARG_TYPE');
  await rejects(() => engine.sumRange(0.5, none), 'ERR_OUT_OF_RANGE');
  await rejects(() => engine.sum({}, none), 'ERR_INVALID_ARG_TYPE');
  await rejects(() => engine.sumIntoSharedBuffer(part, 1, 10, none), 'ERR_OUT_OF_RANGE');
  await rejects(
    () => engine.sumIntoSharedBuffer(new Uint8Array(part.buffer), 8, 1, none),
    'ERR_INVALID_ARG_TYPE',
  );
  const { code, message } = require(`${root}/lib/binding.js`).sumRange(99, 10, 0);
  if (code !== 'ERR_INTERNAL' || !message.includes('torn down')) throw new Error(`${code} ${message}`);
  console.log('right');
}

/** Options, and what Node itself says of them. */
const HARMLESS = [
  ['--frozen-intrinsics', /ExperimentalWarning: .*frozen/i],
  ['--disallow-code-generation-from-strings'],
  ['--disable-proto=throw'],
  ['--disable-proto=delete'],
  ['--force-context-aware'],
  ['--single-threaded'],
  ['--jitless', /^(Warning: disabling flag.*\n)?$/],
  ['--no-opt'],
  ['--stack-size=200'],
  ['--max-old-space-size=32'],
  ['--pending-deprecation --throw-deprecation'],
];

/** Whether this Node knows an option; what it is called differs. */
const known = (option) => process.allowedNodeEnvironmentFlags.has(option);
const permission = ['--permission', '--experimental-permission'].find(known);

describe('work with', { concurrency: 2 }, () => {
  for (const [options, stderr = ''] of HARMLESS) {
    test(options, async () => {
      assertEnd(await startChild(useEverything, { execArgv: options.split(' ') }).done, {
        stdout: 'right',
        stderr,
      });
    });
  }

  test('NODE_OPTIONS', async () => {
    const env = { NODE_OPTIONS: '--frozen-intrinsics --disable-proto=throw --no-warnings' };
    assertEnd(await startChild(useEverything, { env }).done, { stdout: 'right' });
  });

  test('the permission model, when addons are allowed', {
    skip: permission && known('--allow-addons') ? false : 'this version of Node has no --allow-addons',
  }, async () => {
    const execArgv = [permission, '--allow-fs-read=*', '--allow-addons', '--no-warnings'];
    assertEnd(await startChild(useEverything, { execArgv }).done, { stdout: 'right' });
  });
});

// To V8, what a native function throws is uncaught, whoever catches it later.
describe('what the program catches ends no process, with --abort-on-uncaught-exception:', {
  concurrency: 2,
}, () => {
  const execArgv = ['--abort-on-uncaught-exception'];

  test('everything', async () => {
    assertEnd(await startChild(useEverything, { execArgv }).done, { stdout: 'right' });
  });

  test('refusals of every kind', async () => {
    assertEnd(await startChild(catchEveryRefusal, { execArgv }).done, { stdout: 'right' });
  });

  test('a refusal at load', async () => {
    const load = (root) => {
      try {
        require(root);
      } catch (error) {
        console.log(`${error.name} ${error.code}`);
      }
    };
    const result = await startChild(load, { execArgv, env: { ALLCORES_ISA: 'abacus' } }).done;
    assertEnd(result, { stdout: 'RangeError ERR_OUT_OF_RANGE' });
  });
});

describe('say at load why not, with', { concurrency: 2 }, () => {
  /** In a child process: prints what `require` throws. */
  const load = (root) => {
    try {
      require(root);
    } catch (error) {
      console.log(error.code, error.message);
    }
  };
  const stdout =
    /^ERR_NO_BINARY allcores is a native addon, and native addons are disabled in this process\.\nRemove --no-addons; .*\n$/;

  test('--no-addons', async () => {
    const result = await startChild(load, { execArgv: ['--no-addons'] }).done;
    assertEnd(result, { stdout });
  });

  test('the permission model, when addons are not allowed', {
    skip: permission ? false : 'this version of Node has no permission model',
  }, async () => {
    const execArgv = [permission, '--allow-fs-read=*', '--no-warnings'];
    const result = await startChild(load, { execArgv }).done;
    assertEnd(result, { stdout });
  });

  test('the permission model, when the binary may not be read', {
    skip: permission && known('--allow-addons') ? false : 'this version of Node has no --allow-addons',
  }, async () => {
    const home = fs.realpathSync(install('allcores-linux-x64-gnu'));
    const execArgv = [
      permission,
      `--allow-fs-read=${path.join(home, '*')}`,
      '--allow-addons',
      '--no-warnings',
    ];
    const option = `--allow-fs-read=${path.join(path.dirname(home), '*')}`;
    assertEnd(await startChild(load, { execArgv, root: home, env, cwd: home }).done, {
      stdout: `ERR_NO_BINARY allcores is a native addon, and this process may not load its binary: add ${option}`,
    });
  });

  test('--build-snapshot', {
    skip: process.versions.bun || process.versions.deno ? 'this runtime has no startup snapshots' : false,
  }, async () => {
    const program = path.join(folder, 'snapshot.js');
    const bundle = path.join(folder, 'snapshot', 'bundle.js');
    fs.writeFileSync(
      program,
      `(${load})(${JSON.stringify(ROOT)});`.replace('require(root)', `require(${JSON.stringify(ROOT)})`),
    );
    require('esbuild').buildSync({
      entryPoints: [program],
      outfile: bundle,
      bundle: true,
      platform: 'node',
      loader: { '.node': 'copy' },
      logLevel: 'error',
    });
    const argv = [
      '--no-warnings',
      '--snapshot-blob',
      path.join(folder, 'snapshot.blob'),
      '--build-snapshot',
      bundle,
    ];
    assertEnd(await startNode(argv).done, {
      stdout: /^ERR_NO_BINARY allcores needs SharedArrayBuffer .*--build-snapshot.*\n$/,
    });
  });
});
