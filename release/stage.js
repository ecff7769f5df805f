'use strict';

// Lays out in a folder what is published as `allcores`: what package.json lists, with all that index.js requires put into
// index.js. To find and compile a file takes Node a third of a millisecond, as long as a thread takes to start, and a module
// that is wrapped in a function is parsed twice: so it becomes one file with one scope. native.js and lib/no-binary.js stay
// files of their own: they are seldom needed, and to parse them takes time too. So does lib/bodies/, which becomes
// lib/bodies.js: a function of what it shares with index.js. lib/cluster/ becomes cluster.js, which reaches the native side
// through these two.

const fs = require('node:fs');
const path = require('node:path');
const manifest = require('../package.json');
const { asModule, modules, namesUsed } = require('./modules.js');

const root = path.join(__dirname, '..');
const NO_BINARY = 'lib/no-binary.js';
const BODIES = 'lib/bodies.js';
const ENTRY = path.join(root, 'entry.js');
const LIB = path.join(root, 'lib');
const PLACES = path.join(LIB, 'root.js');
const BODIES_LOADER = path.join(LIB, 'load-bodies.js');
const BINDING = path.join(LIB, 'binding.js');
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
  const shared = namesUsed(path.join(LIB, 'bodies'), LIB);
  await bundleBodies(path.join(folder, BODIES), shared);
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

/** `shared` is what the file of the bodies wants, as `namesUsed` has it. */
async function bundle(file, shared) {
  const plugins = [entry('index.js'), places(), bodiesLoader(shared), modules(root)];
  await roll({ input: ENTRY, plugins }, { file, format: 'cjs', strict: true });
}

/** The file is a function of what it shares with index.js. */
async function bundleBodies(file, shared) {
  const plugins = [entry('lib/bodies/index.js'), fromShared(shared), modules(root)];
  const output = {
    file,
    format: 'iife',
    name: 'bodies',
    strict: false,
    indent: false,
    // What a module exports as a whole is an object that tests may put something else in.
    freeze: false,
    // In parentheses, and no arrow: engines take that for a function that is about to be called. They would read all of it over to find
    // its end otherwise, and once more to compile it.
    banner: "'use strict';\n\nmodule.exports = (function (shared) {",
    // For cluster.js, which has no other way to them.
    footer: 'module.exports.instance = bodies;\nreturn bodies;\n});',
  };
  await roll({ input: ENTRY, plugins }, output);
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

/**
 * lib/load-bodies.js as it is in index.js: it calls the function that the file of the bodies is, with what that shares. The object
 * is made then: most programs that load the package never need it.
 */
function bodiesLoader(shared) {
  const [imports, lists] = [[], []];
  for (const [module, names] of shared) {
    const own = (name) => `${module.replaceAll('-', '_')}_${name}`;
    const each = (separator) => Array.from(names, (name) => `${name}${separator}${own(name)}`).join(', ');
    imports.push(`import { ${each(' as ')} } from './${module}.js';`);
    lists.push(`'${module}': { __proto__: null, ${each(': ')} }`);
  }
  const call = `require('./${BODIES}')({ ${lists.join(', ')} })`;
  const text = fs.readFileSync(BODIES_LOADER, 'utf8').replace("require('./bodies/index.js')", call);
  const load = (id) => (id === BODIES_LOADER ? `${imports.join('\n')}\n${asModule(text, LIB)}` : undefined);
  return { name: 'bodies', load };
}

/** The modules of lib/ as they are in the file of the bodies: what it is called with. */
function fromShared(shared) {
  const load = (id) => {
    if (path.dirname(id) !== LIB) return undefined;
    const module = path.basename(id, '.js');
    const names = Array.from(shared.get(module), (name) => [name, `${name === 'default' ? module : name}`]);
    const list = names.map(([name, own]) => `${name}: ${own}`).join(', ');
    const exported = names.map(([name, own]) => `${own} as ${name}`).join(', ');
    return `const { ${list} } = shared['${module}'];\nexport { ${exported} };`;
  };
  return { name: 'shared', load };
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
