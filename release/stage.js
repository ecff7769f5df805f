'use strict';

// Lays out in a folder what is published as `allcores`: what package.json lists, with all that index.js requires put into
// index.js. To find and compile a file takes Node a third of a millisecond, as long as a thread takes to start, and a
// module that is wrapped in a function is parsed twice: so it becomes one file with one scope. native.js and
// lib/no-binary.js stay files of their own: they are seldom needed, and to parse them takes time too.

const fs = require('node:fs');
const path = require('node:path');
const manifest = require('../package.json');

const root = path.join(__dirname, '..');
const NO_BINARY = 'lib/no-binary.js';
const ENTRY = path.join(root, 'entry.js');
const PLACES = path.join(root, 'lib', 'root.js');

/** Replaces the folder. */
async function stage(folder) {
  fs.rmSync(folder, { recursive: true, force: true });
  const files = manifest.files.map((name) => (name === 'lib' ? NO_BINARY : name));
  // npm takes the first two along unasked.
  for (const name of ['README.md', 'LICENSE', ...files]) {
    fs.cpSync(path.join(root, name), path.join(folder, name), { recursive: true });
  }
  const text = JSON.stringify({ ...manifest, files }, undefined, 2);
  fs.writeFileSync(path.join(folder, 'package.json'), `${text}\n`);
  const repository = manifest.repository && `${manifest.repository.url ?? manifest.repository}`;
  for (const document of documentsIn(folder)) {
    const file = path.join(folder, document);
    const here = path.posix.dirname(document);
    const isThere = (target) => fs.existsSync(path.join(folder, target));
    fs.writeFileSync(file, published(fs.readFileSync(file, 'utf8'), { here, isThere, repository }));
  }
  await bundle(path.join(folder, 'index.js'));
}

/** The documents of a package, relative to its folder. */
function documentsIn(folder) {
  return fs
    .readdirSync(folder, { recursive: true })
    .map((name) => name.split(path.sep).join('/'))
    .filter((name) => /\.md$|^llms\.txt$/.test(name));
}

/**
 * A document as it is published. A relative link to a file that is not in the package leads to the repository; without a
 * repository only its text remains, and an image disappears.
 */
function published(text, { here, isThere, repository }) {
  const base = repository?.replace(/^git\+/, '').replace(/\.git$/, '');
  return text.replace(/(!?)\[([^\]]*)\]\((?!\w+:|#)([^)\s]+)\)/g, (link, image, label, target) => {
    const file = path.posix.join(here, target.split('#')[0]);
    if (isThere(file)) return link;
    if (base)
      return `${image}[${label}](${base}/${image ? 'raw' : 'blob'}/HEAD/${path.posix.join(here, target)})`;
    return image ? '' : label;
  });
}

async function bundle(file) {
  const { rollup } = require('@rollup/wasm-node');
  const commonjs = require('@rollup/plugin-commonjs');
  const outside = (id) => id.startsWith('node:') || /\b(native|no-binary)\.js$/.test(id);
  const build = await rollup({
    input: ENTRY,
    external: outside,
    // Nothing happens in a module of ours but that things are defined, so that their order is free.
    plugins: [entry(), places(), commonjs({ strictRequires: false, ignore: outside })],
    onLog: (_level, { message }) => {
      throw new Error(message);
    },
  });
  await build.write({ file, format: 'cjs', esModule: false, strict: true });
  await build.close();
}

/** The names of the exports, one by one: that is how Node knows them when an ES module imports them. */
function entry() {
  const names = /module\.exports = \{(.*)\}/.exec(fs.readFileSync(path.join(root, 'index.js'), 'utf8'))[1];
  return {
    name: 'entry',
    resolveId: (id) => (id === ENTRY ? id : undefined),
    load: (id) => (id === ENTRY ? `export {${names}} from './index.js';` : undefined),
  };
}

/** lib/root.js as it is in index.js: there the package's folder is `__dirname`, and the version is that of the package. */
function places() {
  const text = [
    'module.exports = {',
    '  __proto__: null,',
    '  ROOT: __dirname,',
    `  VERSION: ${JSON.stringify(manifest.version)},`,
    "  requireLoader: () => require('./native.js'),",
    `  requireNoBinary: () => require('./${NO_BINARY}'),`,
    '};',
  ].join('\n');
  return { name: 'places', load: (id) => (id === PLACES ? text : undefined) };
}

module.exports = { documentsIn, published, stage };
