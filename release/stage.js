'use strict';

// Lays out in a folder what is published as `allcores`: what package.json lists, with all that index.js requires put into
// index.js. To find and compile a file takes Node a third of a millisecond, as long as a thread takes to start, and a module
// that is wrapped in a function is parsed twice: so it becomes one file with one scope. native.js and lib/no-binary.js stay
// files of their own: they are seldom needed, and to parse them takes time too. So do lib/bodies/ and lib/rare/, which become
// lib/bodies.js and lib/rare.js: functions of what they share with index.js. lib/cluster/ becomes cluster.js, which reaches the native
// side through index.js and lib/bodies.js.

const fs = require('node:fs');
const path = require('node:path');
const manifest = require('../package.json');
const { IN_BODIES, IN_INDEX, eager } = require('./eager.js');
const { asModule, modules, namesUsed } = require('./modules.js');

const root = path.join(__dirname, '..');
const NO_BINARY = 'lib/no-binary.js';
const BODIES = 'lib/bodies.js';
const RARE = 'lib/rare.js';
const ENTRY = path.join(root, 'entry.js');
const LIB = path.join(root, 'lib');
const PLACES = path.join(LIB, 'root.js');
const RARE_LOADER = path.join(LIB, 'load-rare.js');
/** What index.js loads when it is needed: the folder, which becomes a file, the module that loads it, and the functions to be compiled first. */
const LATER = [
  { folder: 'bodies', file: BODIES, loader: path.join(LIB, 'load-bodies.js'), first: IN_BODIES },
  { folder: 'rare', file: RARE, loader: RARE_LOADER, first: [] },
];
const BINDING = path.join(LIB, 'binding.js');
const CLUSTER = 'cluster.js';
const CLUSTER_NATIVE = path.join(root, 'lib', 'cluster', 'native.js');

/** Replaces the folder. */
async function stage(folder) {
  fs.rmSync(folder, { recursive: true, force: true });
  const files = manifest.files.flatMap((name) => (name === 'lib' ? [NO_BINARY, BODIES, RARE] : [name]));
  // npm takes the first two along unasked.
  for (const name of ['README.md', 'LICENSE', ...files].filter((name) => name !== BODIES && name !== RARE)) {
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
  const later = LATER.map((each) => ({ ...each, shared: namesUsed(path.join(LIB, each.folder), LIB) }));
  for (const each of later) await bundleLater(folder, each);
  await bundle(path.join(folder, 'index.js'), later);
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

async function bundle(file, later) {
  const plugins = [entry('index.js'), places(), ...later.map(loader), modules(root), eager(IN_INDEX)];
  await roll({ input: ENTRY, plugins }, { file, format: 'cjs', strict: true });
}

/** The file is a function of what it shares with index.js. */
async function bundleLater(into, { folder, file, first, shared }) {
  const plugins = [entry(`lib/${folder}/index.js`), fromShared(shared), modules(root), eager(first)];
  const output = {
    file: path.join(into, file),
    format: 'iife',
    name: folder,
    strict: false,
    indent: false,
    // What a module exports as a whole is an object that tests may put something else in.
    freeze: false,
    // In parentheses, and no arrow: engines take that for a function that is about to be called. They would read all of it over to find
    // its end otherwise, and once more to compile it.
    banner: "'use strict';\n\nmodule.exports = (function (shared) {",
    // For cluster.js, which has no other way to them.
    footer: `module.exports.instance = ${folder};\nreturn ${folder};\n});`,
  };
  await roll({ input: ENTRY, plugins }, output);
}

/** Of the rest of lib/ it has copies of what has no state. The queue's packages are the program's. */
async function bundleCluster(file) {
  const outside = (id) =>
    /^node:|^(?:bullmq|ioredis|pg)(?:\/|$)|^\.\/(?:index|native|lib\/(?:bodies|no-binary|rare))\.js$/.test(
      id,
    );
  const plugins = [entry(CLUSTER), places(), clusterNative(), clusterRare(), commonjs({ ignore: outside })];
  await roll({ input: ENTRY, external: outside, plugins }, { file, format: 'cjs', strict: true });
}

async function roll(input, output) {
  const { rollup } = require('@rollup/wasm-node');
  const build = await rollup({
    ...input,
    onLog: (_level, { code, ids, message }) => {
      // What a loader shares it takes when it is called. It is in no hurry to be defined.
      if (code === 'CIRCULAR_DEPENDENCY' && LATER.some(({ loader }) => ids.includes(loader))) return;
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
 * The module that loads a file, as it is in index.js: it calls the function that the file is, with what that shares, in a list without
 * names. The list is made then: most programs that load the package never need it.
 */
function loader({ folder, file, loader, shared }) {
  const [imports, list] = [[], []];
  for (const [module, names] of shared) {
    const own = (name) => `${module.replaceAll('-', '_')}_${name}`;
    imports.push(
      `import { ${Array.from(names, (name) => `${name} as ${own(name)}`).join(', ')} } from './${module}.js';`,
    );
    list.push(...Array.from(names, own));
  }
  const call = `require('./${file}')([${list.join(', ')}])`;
  const text = fs.readFileSync(loader, 'utf8').replace(`require('./${folder}/index.js')`, call);
  const load = (id) => (id === loader ? `${imports.join('\n')}\n${asModule(text, LIB)}` : undefined);
  return { name: folder, load };
}

/** The modules of lib/ as they are in a file that is loaded later: what it is called with, by their places in the list. */
function fromShared(shared) {
  const places = new Map();
  for (const [module, names] of shared) {
    for (const name of names) places.set(`${module} ${name}`, places.size);
  }
  const load = (id) => {
    if (path.dirname(id) !== LIB) return undefined;
    const module = path.basename(id, '.js');
    const names = Array.from(shared.get(module), (name) => [name, `${name === 'default' ? module : name}`]);
    const list = names.map(([name, own]) => `const ${own} = shared[${places.get(`${module} ${name}`)}];`);
    const exported = names.map(([name, own]) => `${own} as ${name}`).join(', ');
    return `${list.join('\n')}\nexport { ${exported} };`;
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

/** lib/load-rare.js as it is in cluster.js: index.js loads the file when it needs it, as for any error with a value. */
function clusterRare() {
  const text = [
    'function loadRare() {',
    `  const rare = require('./${RARE}');`,
    "  if (rare.instance === undefined) require('./index.js').sum().catch(() => {});",
    '  return rare.instance;',
    '}',
    'module.exports = { __proto__: null, loadRare };',
  ].join('\n');
  return { name: 'rare', load: (id) => (id === RARE_LOADER ? text : undefined) };
}

module.exports = { documentsIn, published, stage };
