'use strict';

// What is thrown where no binary can be loaded. It says for which platform, which package should have brought it, and what
// to do: native.js only lists what it has tried, one error in another.
//
// This file requires no other of the package, so that it is published as it is; see lib/root.js.

const { existsSync, readdirSync, readFileSync } = require('node:fs');
const path = require('node:path');

/** What there are packages for: allcores-<platform>. */
const PLATFORMS = [
  'linux-x64-gnu',
  'linux-x64-musl',
  'linux-arm64-gnu',
  'linux-arm64-musl',
  'darwin-x64',
  'darwin-arm64',
  'win32-x64-msvc',
  'win32-arm64-msvc',
];

/**
 * The error, with the attempts in `cause`: `error` is that of native.js, `root` the folder of the package, `variable` the
 * function of lib/environment.js.
 */
function noBinaryError(error, root, variable) {
  const attempts = attemptsOf(error);
  const cause = new Error(attempts.join('\n'));
  // It is printed with the error, and where it was made says nothing.
  cause.stack = `Error: ${cause.message}`;
  return new Error(explain(attempts, root, variable), { cause });
}

/** The messages of all that native.js has tried, in order, a line each; for WebAssembly there is nothing to be found. */
function attemptsOf(error) {
  const attempts = [];
  for (let each = error.cause ?? error; each; each = each.cause) {
    attempts.unshift(`${each.message}`.replace(/\nRequire stack:[\s\S]*/, '').replace(/\s*\n\s*/g, ' '));
  }
  return attempts.filter((text) => !/\bwasi\b|wasm32/.test(text));
}

function explain(attempts, root, variable) {
  if (variable('NAPI_RS_NATIVE_LIBRARY_PATH')) {
    return `allcores cannot load the binary that NAPI_RS_NATIVE_LIBRARY_PATH names. ${attempts[0]}`;
  }
  if (variable('NAPI_RS_WASI_FLAVOR') || variable('NAPI_RS_FORCE_WASI') === 'error') {
    return 'allcores has no WebAssembly build. Unset NAPI_RS_FORCE_WASI and NAPI_RS_WASI_FLAVOR.';
  }
  if (attempts.some((text) => text.includes('loading addons is disabled'))) return disallowed();
  // Deno asks for one after the other, and what native.js cannot ask the system it takes for another platform.
  if (attempts.some((text) => /run again with the --allow-\w+ flag/.test(text))) return denied(DENO);
  // The names in the messages are what native.js has made of platform, processor and C library.
  const platform = PLATFORMS.find((name) => attempts.some((text) => text.includes(`allcores.${name}.node`)));
  if (platform === undefined) return unsupported();
  const [, wanted, found] = MISMATCH.exec(attempts.find((text) => MISMATCH.test(text)) ?? '') ?? [];
  if (found !== undefined) return mismatched(platform, wanted, found);
  const reason = attempts.find((text) => text.includes(platform) && !isAbsence(text));
  if (reason !== undefined) return broken(platform, reason);
  // Where reading is not allowed, Node finds nothing, and says nothing of permissions.
  if (process.permission?.has('fs.read', path.dirname(root)) === false) {
    return denied(`--allow-fs-read=${path.join(path.dirname(root), '*')}`);
  }
  return absent(platform, root);
}

const isAbsence = (text) => /^Cannot find (module|package) ['"](\.\/|allcores-)/.test(text);

function disallowed() {
  return [
    'allcores is a native addon, and native addons are disabled in this process.',
    'Remove --no-addons; with the permission model, add --allow-addons.',
  ].join('\n');
}

const MISMATCH = /version mismatch, expected (\S+) but got (\S+?)\.? /;

const DENO = '--allow-ffi, --allow-read and --allow-env, or -A';

function denied(option) {
  return `allcores is a native addon, and this process may not load its binary: add ${option}`;
}

function mismatched(platform, wanted, found) {
  return [
    `allcores ${wanted} finds the package allcores-${platform} in version ${found}.`,
    'Both must have the same version: delete node_modules, and install again.',
  ].join('\n');
}

function unsupported() {
  return [
    `allcores has no binary for ${process.platform}-${process.arch}.`,
    `There are binaries for ${PLATFORMS.join(', ')}.`,
    'Elsewhere it can be built from its sources, with Rust.',
  ].join('\n');
}

function absent(platform, root) {
  if (existsSync(path.join(root, 'native.js')) && existsSync(path.join(root, 'Cargo.toml'))) {
    return `allcores is a checkout that has not been built for ${platform}: run "npm run build" in ${root}`;
  }
  const others = siblings(root);
  const own = `allcores-${platform}`;
  if (others.includes(own)) {
    return [
      `allcores finds no binary for ${platform}: the package ${own} is installed without it.`,
      'Something has removed the file, or stopped its installation: delete node_modules, and install again.',
    ].join('\n');
  }
  const found = others.length > 0 ? ` (installed here: ${others.join(', ')})` : '';
  const { version } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
  return [
    `allcores finds no binary for ${platform}: the package allcores-${platform} ${version} is not installed.`,
    'It is an optional dependency of allcores, which the package manager leaves out',
    '- with --omit=optional or --no-optional: install again without;',
    `- when node_modules or the lockfile were made on another system${found}: delete both, install again;`,
    '- for a bundle: declare allcores external, and install it where the bundle runs.',
  ].join('\n');
}

/** The packages for other platforms that lie where the one for this platform should. */
function siblings(root) {
  const names = PLATFORMS.map((platform) => `allcores-${platform}`);
  try {
    return readdirSync(path.dirname(root)).filter((name) => names.includes(name));
  } catch {
    return [];
  }
}

function broken(platform, reason) {
  const glibc = /version `GLIBC_([\d.]+)' not found/.exec(reason)?.[1];
  const remedy = glibc
    ? `It needs glibc ${glibc} or later, and this system has ${glibcVersion()}: use a newer system, or build allcores from its sources.`
    : 'Install again. If that does not help, please report it with this message.';
  return `allcores finds a binary for ${platform}, but cannot load it: ${reason}\n${remedy}`;
}

const glibcVersion = () => process.report?.getReport().header.glibcVersionRuntime ?? 'another C library';

/** The error for a bundle in which something else has the place of the binary. */
function replacedError() {
  return new Error(
    'allcores has been bundled, and what the bundler put in the place of the binary is no native addon.\n' +
      'Declare allcores external, or let the bundler copy .node files (esbuild: --loader:.node=copy).',
  );
}

module.exports = { noBinaryError, replacedError };
