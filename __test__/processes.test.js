'use strict';

// Processes that a program starts with `child_process.fork` and `cluster`: each has a pool of its own, whatever its parent
// is doing.

const assert = require('node:assert/strict');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { after, describe, test } = require('node:test');
const { assertEnd, startNode } = require('./helpers/child.js');
const { scale } = require('./helpers/scale.js');
const { ROOT } = require('./helpers/worker.js');

const PROCESSES = 4;
const JOBS = scale(100);

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'allcores-processes-'));
after(() => fs.rmSync(folder, { recursive: true }));

/** `jobs` calls of each kind, at once. Gives back how many were right. */
async function work({ sum, sumIntoSharedBuffer, sumRange }, jobs) {
  const view = new Float64Array(new SharedArrayBuffer(2 ** 18)).fill(0.5);
  const calls = Array.from({ length: jobs }, (_, i) => [
    [sumRange(1000 + i), ((1000 + i) * (999 + i)) / 2],
    [sumIntoSharedBuffer(new SharedArrayBuffer(64), i), (i * (i - 1)) / 2],
    [sum(view), 2 ** 14],
  ]).flat();
  let right = 0;
  for (const [call, expected] of calls) if ((await call) === expected) right++;
  return right;
}

/** Runs a program file of its own; `body(root, work, processes, jobs)` travels as source. */
function run(name, body) {
  const file = path.join(folder, name);
  const args = [JSON.stringify(ROOT), `${work}`, PROCESSES, JOBS].join(', ');
  fs.writeFileSync(file, `'use strict';(${body})(${args});`);
  return startNode([file], { limit: 60_000 * scale(1) }).done;
}

describe('processes of their own', () => {
  /** What they print: one line for the work of each, one for its end. */
  const answers = (count) => Array(count).fill(`right ${3 * JOBS}`);
  const expected = [...answers(PROCESSES + 1), ...Array(PROCESSES).fill('end 0 null')].sort();

  test('by child_process.fork, while the pool of the parent is at work', async () => {
    const result = await run('fork.js', async (root, work, processes, jobs) => {
      const allcores = require(root);
      if (process.send) {
        process.send(await work(allcores, jobs), () => process.disconnect());
        return;
      }
      // The pool of the parent is there before the children are.
      await allcores.sumRange(10);
      const own = work(allcores, jobs);
      for (let i = 0; i < processes; i++) {
        const child = require('node:child_process').fork(__filename);
        child.on('message', (right) => console.log('right', right));
        child.on('exit', (code, signal) => console.log('end', code, signal));
      }
      console.log('right', await own);
    });
    assertEnd(result, { stdout: /(?:)/ });
    assert.deepEqual(result.stdout.trim().split('\n').sort(), expected);
  });

  test('by cluster, whose primary calls too', async () => {
    const result = await run('cluster.js', async (root, work, processes, jobs) => {
      const allcores = require(root);
      const cluster = require('node:cluster');
      if (cluster.isWorker) {
        process.send(await work(allcores, jobs), () => cluster.worker.disconnect());
        return;
      }
      await allcores.sumRange(10);
      const own = work(allcores, jobs);
      for (let i = 0; i < processes; i++) {
        const worker = cluster.fork();
        worker.on('message', (right) => console.log('right', right));
        worker.on('exit', (code, signal) => console.log('end', code, signal));
      }
      console.log('right', await own);
    });
    assertEnd(result, { stdout: /(?:)/ });
    assert.deepEqual(result.stdout.trim().split('\n').sort(), expected);
  });
});
