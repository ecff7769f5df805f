'use strict';

// Packs what is published: the package itself, and one package per platform that holds nothing but a binary.
//
//   node release/pack.js <folder with the binaries of all platforms> <folder for the tarballs>
//
// The packages of the platforms, and the optionalDependencies that lead to them, exist in these tarballs alone. A checkout
// has neither: it must install where they have not been published, and a stranger's package of that name must not come in.
// They are made in target/package by the napi CLI, which takes platforms and version from package.json.

const fs = require('node:fs');
const path = require('node:path');
const { npm, readJson, run, say } = require('../scripts/tools.js');
const { stage } = require('./stage.js');

const root = path.join(__dirname, '..');
const base = path.join(root, 'target', 'package');
const napi = path.join(root, 'node_modules', '@napi-rs', 'cli');

/** Those of the crates in the binaries: release/licenses.js. */
const LINKED = 'THIRD-PARTY-LICENSES';

const [binaries, tarballs] = process.argv.slice(2).map((folder) => path.resolve(folder));
if (tarballs === undefined) {
  fail('expected a folder with the binaries of all platforms, and a folder for the tarballs');
}

main();

async function main() {
  fs.mkdirSync(tarballs, { recursive: true });
  await stage(base);

  cli('create-npm-dirs');
  cli('artifacts', '--output-dir', binaries);
  cli('pre-publish', '--tag-style', 'npm', '--skip-optional-publish', '--no-gh-release');

  for (const platform of fs.readdirSync(path.join(base, 'npm'))) {
    const folder = path.join(base, 'npm', platform);
    completePlatform(folder, platform);
    pack(folder);
  }
  editManifest(base, removeOurOwn);
  pack(base);
}

/** Nobody who searches for a package wants that of a platform: it has no keywords. */
function completePlatform(folder, platform) {
  for (const name of ['LICENSE', LINKED]) fs.copyFileSync(path.join(root, name), path.join(folder, name));
  editManifest(folder, (manifest) => {
    manifest.description = `The binary of allcores for ${platform}`;
    delete manifest.keywords;
    manifest.files.push(LINKED);
  });
  const text = `# ${readJson(path.join(folder, 'package.json')).name}\n\nThe binary of \`allcores\` for ${platform}. Install \`allcores\`, which asks for it.\n`;
  fs.writeFileSync(path.join(folder, 'README.md'), text);
}

/** What only a checkout has a use for: those files are not in the package. */
function removeOurOwn(manifest) {
  for (const name of ['scripts', 'devDependencies', 'overrides', 'napi']) delete manifest[name];
}

function editManifest(folder, edit) {
  const file = path.join(folder, 'package.json');
  const manifest = readJson(file);
  edit(manifest);
  fs.writeFileSync(file, `${JSON.stringify(manifest, undefined, 2)}\n`);
}

function cli(...args) {
  const script = path.join(napi, readJson(path.join(napi, 'package.json')).bin.napi);
  if (run(process.execPath, [script, ...args], { cwd: base }) !== 0) fail(`napi ${args[0]} failed`);
}

function pack(folder) {
  const { name, version } = readJson(path.join(folder, 'package.json'));
  say(`Packing ${name} ${version}`);
  const status = npm(['pack', '--ignore-scripts', '--loglevel=error', '--pack-destination', tarballs], {
    cwd: folder,
  });
  if (status !== 0) fail(`npm pack failed in ${folder}`);
}

function fail(text) {
  process.stderr.write(`pack.js: ${text}\n`);
  process.exit(1);
}
