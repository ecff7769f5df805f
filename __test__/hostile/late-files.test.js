'use strict';

// What few programs need is in files that are loaded when it is needed: then a program may have broken what files are loaded with,
// emptied the registry of modules, or taken the files away. Errors have their class and code all the same.

const assert = require('node:assert/strict');
const fs = require('node:fs');
const path = require('node:path');
const { describe, test } = require('node:test');
const { runChild } = require('../helpers/child.js');
const { copyPackage, env, folder } = require('../helpers/installation.js');
const { loadAgain, loadInContext } = require('../helpers/realms.js');
const { ROOT } = require('../helpers/worker.js');

/** Fails unless every error of `root` is what it is in any program; `hasWords` says whether it tells what was received. */
async function checkErrors(root, hasWords, hinder, allow) {
  const assert = require('node:assert/strict');
  const { rejects } = require(`${root}/__test__/helpers/rejects.js`);
  const allcores = require(root);
  const { share, shared, sum, sumIntoSharedBuffer, sumRange } = allcores;
  const view = new Float64Array(new SharedArrayBuffer(32)).fill(0.5);
  const slots = new Int32Array(new SharedArrayBuffer(32));
  const isRare = (file) => /lib.rare/.test(file);
  assert.equal(await sum(view, { threads: 1 }), 2);
  assert.equal(await sumIntoSharedBuffer(slots, 5, { signal: AbortSignal.timeout(100_000) }), 10);
  assert.deepEqual(share(shared(Uint8Array, [1, 2])), Uint8Array.of(1, 2));
  await rejects(() => sumRange(-1), 'ERR_OUT_OF_RANGE', /Received -1$/);
  await rejects(() => sumRange(5, { signal: AbortSignal.abort() }), 'ABORT_ERR');
  assert.deepEqual(Object.keys(require.cache).filter(isRare), [], 'none of this is rare');

  hinder();
  const received = (words) => (hasWords ? words : /Received .*type \w+$/);
  await rejects(() => sumRange('1'), 'ERR_INVALID_ARG_TYPE', /^The "num" argument must be /, received(/'1'/));
  await rejects(() => sumRange(2n ** 99n), 'ERR_OUT_OF_RANGE', received(/Received \d+n$/));
  await rejects(() => sum([1]), 'ERR_INVALID_ARG_TYPE', received(/Received an array: copy it/));
  await rejects(() => sumRange(5, { signal: {} }), 'ERR_INVALID_ARG_TYPE', received(/a plain object$/));
  await rejects(
    () => sumIntoSharedBuffer(view.buffer, { num: 5 }),
    'ERR_INVALID_ARG_TYPE',
    received(/'num'$/),
  );
  await rejects(() => sum(new Float64Array(1)), 'ERR_NOT_SHARED', /new SharedArrayBuffer|share\(/);
  // Whether this is a plain object it takes a look to tell.
  const options = Object.create({ __proto__: { __proto__: null, threads: 1 } });
  if (hasWords) assert.equal(await sumRange(5, options), 10);
  else
    await rejects(
      () => sumRange(5, options),
      'ERR_INTERNAL',
      /what is seldom needed cannot be loaded \(.*(no such file|Cannot find)/,
    );
  assert.equal(await sum(view), 2);

  allow();
  assert.equal(await sumRange(5, options), 10);
  await rejects(() => sumRange('1'), 'ERR_INVALID_ARG_TYPE', /Received type string \('1'\)$/);
}

/** `body` returns the last three arguments of `checkErrors`. */
const run = (body, home = ROOT) =>
  runChild(
    async (root, checkErrors, body) => {
      const rest = new Function('require', 'root', `return (${body})(require, root);`)(require, root);
      await new Function('require', `return ${checkErrors};`)(require)(root, ...rest);
    },
    { root: home, args: [`${checkErrors}`, `${body}`], env },
  );

describe('errors, the first of which comes', () => {
  test('where nothing hinders it', async () => {
    await run(() => [true, () => {}, () => {}]);
  });

  test('when no module can be loaded any more', async () => {
    await run((require) => {
      const Module = require('node:module');
      const { _load: load } = Module;
      const hinder = () => {
        Module._load = () => {
          throw new Error('no such file');
        };
      };
      const allow = () => {
        Module._load = load;
      };
      return [false, hinder, allow];
    });
  });

  test('after all modules left require.cache', async () => {
    await run((require) => {
      const hinder = () => {
        for (const key of Object.keys(require.cache)) if (!/__test__/.test(key)) delete require.cache[key];
      };
      return [true, hinder, () => {}];
    });
  });

  test('while the files are away', async () => {
    const home = copyPackage(path.join(folder, 'away'));
    fs.cpSync(path.join(ROOT, '__test__', 'helpers'), path.join(home, '__test__', 'helpers'), {
      recursive: true,
    });
    await run((require, root) => {
      const { renameSync } = require('node:fs');
      const [here, away] = [`${root}/lib/rare`, `${root}/lib/away`];
      return [false, () => renameSync(here, away), () => renameSync(away, here)];
    }, home);
  });
});

for (const load of [loadInContext, loadAgain]) {
  test(`errors are of the realm that made the call: ${load.name}`, async () => {
    const { api, realm } = load(ROOT);
    const TheirError =
      load === loadInContext ? require('node:vm').runInContext('TypeError', realm) : TypeError;
    await assert.rejects(api.sum(new Map()), (error) => {
      assert.ok(error instanceof TheirError);
      assert.match(error.message, /Received a Map$/);
      return error.code === 'ERR_INVALID_ARG_TYPE';
    });
  });
}

test('a call is not heard where reports cannot be loaded, and computes', async () => {
  const home = copyPackage(path.join(folder, 'unheard'));
  await runChild(
    async (root) => {
      const assert = require('node:assert/strict');
      const { channel } = require('node:diagnostics_channel');
      const { renameSync } = require('node:fs');
      const { sumRange } = require(root);
      let heard = 0;
      channel('tracing:allcores:call:start').subscribe(() => heard++);
      renameSync(`${root}/lib/rare`, `${root}/lib/away`);
      assert.equal(await sumRange(10), 45);
      assert.equal(heard, 0);
      renameSync(`${root}/lib/away`, `${root}/lib/rare`);
      assert.equal(await sumRange(10), 45);
      assert.equal(heard, 1);
    },
    { root: home, env },
  );
});

test('the first signal of a program comes after we are loaded, and after it has broken what signals inherit', async () => {
  await runChild(async (root) => {
    const assert = require('node:assert/strict');
    const isUsed = () => Object.getOwnPropertyDescriptor(globalThis, 'AbortSignal').get === undefined;
    const before = isUsed();
    const { sumRange } = require(root);
    assert.equal(isUsed(), before, 'to load us does not use it');
    const { addEventListener, removeEventListener } = EventTarget.prototype;
    const broken = () => {
      throw new Error('broken');
    };
    EventTarget.prototype.addEventListener = EventTarget.prototype.removeEventListener = broken;
    const controller = new AbortController();
    const call = sumRange(1e15, { signal: controller.signal });
    controller.abort('reason');
    await assert.rejects(call, { code: 'ABORT_ERR', cause: 'reason' });
    assert.equal(await sumRange(5, { signal: new AbortController().signal }), 10);
    Object.assign(EventTarget.prototype, { addEventListener, removeEventListener });
  });
});
