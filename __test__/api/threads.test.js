'use strict';

// The pool: how large it is, what ALLCORES_THREADS and options.threads do to it, and what its threads are like.

const assert = require('node:assert/strict');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { describe, test } = require('node:test');
const allcores = require('../..');
const { runChild, startNode, assertEnd } = require('../helpers/child.js');
const { noTasks } = require('../helpers/tasks.js');
const { ROOT } = require('../helpers/worker.js');

const available = os.availableParallelism();

function printThreads(root) {
  console.log(require(root).threads);
}

/** The CPUs that this process may run on, by number. */
function allowedCpus() {
  const list = fs.readFileSync('/proc/self/status', 'utf8').match(/Cpus_allowed_list:\s*(\S+)/)[1];
  return list.split(',').flatMap((range) => {
    const [from, to = from] = range.split('-').map(Number);
    return Array.from({ length: to - from + 1 }, (_, i) => from + i);
  });
}

/** The reason why the process has fewer CPUs than `os` says, or false: a quota on CPU time in a control group. */
function quotaInForce() {
  const read = (file) => {
    try {
      return fs.readFileSync(file, 'utf8').trim();
    } catch {
      return '';
    }
  };
  for (const line of read('/proc/self/cgroup').split('\n').filter(Boolean)) {
    const [, controllers, folder] = line.split(':');
    const root = { '': '/sys/fs/cgroup', cpu: '/sys/fs/cgroup/cpu' }[
      controllers.split(',').includes('cpu') ? 'cpu' : controllers
    ];
    if (root === undefined) continue;
    for (let at = path.join(root, folder); at.startsWith(root); at = path.dirname(at)) {
      const limit = read(path.join(at, 'cpu.max')) || read(path.join(at, 'cpu.cfs_quota_us'));
      if (/^\d/.test(limit)) return `there is a quota on CPU time: ${limit}`;
    }
  }
  return false;
}

/** In a child process: prints 'all' once `expected` threads have computed during one and the same call, of each kind. */
async function allCompute(root, expected) {
  const assert = require('node:assert/strict');
  const { poolTasks } = require(`${root}/__test__/helpers/tasks.js`);
  const { patience, spinUntil } = require(`${root}/__test__/helpers/handshake.js`);
  const { longTarget } = require(`${root}/__test__/helpers/jobs.js`);
  const { sum, sumIntoSharedBuffer, sumRange, threads } = require(root);
  assert.equal(threads, expected);
  const kinds = [
    (size) => {
      const { view, num, total } = longTarget(2 ** 20 * size);
      return async () => assert.equal(await sumIntoSharedBuffer(view, num), total);
    },
    (size) => {
      const numbers = new Float64Array(new SharedArrayBuffer(2 ** 26 * size)).fill(1);
      return async () => assert.equal(await sum(numbers), 2 ** 23 * size);
    },
    (size) => {
      const body = (i) => {
        let turns = 0;
        while (turns < 2000 + 0 * i) turns++;
        return turns;
      };
      return async () => assert.equal(await sumRange(20_000 * size, body), 2000 * 20_000 * size);
    },
  ];
  const times = () => new Map(poolTasks().map(({ id, runNanoseconds }) => [id, runNanoseconds]));
  for (const make of kinds) {
    let call = make(1);
    await call();
    // A thread that stands in has the name of another one until it has its own, and ends when it is needed no longer.
    spinUntil(() => times().size === expected, `${expected} threads in the pool`);
    // On a busy machine a thread may get no CPU during a call, but not during all of them, and less so the longer they take.
    let most = 0;
    const patient = patience(60_000);
    for (let attempt = 1; most < expected && patient(); attempt++) {
      if (attempt % 50 === 0 && attempt <= 150) call = make(2 ** (attempt / 50));
      const before = times();
      await call();
      const after = times();
      // Longer than it takes to wake up and find nothing to do.
      const busy = [...after].filter(([id, time]) => time - before.get(id) > 500_000);
      most = Math.max(most, busy.length);
    }
    assert.equal(most, expected, 'threads that computed in one call');
  }
  console.log('all');
}

const CPU_GROUPS = '/sys/fs/cgroup/cpu';

/** The reason why no quota can be set here, or false. */
function noQuota() {
  if (available < 2) return 'needs two CPUs';
  try {
    fs.rmdirSync(fs.mkdtempSync(path.join(CPU_GROUPS, 'allcores-test-')));
    return false;
  } catch (error) {
    return `cannot make a control group: ${error.code}`;
  }
}

async function threadsWith(value, options = {}) {
  const { stdout } = await runChild(printThreads, { ...options, env: { ALLCORES_THREADS: value } });
  return Number(stdout);
}

describe('threads', () => {
  test('is the number of CPUs that the process may use', { skip: quotaInForce() }, async () => {
    assert.equal(await threadsWith(undefined), available);
    assert.equal(allcores.threads, Number(process.env.ALLCORES_THREADS || available));
  });

  test('counts the CPUs of the affinity mask, not those of the machine', {
    skip: process.platform === 'linux' ? false : 'needs Linux',
  }, async (t) => {
    const cpus = allowedCpus();
    const probe = await startNode(['-e', '0'], { wrap: ['taskset', '-c', `${cpus[0]}`] }).done.catch(
      () => ({}),
    );
    if (probe.code !== 0) return t.skip('needs taskset');
    for (const count of new Set([1, 2, 3, cpus.length - 1])) {
      if (count < 1 || count > cpus.length || (count > 1 && quotaInForce())) continue;
      const wrap = ['taskset', '-c', cpus.slice(0, count).join(',')];
      assert.equal(await threadsWith(undefined, { wrap }), count, `${count} of ${cpus.length} CPUs`);
    }
  });

  // Under a debugger's or an emulator's /proc, run times may stand still.
  test('all of them compute in one call', { skip: noTasks || quotaInForce() }, async () => {
    for (const [count, expected] of [
      [undefined, available],
      ['1', 1],
      ['3', 3],
    ]) {
      const env = { ALLCORES_THREADS: count };
      await runChild(allCompute, { args: [expected], env, limit: 180_000 }, { stdout: 'all' });
    }
  });
});

