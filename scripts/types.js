'use strict';

// Compiles the type tests of __test__/types and compares the errors with those that the files announce.
//
//   node scripts/types.js              with the TypeScript of this checkout
//   node scripts/types.js --versions   with every TypeScript of __test__/types/versions too, which npm installs on demand;
//                                      `--versions 5.2 5.9` names some of them
//   node scripts/types.js --few-versions   with the oldest of them, one in the middle, and the newest
//
// A line that ends in `// error: TEXT` must have one error that contains TEXT, a line without must have none. `// error (told
// apart): TEXT` is an error only where the compiler can tell an ArrayBuffer from a SharedArrayBuffer.

const { spawnSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');
const { installPackages, packagesInstalled, readJson, say } = require('./tools.js');

const root = path.join(__dirname, '..');
const tests = path.join(root, '__test__', 'types');
const versions = path.join(tests, 'versions');
const target = path.join(root, 'target', 'types');

/**
 * Four combinations of lib, resolution, "dom" and age of @types/node, in which every pair of values occurs; a program with
 * neither "dom" nor @types/node; and one that is not strict.
 */
const SETTINGS = [
  { lib: 'es2022', resolution: 'node16', dom: false, node: 'types-node-20' },
  { lib: 'es2022', resolution: 'bundler', dom: true, node: 'types-node-25' },
  { lib: 'esnext', resolution: 'node16', dom: true, node: 'types-node-22' },
  { lib: 'esnext', resolution: 'bundler', dom: false, node: 'types-node-25' },
  { lib: 'es2022', resolution: 'node16', dom: false, node: undefined },
  { lib: 'es2022', resolution: 'node16', dom: false, node: 'types-node-22', strict: false },
];

let failures = 0;
const few = process.argv.includes('--few-versions');
if (!few) check({ name: 'typescript', folder: path.join(root, 'node_modules') });
if (few || process.argv.includes('--versions')) checkVersions();
process.exitCode = failures > 0 ? 1 : 0;

function checkVersions() {
  if (!packagesInstalled(versions)) {
    say('Installing the versions of TypeScript (npm ci)');
    if (installPackages(versions) !== 0) {
      console.log(
        'SKIP types: the other versions of TypeScript could not be installed; the lines above say why',
      );
      return;
    }
  }
  const folder = path.join(versions, 'node_modules');
  const { devDependencies } = readJson(path.join(versions, 'package.json'));
  const named = few ? [] : process.argv.slice(process.argv.indexOf('--versions') + 1);
  // From the oldest to the newest, as they stand there.
  const all = Object.keys(devDependencies).filter((name) => name.startsWith('typescript-'));
  const some = few ? [all[0], all[all.length >> 1], all.at(-1)] : all;
  for (const name of some) {
    if (named.length === 0 || named.includes(name.split('-')[1])) check({ name, folder });
  }
}

/** Compiles the tests under every setting with the TypeScript in `folder`/`name`. */
function check({ name, folder }) {
  const { version } = readJson(path.join(folder, name, 'package.json'));
  for (const setting of SETTINGS) {
    // The checkout has one version of @types/node.
    const node = setting.node && folder !== path.join(versions, 'node_modules') ? 'node' : setting.node;
    const files = filesFor(setting, numberOf(version));
    const wrong = compare(
      compile({ name, folder, setting, node, files }),
      files,
      toldApart(setting, version),
    );
    const title = `TypeScript ${version}, ${describe({ ...setting, node })}`;
    console.log(`${wrong.length === 0 ? '✔' : '✖'} types: ${title}`);
    for (const line of wrong) console.log(`    ${line}`);
    failures += wrong.length;
  }
}

/** 5.9 of '5.9.3'. */
function numberOf(version) {
  return Number.parseFloat(version);
}

function describe({ lib, resolution, dom, node, strict }) {
  const parts = [lib, resolution, dom ? 'dom' : 'no dom', node ?? 'no @types/node'];
  return [...parts, ...(strict === false ? ['not strict'] : [])].join(', ');
}

/** An ArrayBuffer of the lib has had what a SharedArrayBuffer lacks since es2024, and a tag of its own since 5.9. */
function toldApart({ lib }, version) {
  const number = numberOf(version);
  return number >= 5.9 || (number >= 5.7 && lib === 'esnext');
}

function filesFor({ lib, resolution, dom, node, strict }, version) {
  if (node === undefined) return ['bare.test-d.ts'];
  if (strict === false) return ['loose.test-d.ts'];
  const files = ['accepted.test-d.ts', 'mistakes.test-d.ts', 'bodies.test-d.ts', 'bodies-mistakes.test-d.ts'];
  files.push('reductions.test-d.ts', 'moments.test-d.ts');
  files.push('cluster.test-d.ts', 'import.test-d.mts', 'recipes.test-d.mts');
  if (resolution === 'node16') files.push('require.test-d.cts');
  if (dom) files.push('wasm.test-d.ts');
  if (lib === 'esnext' && version >= 5.7) files.push('growable.test-d.ts');
  if (lib === 'esnext' && version >= 5.8) files.push('float16.test-d.ts');
  if (node !== 'types-node-20') files.push('node.test-d.ts');
  return files;
}

/** What the compiler says: a list of { file, line, text }, the file relative to the tests. */
function compile({ name, folder, setting: { lib, resolution, dom, strict = true }, node, files }) {
  const project = path.join(target, 'tsconfig.json');
  const typeRoots = [node === 'node' || node === undefined ? path.join(folder, '@types') : rootOf(node)];
  const compilerOptions = {
    module: resolution === 'bundler' ? 'esnext' : 'node16',
    moduleResolution: resolution,
    target: lib,
    lib: dom ? [lib, 'dom'] : [lib],
    typeRoots,
    types: node === undefined ? [] : ['node'],
    strict,
    exactOptionalPropertyTypes: strict,
    noUncheckedIndexedAccess: strict,
    noEmit: true,
  };
  fs.mkdirSync(target, { recursive: true });
  const config = { compilerOptions, files: files.map((file) => path.join(tests, file)) };
  fs.writeFileSync(project, JSON.stringify(config, undefined, 2));
  // The script behind bin/tsc, which has no extension: early versions of Node 20 cannot run it.
  const compiler = path.join(folder, name, 'lib', 'tsc.js');
  const args = [compiler, '--pretty', 'false', '-p', project];
  const { status, stdout } = spawnSync(process.execPath, args, { cwd: tests, encoding: 'utf8' });
  const errors = parse(stdout);
  if (status !== 0 && errors.length === 0) errors.push({ file: 'tsc', line: 0, text: stdout });
  // Old declarations of Node do not compile with every TypeScript; that is not what is tested.
  return errors.filter(({ file }) => !file.includes('node_modules'));
}

/**
 * A folder in which a version of @types/node is called `node`. The declarations of its own dependencies refer to it by that
 * name, and would find the version of the checkout otherwise.
 */
function rootOf(node) {
  const folder = path.join(target, node);
  fs.rmSync(folder, { recursive: true, force: true });
  fs.mkdirSync(folder, { recursive: true });
  fs.symlinkSync(path.join(versions, 'node_modules', node), path.join(folder, 'node'), 'junction');
  return folder;
}

function parse(output) {
  const errors = [];
  for (const line of output.split(/\r?\n/)) {
    const match = /^(\S.*?)\((\d+),\d+\): error (.*)$/.exec(line) ?? /^()()(error .*)$/.exec(line);
    if (match) errors.push({ file: match[1].replaceAll('\\', '/'), line: Number(match[2]), text: match[3] });
    else if (line.startsWith(' ') && errors.length > 0) errors.at(-1).text += `\n${line}`;
  }
  return errors;
}

/** Sentences about what differs between the errors that came and those that the files announce. */
function compare(errors, files, apart) {
  const wrong = [];
  const announced = files.flatMap((file) => announcedIn(file, apart));
  for (const { file, line, text } of announced) {
    const found = errors.filter((error) => error.file === file && error.line === line);
    const where = `${file}:${line}`;
    if (found.length !== 1) wrong.push(`${where}: ${found.length} errors instead of one: ${texts(found)}`);
    else if (!found[0].text.includes(text)) wrong.push(`${where}: expected "${text}": ${texts(found)}`);
  }
  for (const error of errors) {
    if (announced.some(({ file, line }) => error.file === file && error.line === line)) continue;
    wrong.push(`${error.file}:${error.line}: unexpected: ${error.text}`);
  }
  return wrong;
}

function texts(errors) {
  return errors.map(({ text }) => text).join('\n');
}

function announcedIn(file, apart) {
  const lines = fs.readFileSync(path.join(tests, file), 'utf8').split('\n');
  return lines.flatMap((content, index) => {
    const match = /;.*\/\/ error( \(told apart\))?: (.*)$/.exec(content);
    if (match === null || (match[1] && !apart)) return [];
    return [{ file, line: index + 1, text: match[2] }];
  });
}
