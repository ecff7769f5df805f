'use strict';

// An environment variable is an own property of process.env. What a program, or an attacker through it, has put on
// Object.prototype chooses neither binary nor threads.

const fs = require('node:fs');
const path = require('node:path');
const { test } = require('node:test');
const { runChild } = require('../helpers/child.js');
const { copyPackage, env, folder } = require('../helpers/installation.js');

test('polluted before we are loaded: no file of the polluter is loaded', async () => {
  const file = path.join(folder, 'evil.js');
  fs.writeFileSync(file, `process._rawDebug('loaded');`);
  const home = copyPackage(path.join(folder, 'polluted'));
  for (const entry of ['index.js', 'native.js']) {
    await runChild(
      (root, entry, file) => {
        Object.prototype.NAPI_RS_NATIVE_LIBRARY_PATH = file;
        Object.prototype.ALLCORES_THREADS = 'many';
        Object.prototype.ALLCORES_ISA = 'none';
        const native = require(`${root}/${entry}`);
        if (typeof native.sumRange !== 'function') throw new Error('no native side');
      },
      {
        root: home,
        args: [entry, file],
        env: { ...env, ALLCORES_THREADS: undefined, ALLCORES_ISA: undefined },
      },
    );
  }
});
