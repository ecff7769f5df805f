'use strict';

// Loading: by name, by path, by import, twice, in workers only, in twenty at once. Nothing runs at load.

const assert = require('node:assert/strict');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { after, describe, test } = require('node:test');
const { assertEnd, runChild, startNode } = require('../helpers/child.js');
const { copyPackage } = require('../helpers/installation.js');
const { ROOT, runWorker } = require('../helpers/worker.js');

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'allcores-load-'));
after(() => fs.rmSync(folder, { recursive: true, force: true }));

/** An application in a folder of its own, with the package in node_modules as a link. */
function application(name, program) {
  const home = path.join(folder, name);
  fs.mkdirSync(path.join(home, 'node_modules'), { recursive: true });
  fs.symlinkSync(ROOT, path.join(home, 'node_modules', 'allcores'), 'dir');
  fs.writeFileSync(path.join(home, name), program);
  return startNode([path.join(home, name)], { cwd: home }).done;
}

describe('modules', () => {
  test('require by name', async () => {
    const program = `const { sumRange } = require('allcores'); sumRange(10000).then(console.log);`;
    assertEnd(await application('app.cjs', program), { stdout: '49995000' });
  });

  test('import by name, each export on its own', async () => {
    const program = `import { sumIntoSharedBuffer, sumRange, threads } from 'allcores';
      import allcores, * as namespace from 'allcores';
      if (allcores.sumRange !== sumRange || namespace.sumRange !== sumRange) throw new Error('another function');
      if (!(threads >= 1)) throw new Error('no threads');
      console.log(await sumRange(10000), await sumIntoSharedBuffer(new SharedArrayBuffer(12), 10));`;
    assertEnd(await application('app.mjs', program), { stdout: '49995000 45' });
  });

  test('the exports are those of the contract, and assigning to them reaches nobody else', () => {
    const allcores = require('../..');
    const { threads, ...functions } = allcores;
    assert.ok(Number.isInteger(threads));
    const names = [
      'argMax',
      'argMin',
      'count',
      'dot',
      'explain',
      'findIndex',
      'forRange',
      'map',
      'max',
      'mean',
      'min',
      'norm',
      'random',
      'share',
      'shared',
      'sum',
      'sumIntoSharedBuffer',
      'sumRange',
      'variance',
    ];
    assert.deepEqual(Object.keys(functions).sort(), names);
    for (const name of names) {
      assert.equal(typeof functions[name], 'function');
      assert.equal(functions[name].name, name);
    }
  });

  test('does nothing at load but load: no timer, no handle, no listener, no warning, no output', async () => {
    await runChild(
      (root) => {
        const assert = require('node:assert/strict');
        const listeners = () => process.eventNames().map((name) => [name, process.listenerCount(name)]);
        const [globals, events] = [Reflect.ownKeys(globalThis).length, listeners()];
        const resources = process.getActiveResourcesInfo();
        require(root);
        assert.deepEqual(process.getActiveResourcesInfo(), resources);
        assert.equal(Reflect.ownKeys(globalThis).length, globals);
        assert.deepEqual(listeners(), events);
      },
      {},
      { stdout: '' },
    );
  });
});

describe('loaded twice in one process', () => {
  test('after its modules left require.cache: both work, and know of each other', async () => {
    await runChild(async (root) => {
      const assert = require('node:assert/strict');
      const first = require(root);
      for (const key of Object.keys(require.cache)) delete require.cache[key];
      const second = require(root);
      assert.notEqual(first, second);
      assert.deepEqual(await Promise.all([first.sumRange(10_000), second.sumRange(10_000n)]), [
        49995000,
        49995000n,
      ]);
      const { startLong } = require(`${root}/__test__/helpers/jobs.js`);
      const { call, part, total } = startLong(first.sumIntoSharedBuffer);
      await assert.rejects(second.sumIntoSharedBuffer(part, 10), { code: 'ERR_BUFFER_BUSY' });
      assert.equal(await call, total);
      assert.equal(await second.sumIntoSharedBuffer(part, 10), 45);
    });
  });

  test('by a second path to the same file', async () => {
    const link = path.join(folder, 'link');
    fs.symlinkSync(ROOT, link, 'dir');
    await runChild(
      async (root, other) => {
        const assert = require('node:assert/strict');
        const [first, second] = [require(root), require(other)];
        assert.notEqual(first, second, 'two modules');
        assert.deepEqual(
          await Promise.all([first.sumRange(5), second.sumRange(6), first.sumRange(7)]),
          [10, 15, 21],
        );
      },
      { args: [link], execArgv: ['--preserve-symlinks'] },
    );
  });

  test('as two installed copies, in one thread and in a worker', async () => {
    await runChild(
      async (root, copy) => {
        const assert = require('node:assert/strict');
        const { runWorker } = require(`${root}/__test__/helpers/worker.js`);
        const both = [require(root), require(copy)];
        assert.deepEqual(
          await Promise.all(both.map(({ sumRange }) => sumRange(10_000))),
          [49995000, 49995000],
        );
        const answer = await runWorker(async (_root, copied) => {
          const { parentPort } = require('node:worker_threads');
          parentPort.postMessage(await require(copied).sumRange(5));
        }, copy);
        assert.equal(answer, 10);
      },
      // Without this variable each copy loads the binary that lies beside it.
      { args: [copyPackage(path.join(folder, 'copy'))], env: { NAPI_RS_NATIVE_LIBRARY_PATH: undefined } },
    );
  });
});

