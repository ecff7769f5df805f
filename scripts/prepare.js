'use strict';

// Makes a checkout ready to run: installs the tools that are missing and builds what is older than its sources.
//
//   node scripts/prepare.js [--force] [release] [faults]
//
//   release   allcores.<platform>.node at the root, which native.js loads
//   faults    target/faults/allcores.node, a debug build with the Cargo feature "faults"; tests load it by setting
//             NAPI_RS_NATIVE_LIBRARY_PATH
//   --force   build even what is fresh
//
// It needs Node and cargo, nothing else, and runs no package's install script. When there is nothing to do it takes a
// few milliseconds and prints nothing. All output goes to stderr: stdout belongs to the program that runs next.

const { spawnSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');

const root = path.join(__dirname, '..');
const at = (...parts) => path.join(root, ...parts);

/** Everything a binary is built from. A folder counts with all that is in it. */
const SOURCES = ['src', 'Cargo.toml', 'Cargo.lock', 'build.rs', '.cargo', 'rust-toolchain.toml'];

const BUILDS = {
  release: {
    title: 'Building allcores (release)',
    binary: releaseBinary,
    args: ['--platform', '--release', '--js', 'native.js', '--dts', 'native.d.ts'],
  },
  faults: {
    title: 'Building allcores (debug, with fault injection)',
    binary: () => at('target', 'faults', 'allcores.node'),
    args: ['--features', 'faults', '--output-dir', 'target/faults', '--no-js'],
  },
};

main(process.argv.slice(2));

function main(args) {
  const force = args.includes('--force');
  const names = args.filter((arg) => arg !== '--force');
  const unknown = names.find((name) => !Object.hasOwn(BUILDS, name));
  if (unknown !== undefined) {
    fail(`prepare.js: expected --force, ${Object.keys(BUILDS).join(' or ')}, got "${unknown}"`);
  }

  if (!toolsInstalled()) installTools();
  for (const name of names) {
    if (force || isStale(BUILDS[name].binary())) build(BUILDS[name]);
  }
}

// --- npm ---

/**
 * Whether node_modules is what package-lock.json asks for. npm writes what it installed to node_modules/.package-lock.json
 * as its last step; comparing versions, not dates, survives a checkout that touches every file.
 */
function toolsInstalled() {
  const wanted = readJson(at('package-lock.json'))?.packages;
  const installed = readJson(at('node_modules', '.package-lock.json'))?.packages;
  if (!wanted || !installed) return false;
  return Object.entries(wanted).every(([location, entry]) => {
    if (location === '') return true;
    const found = installed[location];
    return found ? found.version === entry.version : entry.optional === true;
  });
}

function installTools() {
  say('Installing development tools (npm ci)');
  const flags = ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  // Under `npm start` the path of npm's own script is known; that also avoids npm.cmd, which needs a shell on Windows.
  const cli = process.env.npm_execpath;
  const underNpm = cli !== undefined && /npm-cli\.[cm]?js$/.test(cli);
  const status = underNpm
    ? run(process.execPath, [cli, ...flags])
    : run('npm', flags, { shell: process.platform === 'win32' });
  if (status !== 0) fail('npm ci failed; the lines above say why. It needs a network connection.');
}

// --- cargo, through the napi CLI ---

function build({ title, binary, args }) {
  requireCargo();
  say(title);
  const cli = require.resolve('@napi-rs/cli/package.json', { paths: [root] });
  const script = path.join(path.dirname(cli), readJson(cli).bin.napi);
  if (run(process.execPath, [script, 'build', ...args]) !== 0) {
    fail('The build failed; the lines above say why.');
  }
  if (!fs.existsSync(binary())) fail(`The build ended well, but ${binary()} is not there.`);
}

function requireCargo() {
  const probe = spawnSync('cargo', ['--version'], { cwd: root, encoding: 'utf8' });
  if (probe.error?.code === 'ENOENT') {
    const hint =
      process.platform === 'win32'
        ? ' and the Visual Studio C++ build tools'
        : ' and a C linker (gcc or clang)';
    fail(
      'allcores is built from Rust sources, and no cargo was found on PATH.\n' +
        `Install Rust (stable) from https://rustup.rs${hint}, open a new terminal, and run the command again.`,
    );
  }
  if (probe.status !== 0) fail(`"cargo --version" failed: ${probe.error?.message ?? probe.stderr}`);
}

/** The file that native.js tries first on this machine. */
function releaseBinary() {
  const { platform, arch } = process;
  const abi = { linux: runsOnMusl() ? 'musl' : 'gnu', win32: 'msvc' }[platform];
  return at(['allcores.', [platform, arch, abi].filter(Boolean).join('-'), '.node'].join(''));
}

/** The program header of the node binary names the loader it was linked for, within the first kilobytes. */
function runsOnMusl() {
  if (process.platform !== 'linux') return false;
  const head = Buffer.alloc(4096);
  const file = fs.openSync(process.execPath, 'r');
  try {
    fs.readSync(file, head, 0, head.length, 0);
  } finally {
    fs.closeSync(file);
  }
  return head.includes('ld-musl-');
}

function isStale(binary) {
  const built = fs.statSync(binary, { throwIfNoEntry: false });
  return built === undefined || SOURCES.some((source) => newest(at(source)) > built.mtimeMs);
}

/** The latest change of a file, or of a folder and all in it; a folder's own date tells of files that were removed. */
function newest(entry) {
  const stat = fs.statSync(entry, { throwIfNoEntry: false });
  if (stat === undefined) return 0;
  if (!stat.isDirectory()) return stat.mtimeMs;
  return fs
    .readdirSync(entry)
    .reduce((max, name) => Math.max(max, newest(path.join(entry, name))), stat.mtimeMs);
}

// --- small things ---

/** Runs a command with its output on our stderr; returns its exit code, or 1 when a signal ended it. */
function run(command, args, options) {
  const child = spawnSync(command, args, { cwd: root, stdio: ['ignore', 2, 2], ...options });
  if (child.error) fail(`cannot run ${command}: ${child.error.message}`);
  return child.status ?? 1;
}

function readJson(file) {
  try {
    return JSON.parse(fs.readFileSync(file, 'utf8'));
  } catch (error) {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  }
}

function say(text) {
  process.stderr.write(`\n--- ${text}\n`);
}

function fail(text) {
  process.stderr.write(`\n${text}\n`);
  process.exit(1);
}
