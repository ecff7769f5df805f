'use strict';

// Which binary is loaded. Here they are folders with JavaScript that says its name, in the places of the binaries.

const assert = require('node:assert/strict');
const fs = require('node:fs');
const path = require('node:path');
const { describe, test } = require('node:test');
const { runChild } = require('../helpers/child.js');
const { env, install } = require('../helpers/installation.js');
const manifest = require('../../package.json');

const PRETEND = require.resolve('../helpers/pretend.js');

const gnu = { platform: 'linux', arch: 'x64' };
const musl = { ...gnu, libc: 'musl' };

const SYSTEMS = {
  'linux-x64-gnu': gnu,
  'linux-x64-musl': musl,
  'linux-arm64-gnu': { ...gnu, arch: 'arm64' },
  'linux-arm64-musl': { ...musl, arch: 'arm64' },
  'darwin-x64': { platform: 'darwin', arch: 'x64' },
  'darwin-arm64': { platform: 'darwin', arch: 'arm64' },
  'win32-x64-msvc': { platform: 'win32', arch: 'x64' },
  'win32-arm64-msvc': { platform: 'win32', arch: 'arm64' },
};
const NAMES = Object.keys(SYSTEMS);

/** What stands for a binary, in a folder that gets the name of it. */
function place(folder, platform, code = `module.exports = { name: '${platform}', open() {} };`) {
  const binary = path.join(folder, `allcores.${platform}.node`);
  fs.mkdirSync(binary);
  fs.writeFileSync(path.join(binary, 'index.js'), code);
}

/** Installed, together with the packages of `platforms`. */
function installWith(...platforms) {
  const home = install(...platforms.map((platform) => `allcores-${platform}`));
  for (const platform of platforms) {
    const folder = path.join(home, '..', `allcores-${platform}`);
    const { version } = manifest;
    const main = `allcores.${platform}.node`;
    fs.writeFileSync(path.join(folder, 'package.json'), JSON.stringify({ version, main }));
    place(folder, platform);
  }
  return home;
}

/** The name of what is loaded, and whether native.js had to find it, in a process that takes itself for another system. */
async function loaded(home, system, variables = {}) {
  const { stdout } = await runChild(
    (root, helper, wanted) => {
      require(helper).pretend(wanted);
      process.dlopen = (module, file) => {
        module.exports = require(file);
      };
      const { name } = require(`${root}/lib/binding.js`);
      const generated = Object.keys(require.cache).some((file) => /[/\\]native\.js$/.test(file));
      console.log(JSON.stringify({ name, generated }));
    },
    { root: home, args: [PRETEND, system], env: { ...env, ...variables } },
  );
  return JSON.parse(stdout);
}

describe('the binary for this system', () => {
  test('these are all the targets there are', () => {
    assert.equal(NAMES.length, manifest.napi.targets.length);
  });

  for (const [name, system] of Object.entries(SYSTEMS)) {
    test(`${name}: alone, among those of other systems, among all`, async () => {
      const twin =
        system.platform === 'linux' ? name.replace(/\w+$/, system.libc ? 'gnu' : 'musl') : undefined;
      const found = { name, generated: false };
      assert.deepEqual(await loaded(installWith(name), system), found);
      const others = NAMES.filter((other) => other !== twin);
      assert.deepEqual(await loaded(installWith(...others), system), found);
      // Both C libraries, as an old npm installs them.
      if (twin) assert.deepEqual(await loaded(installWith(...NAMES), system), { name, generated: true });
    });
  }

  test('that of a checkout comes before one that is installed', async () => {
    const home = installWith('linux-x64-gnu');
    place(home, 'linux-x64-gnu', "module.exports = { name: 'ours', open() {} };");
    assert.deepEqual(await loaded(home, gnu), { name: 'ours', generated: false });
  });

  test('of two versions the one that is ours: within our folder, not the one beside it', async () => {
    const home = installWith('linux-x64-gnu');
    const inner = path.join(home, 'node_modules');
    const name = 'allcores-linux-x64-gnu';
    fs.cpSync(path.join(home, '..', name), path.join(inner, name), { recursive: true });
    const binary = path.join(inner, name, 'allcores.linux-x64-gnu.node');
    fs.writeFileSync(path.join(binary, 'index.js'), "module.exports = { name: 'ours', open() {} };");
    assert.deepEqual(await loaded(home, gnu), { name: 'ours', generated: true });
  });

  test('where packages are kept elsewhere, it is found as any package is', async () => {
    const home = installWith('linux-x64-gnu');
    const elsewhere = path.join(home, '..', '..', '..', 'node_modules');
    const name = 'allcores-linux-x64-gnu';
    fs.mkdirSync(elsewhere);
    fs.renameSync(path.join(home, '..', name), path.join(elsewhere, name));
    assert.deepEqual(await loaded(home, gnu), { name: 'linux-x64-gnu', generated: true });
    fs.rmSync(elsewhere, { recursive: true });
  });

  test('what native.js is told, it does', async () => {
    const home = installWith('linux-x64-gnu', 'darwin-arm64');
    const other = path.join(home, '..', 'allcores-darwin-arm64');
    assert.deepEqual(await loaded(home, gnu, { NAPI_RS_NATIVE_LIBRARY_PATH: other }), {
      name: 'darwin-arm64',
      generated: true,
    });
  });

  test('what does not load the first time is tried once more, by native.js', async () => {
    const home = install('allcores-linux-x64-gnu');
    const folder = path.join(home, '..', 'allcores-linux-x64-gnu');
    fs.writeFileSync(
      path.join(folder, 'package.json'),
      JSON.stringify({ version: manifest.version, main: 'allcores.linux-x64-gnu.node' }),
    );
    place(
      folder,
      'linux-x64-gnu',
      `if (!globalThis.tried) {
        globalThis.tried = true;
        throw new Error('not yet');
      }
      module.exports = { name: 'at the second try', open() {} };`,
    );
    assert.deepEqual(await loaded(home, gnu), { name: 'at the second try', generated: true });
  });
});
