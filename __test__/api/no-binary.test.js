'use strict';

// No binary that can be loaded: the error has a code, names the platform and the package, and says what to do.

const assert = require('node:assert/strict');
const fs = require('node:fs');
const path = require('node:path');
const { describe, test } = require('node:test');
const { runChild, startChild } = require('../helpers/child.js');
const { env, folder, install } = require('../helpers/installation.js');
const { ROOT } = require('../helpers/worker.js');
const manifest = require('../../package.json');

const PRETEND = require.resolve('../helpers/pretend.js');

/** The error of `require`, in a process that takes itself for another platform. */
async function refusal(home, { variables = {}, ...system } = {}) {
  const { stdout } = await runChild(
    (root, helper, wanted) => {
      require(helper).pretend(wanted);
      try {
        require(root);
      } catch ({ name, code, message, cause }) {
        console.log(JSON.stringify({ name, code, message, cause: cause.message, stack: cause.stack }));
      }
    },
    { root: home, args: [PRETEND, system], env: { ...env, ...variables } },
  );
  return JSON.parse(stdout);
}

const linux = { platform: 'linux', arch: 'x64' };

describe('the package for this platform is not installed', () => {
  const platforms = {
    'x86_64-unknown-linux-gnu': ['linux-x64-gnu', linux],
    'x86_64-unknown-linux-musl': ['linux-x64-musl', { ...linux, libc: 'musl' }],
    'aarch64-unknown-linux-gnu': ['linux-arm64-gnu', { platform: 'linux', arch: 'arm64' }],
    'aarch64-unknown-linux-musl': ['linux-arm64-musl', { platform: 'linux', arch: 'arm64', libc: 'musl' }],
    'x86_64-apple-darwin': ['darwin-x64', { platform: 'darwin', arch: 'x64' }],
    'aarch64-apple-darwin': ['darwin-arm64', { platform: 'darwin', arch: 'arm64' }],
    'x86_64-pc-windows-msvc': ['win32-x64-msvc', { platform: 'win32', arch: 'x64' }],
    'aarch64-pc-windows-msvc': ['win32-arm64-msvc', { platform: 'win32', arch: 'arm64' }],
  };

  test('these are all the targets there are', () => {
    assert.deepEqual(Object.keys(platforms).sort(), [...manifest.napi.targets].sort());
  });

  for (const [target, [name, system]] of Object.entries(platforms)) {
    test(`${target}: allcores-${name}`, async () => {
      const error = await refusal(install(), system);
      assert.equal(error.name, 'Error');
      assert.equal(error.code, 'ERR_NO_BINARY');
      const [first, ...rest] = error.message.split('\n');
      assert.equal(
        first,
        `allcores finds no binary for ${name}: the package allcores-${name} ${manifest.version} is not installed.`,
      );
      assert.match(rest.join('\n'), /--omit=optional.*\n.*on another system: .*\n.*bundle/);
      assert.ok(error.cause.includes(`Cannot find module 'allcores-${name}'`), error.cause);
      assert.doesNotMatch(error.cause, /wasi|Require stack/);
    });
  }

  test('the packages of other systems are named', async () => {
    const { message } = await refusal(
      install('allcores-darwin-arm64', 'allcores-theme', 'linux-x64-gnu'),
      linux,
    );
    assert.match(message, /on another system \(installed here: allcores-darwin-arm64\): /);
  });

  test('a checkout says how to build it', async () => {
    const home = install();
    fs.copyFileSync(path.join(ROOT, 'Cargo.toml'), path.join(home, 'Cargo.toml'));
    const { code, message } = await refusal(home, linux);
    assert.equal(code, 'ERR_NO_BINARY');
    assert.equal(
      message,
      `allcores is a checkout that has not been built for linux-x64-gnu: run "npm run build" in ${fs.realpathSync(home)}`,
    );
  });

  test('uncaught, it is read at first sight; imported, it is the same error', async () => {
    const home = install();
    const uncaught = await startChild((root) => require(root), { root: home, env }).done;
    assert.equal(uncaught.code, 1);
    const lines = uncaught.stderr.trim().split('\n');
    assert.ok(lines.length < 30, uncaught.stderr);
    assert.ok(
      lines.findIndex((line) => line.startsWith('Error: allcores finds no binary for ')) < 5,
      uncaught.stderr,
    );
    await runChild(
      async (root) => {
        const assert = require('node:assert/strict');
        await assert.rejects(import(`${require('node:url').pathToFileURL(root)}/index.js`), {
          code: 'ERR_NO_BINARY',
        });
      },
      { root: home, env },
    );
  });
});