describe('a quota on CPU time counts', { skip: noQuota() }, () => {
  // Of a version 1 hierarchy: a group of our own, made and removed here.
  for (const [cpus, expected] of [
    [1, 1],
    [1.5, 1],
    [0.5, 1],
  ]) {
    test(`of ${cpus} CPUs`, async () => {
      const group = fs.mkdtempSync(path.join(CPU_GROUPS, 'allcores-test-'));
      try {
        fs.writeFileSync(path.join(group, 'cpu.cfs_period_us'), '100000');
        fs.writeFileSync(path.join(group, 'cpu.cfs_quota_us'), `${cpus * 100_000}`);
        const wrap = ['sh', '-c', `echo $$ > ${group}/cgroup.procs && exec "$@"`, 'sh'];
        assert.equal(await threadsWith(undefined, { wrap }), expected);
      } finally {
        fs.rmdirSync(group);
      }
    });
  }
});

describe('ALLCORES_THREADS', () => {
  for (const value of ['1', '2', '7', '64', '1024']) {
    test(`${value} is taken, whatever the machine has`, async () => {
      assert.equal(await threadsWith(value), Number(value));
    });
  }

  test('empty is as good as unset', async () => {
    assert.equal(await threadsWith(''), await threadsWith(undefined));
  });

  const nonsense = ['0', '-1', '1.5', 'abc', '1025', '4abc', '0x4', '1e2', 'NaN', 'Infinity', '9'.repeat(30)];
  test(`throws ERR_OUT_OF_RANGE at load for ${nonsense.join(', ')}`, async () => {
    await runChild(
      (root, nonsense) => {
        const assert = require('node:assert/strict');
        for (const value of nonsense) {
          process.env.ALLCORES_THREADS = value;
          for (let again = 0; again < 2; again++) {
            assert.throws(
              () => require(root),
              (error) => {
                assert.ok(error instanceof RangeError, `${error}`);
                assert.equal(error.code, 'ERR_OUT_OF_RANGE');
                assert.ok(error.message.includes('ALLCORES_THREADS'), error.message);
                assert.ok(error.message.includes(value), error.message);
                assert.match(error.message, /1024/);
                return true;
              },
              value,
            );
          }
        }
        process.env.ALLCORES_THREADS = '3';
        assert.equal(require(root).threads, 3);
      },
      { args: [nonsense] },
    );
  });

  test('a bad value fails an import too', async () => {
    const program = `import('file://${ROOT}/index.js').catch((error) => console.log(error.code))`;
    const env = { ALLCORES_THREADS: '0' };
    assertEnd(await startNode(['--input-type=module', '-e', program], { env }).done, {
      stdout: 'ERR_OUT_OF_RANGE',
    });
  });

  for (const count of ['1', '3', '16']) {
    test(`results are the same with ${count} threads`, async () => {
      await runChild(
        async (root) => {
          const assert = require('node:assert/strict');
          const { sumRange, sumIntoSharedBuffer, threads } = require(root);
          const oracle = require(`${root}/__test__/helpers/oracle.js`);
          for (const num of [0, 1, 2, 15, 16, 17, 10_000, 2 ** 53 - 1]) {
            for (const options of [undefined, { threads: 1 }, { threads }]) {
              assert.equal(await sumRange(num, options), Number(oracle.rangeSum(num)));
            }
          }
          for (const length of [2, 3, 17, 20_001]) {
            const view = new Int32Array(new SharedArrayBuffer(length * 4));
            await sumIntoSharedBuffer(view, 60_000);
            assert.deepEqual(oracle.asBigInts(view), oracle.finalSlots(60_000, length));
          }
        },
        { env: { ALLCORES_THREADS: count } },
      );
    });
  }
});

describe('the threads', { skip: noTasks }, () => {
  test('none starts at load; the first call starts the pool, and no later call adds to it', async () => {
    await runChild(
      async (root) => {
        const assert = require('node:assert/strict');
        const { poolTasks, tasks } = require(`${root}/__test__/helpers/tasks.js`);
        const before = tasks().length;
        const { sumRange, threads } = require(root);
        assert.equal(threads, 5);
        assert.deepEqual(poolTasks(), []);
        assert.ok(tasks().length <= before, 'loading starts no thread');
        await sumRange(10_000);
        assert.ok(poolTasks().length >= 1 && poolTasks().length <= 5, `${poolTasks().length} threads`);
        await Promise.all(Array.from({ length: 500 }, () => sumRange(10_000)));
        assert.ok(poolTasks().length <= 5, `${poolTasks().length} threads`);
      },
      { env: { ALLCORES_THREADS: '5' } },
    );
  });

  test('refused arguments and aborted calls start none', async () => {
    await runChild(async (root) => {
      const assert = require('node:assert/strict');
      const { poolTasks } = require(`${root}/__test__/helpers/tasks.js`);
      const { sumRange, sumIntoSharedBuffer } = require(root);
      const calls = [
        sumRange(-1),
        sumRange('1'),
        sumRange(5, { signal: AbortSignal.abort() }),
        sumIntoSharedBuffer(new ArrayBuffer(8)),
      ];
      for (const { status } of await Promise.allSettled(calls)) assert.equal(status, 'rejected');
      assert.deepEqual(poolTasks(), []);
    });
  });
});
