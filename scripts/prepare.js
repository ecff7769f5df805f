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
const { amendLoader } = require('./loader.js');
const { platformName } = require('./platform.js');
const { installPackages, packagesInstalled, readJson, run, say } = require('./tools.js');

const root = path.join(__dirname, '..');
const at = (...parts) => path.join(root, ...parts);

/** Everything a binary is built from. A folder counts with all that is in it. */
const SOURCES = ['src', 'crates', 'Cargo.toml', 'Cargo.lock', 'build.rs', '.cargo', 'rust-toolchain.toml'];

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

  if (!packagesInstalled(root)) {
    say('Installing development tools (npm ci)');
    if (installPackages(root) !== 0)
      fail('npm ci failed; the lines above say why. It needs a network connection.');
  }
  for (const name of names) {
    if (force || isStale(BUILDS[name].binary())) build(BUILDS[name]);
  }
}

// --- cargo, through the napi CLI ---

function build({ title, binary, args }) {
  requireCargo();
  say(title);
  const cli = require.resolve('@napi-rs/cli/package.json', { paths: [root] });
  const script = path.join(path.dirname(cli), readJson(cli).bin.napi);
  if (run(process.execPath, [script, 'build', ...args], { cwd: root }) !== 0) {
    fail('The build failed; the lines above say why.');
  }
  if (!fs.existsSync(binary())) fail(`The build ended well, but ${binary()} is not there.`);
  if (args.includes('--js')) amendLoader(at('native.js'));
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
  return at(`allcores.${platformName()}.node`);
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

function fail(text) {
  process.stderr.write(`\n${text}\n`);
  process.exit(1);
}