describe('in a context of its own', () => {
  test('its modules compiled there, as test runners do it: works on memory of either realm', async () => {
    await runChild(
      async (root) => {
        const assert = require('node:assert/strict');
        const fs = require('node:fs');
        const path = require('node:path');
        const vm = require('node:vm');
        const outer = require(root);

        /** Compiles the package's JavaScript in a new context, and asks the real `require` for everything else. */
        function load() {
          const context = vm.createContext({ process, AbortSignal, AbortController, EventTarget, Event });
          const modules = new Map();
          const loadFile = (file) => {
            if (modules.has(file)) return modules.get(file).exports;
            const module = { exports: {} };
            modules.set(file, module);
            const parameters = ['module', 'exports', 'require', '__filename', '__dirname'];
            const code = vm.compileFunction(fs.readFileSync(file, 'utf8'), parameters, {
              filename: file,
              parsingContext: context,
            });
            const from = (name) => {
              if (!name.startsWith('.')) return require(name);
              const target = require.resolve(path.join(path.dirname(file), name));
              return target.endsWith('native.js') || target.endsWith('.node')
                ? require(target)
                : loadFile(target);
            };
            code.call(module.exports, module, module.exports, from, file, path.dirname(file));
            return module.exports;
          };
          return { context, inner: loadFile(path.join(root, 'index.js')) };
        }

        for (let round = 0; round < 3; round++) {
          const { context, inner } = load();
          assert.notEqual(inner.sum, outer.sum);
          const promise = inner.sumRange(10_000);
          assert.ok(!(promise instanceof Promise), 'a promise of that context');
          assert.equal(await promise, 49_995_000);
          const theirs = vm.runInContext('new Int32Array(new SharedArrayBuffer(2 ** 18)).fill(1)', context);
          const ours = new Int32Array(new SharedArrayBuffer(2 ** 18)).fill(1);
          for (const { sum, sumIntoSharedBuffer } of [inner, outer]) {
            for (const view of [theirs, ours]) {
              assert.equal(await sum(view.subarray(10)), 2 ** 16 - 10);
              assert.equal(await sum(view.subarray(0, 10)), 10);
              assert.equal(await sumIntoSharedBuffer(view.subarray(0, 4), 100), 4950);
              view.fill(1);
            }
          }
          const controller = new AbortController();
          const aborted = inner.sum(ours, { signal: controller.signal });
          controller.abort('reason');
          await assert.rejects(aborted, { code: 'ABORT_ERR', cause: 'reason' });
          await assert.rejects(inner.sumRange(-1), { code: 'ERR_OUT_OF_RANGE' });
          // What one has in flight is busy for the other.
          const { startLong } = require(`${root}/__test__/helpers/jobs.js`);
          const { call, part, total } = startLong(inner.sumIntoSharedBuffer);
          await assert.rejects(outer.sumIntoSharedBuffer(part, 10), { code: 'ERR_BUFFER_BUSY' });
          assert.equal(await call, total);
        }
        console.log('done');
      },
      {},
      { stdout: 'done' },
    );
  });
});

describe('workers', () => {
  async function sumInWorker(root) {
    const { parentPort } = require('node:worker_threads');
    const { sumRange, sumIntoSharedBuffer } = require(root);
    const view = new Int32Array(new SharedArrayBuffer(20));
    parentPort.postMessage([await sumRange(10_000), await sumIntoSharedBuffer(view, 100), ...view]);
  }
  const answer = [49_995_000, 4950, 300, 925, 1550, 2175, 0];

  test('twenty load it at once', async () => {
    const answers = await Promise.all(Array.from({ length: 20 }, () => runWorker(sumInWorker)));
    for (const one of answers) assert.deepEqual(one, answer);
  });

  test('loaded first in a worker, then in main', async () => {
    await runChild(
      async (root, source, expected) => {
        const assert = require('node:assert/strict');
        const { Worker } = require('node:worker_threads');
        const { once } = require('node:events');
        const worker = new Worker(`(${source})(${JSON.stringify(root)})`, { eval: true });
        const [[message]] = await Promise.all([once(worker, 'message'), once(worker, 'exit')]);
        assert.deepEqual(message, expected);
        assert.equal(await require(root).sumRange(10_000), 49_995_000);
      },
      { args: [`${sumInWorker}`, answer] },
    );
  });

  test('loaded only in workers, again and again after the last one is gone', async () => {
    // The moment when the last environment goes is when Node may unload the addon under threads that live.
    await runChild(
      async (root, source, expected) => {
        const assert = require('node:assert/strict');
        const { Worker } = require('node:worker_threads');
        const { once } = require('node:events');
        for (let round = 0; round < 8; round++) {
          const worker = new Worker(`(${source})(${JSON.stringify(root)})`, { eval: true });
          const [[message], [code]] = await Promise.all([once(worker, 'message'), once(worker, 'exit')]);
          assert.deepEqual(message, expected);
          assert.equal(code, 0);
        }
      },
      { args: [`${sumInWorker}`, answer] },
    );
  });
});