test('a system without a package', async () => {
  for (const [platform, arch] of [
    ['linux', 'ppc64'],
    ['freebsd', 'x64'],
    ['sunos', 'x64'],
  ]) {
    const { code, message } = await refusal(install(), { platform, arch });
    assert.equal(code, 'ERR_NO_BINARY');
    assert.ok(message.startsWith(`allcores has no binary for ${platform}-${arch}.\nThere are binaries for `));
    const listed = /There are binaries for (.*)\.\n/.exec(message)[1].split(', ');
    assert.equal(listed.length, manifest.napi.targets.length);
  }
});

describe('a binary that does not load', () => {
  const binary = 'allcores.linux-x64-gnu.node';

  /** The error of `require` where loading ends as on a system that has `reason` to refuse the binary. */
  async function dlopenFails(reason) {
    const home = install();
    fs.writeFileSync(path.join(home, binary), '');
    const { stdout } = await runChild(
      (root, helper, system, text) => {
        require(helper).pretend(system);
        process.dlopen = (_module, file) => {
          throw Object.assign(new Error(text.replace('%', file)), { code: 'ERR_DLOPEN_FAILED' });
        };
        try {
          require(root);
        } catch ({ code, message }) {
          console.log(JSON.stringify({ code, message }));
        }
      },
      { root: home, args: [PRETEND, linux, reason], env },
    );
    const { code, message } = JSON.parse(stdout);
    assert.equal(code, 'ERR_NO_BINARY');
    return message.replace(fs.realpathSync(home), '').split('\n');
  }

  test('the reason is in the message', async () => {
    assert.deepEqual(await dlopenFails('%: invalid ELF header'), [
      `allcores finds a binary for linux-x64-gnu, but cannot load it: /${binary}: invalid ELF header`,
      'Install again. If that does not help, please report it with this message.',
    ]);
  });

  test('a C library that is too old: which one it takes', async () => {
    const reason = "/lib/libc.so.6: version `GLIBC_2.28' not found (required by %)";
    const [first, second] = await dlopenFails(reason);
    assert.ok(first.endsWith(reason.replace('%', `/${binary}`)), first);
    assert.match(
      second,
      /^It needs glibc 2\.28 or later, and this system has (\d+\.\d+|another C library): /,
    );
  });

  test('one file for all: NAPI_RS_NATIVE_LIBRARY_PATH', async () => {
    const file = path.join(folder, 'elsewhere.node');
    const { code, message } = await refusal(install(), { variables: { NAPI_RS_NATIVE_LIBRARY_PATH: file } });
    assert.equal(code, 'ERR_NO_BINARY');
    assert.equal(
      message,
      `allcores cannot load the binary that NAPI_RS_NATIVE_LIBRARY_PATH names. Cannot find module '${file}'`,
    );
  });

  test('WebAssembly, which there is not', async () => {
    for (const variables of [{ NAPI_RS_FORCE_WASI: 'error' }, { NAPI_RS_WASI_FLAVOR: 'wasm32-wasi' }]) {
      const { code, message } = await refusal(install(), { variables });
      assert.equal(code, 'ERR_NO_BINARY');
      assert.match(message, /^allcores has no WebAssembly build\. Unset /);
    }
  });
});

test('a package of another version is refused, and both versions are named', async () => {
  const home = install('allcores-linux-x64-gnu');
  const beside = path.join(home, '..', 'allcores-linux-x64-gnu');
  const main = 'allcores.linux-x64-gnu.node';
  fs.writeFileSync(path.join(beside, 'package.json'), JSON.stringify({ version: '0.0.7', main }));
  fs.mkdirSync(path.join(beside, main));
  fs.writeFileSync(path.join(beside, main, 'index.js'), 'module.exports = { open() {} };');
  const { code, message } = await refusal(home, linux);
  assert.equal(code, 'ERR_NO_BINARY');
  const first = `allcores ${manifest.version} finds the package allcores-linux-x64-gnu in version 0.0.7.`;
  assert.equal(message.split('\n')[0], first);
});

test('a permission that Deno denies is named, and is not taken for an unknown platform', () => {
  const { noBinaryError } = require('../../lib/no-binary.js');
  for (const text of [
    'Requires env access, run again with the --allow-env flag',
    'Requires sys access to "cpus", run again with the --allow-sys flag',
    'Requires ffi access, run again with the --allow-ffi flag',
  ]) {
    const { message } = noBinaryError(
      new Error('not found', { cause: new Error(text) }),
      ROOT,
      () => undefined,
    );
    assert.match(message, /add --allow-ffi, --allow-read and --allow-env, or -A$/, text);
  }
});
