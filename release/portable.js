'use strict';

// Builds the binary that is published for a target, into target/portable/out.
//
//   node release/portable.js [target]      one of napi.targets in package.json; default: x86_64-unknown-linux-gnu
//
// Linux binaries are linked by zig on every system, against the symbols of an old glibc, or of musl. It needs
// `rustup target add <target>` and `pip install -r ci/zig.txt`. The others are linked by the system they are for.

const fs = require('node:fs');
const path = require('node:path');
const { spawnSync } = require('node:child_process');
const { readJson, run } = require('../scripts/tools.js');

/** The oldest glibc that official builds of Node 20 run on. */
const GLIBC = '2.28';

const root = path.join(__dirname, '..');
const { targets } = readJson(path.join(root, 'package.json')).napi;
const target = process.argv[2] ?? 'x86_64-unknown-linux-gnu';
if (!targets.includes(target)) fail(`expected one of ${targets.join(', ')}, got "${target}"`);

const output = path.join(root, 'target', 'portable', 'out');
const args = ['build', '--platform', '--release', '--no-js', '--output-dir', output];
// Apart from the builds for this machine: they differ in nothing that cargo compares.
args.push('--target-dir', path.join(root, 'target', 'portable'));
if (target.includes('-linux-')) {
  if (spawnSync('cargo-zigbuild', ['--version']).error) {
    fail('no cargo-zigbuild on PATH: pip install -r ci/zig.txt');
  }
  args.push('--cross-compile', '--target', target.endsWith('-gnu') ? `${target}.${GLIBC}` : target);
} else {
  args.push('--target', target);
}

const cli = path.join(root, 'node_modules', '@napi-rs', 'cli', 'package.json');
const script = path.join(path.dirname(cli), readJson(cli).bin.napi);
process.exitCode = run(process.execPath, [script, ...args], { cwd: root });
// Types of the native side, which the CLI leaves where it puts the binary.
fs.rmSync(path.join(output, 'index.d.ts'), { force: true });

function fail(text) {
  process.stderr.write(`portable.js: ${text}\n`);
  process.exit(1);
}
