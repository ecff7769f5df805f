'use strict';

// The soak (`npm run test:soak`), for some seconds: all is right, and it fails when something is not.

const assert = require('node:assert/strict');
const { describe, test } = require('node:test');
const { assertEnd, startNode } = require('./helpers/child.js');
const { scale } = require('./helpers/scale.js');
const { noTasks } = require('./helpers/tasks.js');

const MAIN = 'soak/main.js';

/** As the soak sets it itself, in a process of its own. */
const env = { MALLOC_ARENA_MAX: '1' };

test('some seconds of everything at once', async () => {
  const seconds = scale(4);
  const argv = [MAIN, '--seconds', `${seconds}`, '--patience', '30'];
  const result = await startNode(argv, { env, limit: 60_000 + 2000 * seconds }).done;
  assertEnd(result, { stdout: /left behind: nothing\nstalls: 0\nsoak: all right\n$/ });
  assert.match(result.stdout, /seed \d+/);
});

/** What is broken, and what the soak says of it. */
const BROKEN = {
  answer: /wrong: sumRange.* instead of /,
  memory: /wrong: memory grows by /,
  settling: /A call was not settled for 1 s\. Pending:\n {2}seat 0, lane/,
  listener: /wrong: left behind: 1 listeners on a signal/,
  thread: noTasks ? undefined : /wrong: left behind: threads: /,
  file: noTasks ? undefined : /wrong: left behind: files: /,
};

describe('it fails with', { concurrency: 2 }, () => {
  for (const [what, stderr] of Object.entries(BROKEN)) {
    test(`a broken ${what}`, { skip: stderr ? false : noTasks }, async () => {
      const argv = [
        MAIN,
        '--seconds',
        '2',
        '--seed',
        '1',
        '--patience',
        what === 'settling' ? '1' : '30',
        '--break',
        what,
      ];
      assertEnd(await startNode(argv, { env }).done, {
        code: 1,
        stdout: /soak: \d+ problems, see stderr\n$/,
        stderr,
      });
    });
  }
});

test('the command line is checked', async () => {
  for (const argv of [
    ['--seconds', '0'],
    ['--minutes', '1', '--seconds', '1'],
    ['--break', 'bread'],
    ['--what'],
  ]) {
    assertEnd(await startNode([MAIN, ...argv]).done, { code: 2, stderr: /--seconds[\s\S]*--break WHAT/ });
  }
});
