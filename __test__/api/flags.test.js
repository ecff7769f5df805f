'use strict';

// Node's own options: where they take away something that we need, loading says so; everywhere else nothing changes.

const { describe, test } = require('node:test');
const { assertEnd, startChild } = require('../helpers/child.js');

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
  await rejects(() => sum(new Float64Array(8)), 'ERR_NOT_SHARED', /new SharedArrayBuffer/);
  await rejects(() => sumIntoSharedBuffer({}, 5), 'ERR_INVALID_ARG_TYPE');
  console.log('right');
}

/** Options, and what Node itself says of them. */
const HARMLESS = [
  ['--frozen-intrinsics', /ExperimentalWarning: Frozen/],
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
    /^ERR_NO_BINARY allcores is a native addon, and this process runs none\.\nLeave out --no-addons; .*\n$/;

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
});
