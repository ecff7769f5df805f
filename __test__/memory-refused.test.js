'use strict';

// A system that refuses memory: what fails is the program's allocation, with an error that it can catch; our calls are
// answered or rejected with a code. (V8 itself ends a process that has no room for a garbage collection: so the last large
// block is refused here, and the room for small ones remains.)

const { spawnSync } = require('node:child_process');
const { describe, test } = require('node:test');
const { assertEnd, startChild } = require('./helpers/child.js');
const { scale } = require('./helpers/scale.js');

const GIB = 2 ** 30;

/** The reason why this cannot be tested here, or false. */
function reasonToSkip() {
  if (process.platform !== 'linux') return 'needs Linux';
  return spawnSync('prlimit', ['--version']).status === 0 ? false : 'needs prlimit';
}

/** In a child process: takes all shared memory there is, and calls meanwhile, or afterwards for the first time. */
async function callWithoutMemory(root, when) {
  const assert = require('node:assert/strict');
  const { sum, sumIntoSharedBuffer, sumRange } = require(root);
  const block = 2 ** 27;
  const views = [];
  const seen = { right: 0, codes: new Set() };

  /** One call of every kind, on that memory. */
  async function callAll(view) {
    const slots = new BigInt64Array(view.buffer, block / 2, 2 ** 16);
    const expected = [
      [sumRange(10_000), 49_995_000],
      [sumRange(2n ** 40n), 2n ** 79n - 2n ** 39n],
      [sum(view.subarray(0, 10)), 0],
      [sum(view.subarray(0, 2 ** 17), { signal: new AbortController().signal }), 0],
      [sumIntoSharedBuffer(slots, 1000), 499_500n],
    ];
    for (const [call, value] of expected) {
      try {
        assert.equal(await call, value);
        seen.right++;
      } catch (error) {
        if (error.code === 'ERR_ASSERTION') throw error;
        assert.match(`${error.code}`, /^ERR_(THREADS|INTERNAL)$/, error);
        seen.codes.add(error.code);
      }
    }
    slots.fill(0n);
  }

  while (true) {
    try {
      views.push(new Float64Array(new SharedArrayBuffer(block)));
    } catch (error) {
      assert.ok(error instanceof RangeError, error);
      break;
    }
    if (when === 'meanwhile') await callAll(views.at(-1));
  }
  assert.ok(views.length > 0);
  for (let i = 0; i < 20; i++) {
    await callAll(views[i % views.length]);
    // V8 collects garbage several times before it gives up.
    if (i % 5 === 0) assert.throws(() => new SharedArrayBuffer(block), RangeError);
  }
  const ends = await Promise.allSettled(Array.from({ length: 2000 }, (_, i) => sumRange(i)));
  assert.ok(
    ends.every(({ value, reason }, i) => value === (i * (i - 1)) / 2 || reason?.code === 'ERR_THREADS'),
  );
  // All of a view at once: its length is no reason for memory of ours.
  assert.equal(await sum(views[0]), 0);
  console.log(seen.right, ...seen.codes);
}

describe('when the system refuses memory', { skip: reasonToSkip(), concurrency: 2 }, () => {
  for (const gib of [1, 2, 4]) {
    for (const when of ['meanwhile', 'afterwards']) {
      test(`${gib} GiB of address space, calls ${when}`, async (t) => {
        const wrap = ['prlimit', `--as=${gib * GIB}`];
        const { code } = await startChild(() => new SharedArrayBuffer(2 ** 27), { wrap }).done;
        if (code !== 0) return t.skip(`Node itself does not run within ${gib} GiB`);
        for (let i = 0; i < scale(1); i++) {
          const result = await startChild(callWithoutMemory, {
            args: [when],
            wrap,
            env: { ALLCORES_THREADS: '4' },
          }).done;
          assertEnd(result, { stdout: /^\d+\n$/ });
        }
      });
    }
  }
});
