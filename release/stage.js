'use strict';

// Lays out in a folder what is published as `allcores`: what package.json lists, with all that index.js requires put into
// index.js. To find and compile a file takes Node a third of a millisecond, as long as a thread takes to start, and a module
// that is wrapped in a function is parsed twice: so it becomes one file with one scope. native.js and lib/no-binary.js stay
// files of their own: they are seldom needed, and to parse them takes time too. So does lib/bodies/, which becomes
// lib/bodies.js: a function of the modules that it shares with index.js. lib/cluster/ becomes cluster.js, which reaches the native side
// through these two.

const fs = require('node:fs');
const path = require('node:path');
const manifest = require('../package.json');

const root = path.join(__dirname, '..');
const NO_BINARY = 'lib/no-binary.js';
const BODIES = 'lib/bodies.js';
const ENTRY = path.join(root, 'entry.js');
const PLACES = path.join(root, 'lib', 'root.js');
const BODIES_LOADER = path.join(root, 'lib', 'load-bodies.js');
const BINDING = path.join(root, 'lib', 'binding.js');
const CLUSTER = 'cluster.js';
const CLUSTER_NATIVE = path.join(root, 'lib', 'cluster', 'native.js');

/** Replaces the folder. */
async function stage(folder) {
  fs.rmSync(folder, { recursive: true, force: true });
  const files = manifest.files.flatMap((name) => (name === 'lib' ? [NO_BINARY, BODIES] : [name]));
  // npm takes the first two along unasked.
  for (const name of ['README.md', 'LICENSE', ...files].filter((name) => name !== BODIES)) {
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
  const shared = await bundleBodies(path.join(folder, BODIES));
  await bundle(path.join(folder, 'index.js'), shared);
  await bundleCluster(path.join(folder, CLUSTER));
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

/** `shared` are the modules that the file of the bodies wants. */
async function bundle(file, shared) {
  const outside = (id) => id.startsWith('node:') || /^\.\/(native|lib\/no-binary|lib\/bodies)\.js$/.test(id);
  // Nothing happens in a module of ours but that things are defined, so that their order is free.
  const plugins = [entry('index.js'), places(), bodiesLoader(shared), commonjs({ ignore: outside })];
  await roll({ input: ENTRY, external: outside, plugins }, { file, format: 'cjs', strict: true });
}

/** Resolves with the names of the modules in lib/ that the file shares with index.js: it is a function of these. */
async function bundleBodies(file) {
  const shared = new Set();
  const external = (id) => {
    const isShared = path.dirname(id) === path.join(root, 'lib');
    if (isShared) shared.add(path.basename(id, '.js'));
    return isShared;
  };
  const plugins = [entry('lib/bodies/index.js'), commonjs({ ignore: (id) => id.startsWith('node:') })];
  const output = {
    file,
    format: 'iife',
    name: 'bodies',
    globals: (id) => `shared['${path.basename(id, '.js')}']`,
    interop: 'defaultOnly',
    strict: false,
    indent: false,
    // In parentheses, and no arrow: engines take that for a function that is about to be called. They would read all of it over to find
    // its end otherwise, and once more to compile it.
    banner: "'use strict';\n\nmodule.exports = (function (shared) {",
    // For cluster.js, which has no other way to them.
    footer: 'module.exports.instance = bodies;\nreturn bodies;\n});',
  };
  await roll({ input: ENTRY, external, plugins }, output);
  return [...shared];
}

/** Of the rest of lib/ it has copies of what has no state. The queue's packages are the program's. */
async function bundleCluster(file) {
  const outside = (id) =>
    /^node:|^(?:bullmq|ioredis|pg)(?:\/|$)|^\.\/(?:index|native|lib\/(?:bodies|no-binary))\.js$/.test(id);
  const plugins = [entry(CLUSTER), places(), clusterNative(), commonjs({ ignore: outside })];
  await roll({ input: ENTRY, external: outside, plugins }, { file, format: 'cjs', strict: true });
}

async function roll(input, output) {
  const { rollup } = require('@rollup/wasm-node');
  const build = await rollup({
    ...input,
    onLog: (_level, { message }) => {
      throw new Error(message);
    },
  });
  await build.write({ esModule: false, ...output });
  await build.close();
}

function commonjs(options) {
  return require('@rollup/plugin-commonjs')({ strictRequires: false, ...options });
}

/** The names of what a file exports, one by one: that is how Node knows them when an ES module imports them. */
function entry(file) {
  const names = /module\.exports = \{(.*?)\}/s.exec(fs.readFileSync(path.join(root, file), 'utf8'))[1];
  return {
    name: 'entry',
    resolveId: (id) => (id === ENTRY ? id : undefined),
    load: (id) => (id === ENTRY ? `export {${names}} from './${file}';` : undefined),
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

/** lib/load-bodies.js as it is in index.js: it calls the function that the file of the bodies is. */
function bodiesLoader(shared) {
  const modules = shared.map((name) => `'${name}': require('./${name}')`);
  const call = `require('./${BODIES}')({ ${modules.join(', ')} })`;
  const text = fs.readFileSync(BODIES_LOADER, 'utf8').replace("require('./bodies/index.js')", call);
  return { name: 'bodies', load: (id) => (id === BODIES_LOADER ? text : undefined) };
}

/** lib/cluster/native.js as it is in cluster.js: index.js loads the file of the bodies when it needs it. A second binding must not get in. */
function clusterNative() {
  const text = [
    "const allcores = require('./index.js');",
    `const bodies = require('./${BODIES}');`,
    'function partials() {',
    '  if (bodies.instance === undefined) allcores.random(0, 0);',
    '  return bodies.instance.partials;',
    '}',
    'module.exports = { __proto__: null, partials, allcores: () => allcores };',
  ].join('\n');
  const load = (id) => {
    if (id === BINDING) throw new Error(`${CLUSTER} must not have a binding of its own`);
    return id === CLUSTER_NATIVE ? text : undefined;
  };
  return { name: 'cluster', load };
}

module.exports = { documentsIn, published, stage };
