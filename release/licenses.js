'use strict';

// Writes THIRD-PARTY-LICENSES: the licenses of the crates that are linked into the binaries, on any platform, and of the code
// that is a port of other people's. Each package with a binary carries it.
//
//   node release/licenses.js [--check]
//
//   --check   write nothing, and fail if the file is not what would be written

const { spawnSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');
const manifest = require('../package.json');

const root = path.join(__dirname, '..');
const file = path.join(root, 'THIRD-PARTY-LICENSES');

/** Code of ours that is written after code under another license: what it is, and the notice that it must carry. */
const PORTS = [
  { title: 'fdlibm 5.3 and V8 (the functions of Math)', notice: 'crates/kernel/src/math/LICENSE' },
];

main(process.argv[2]);

function main(option) {
  const text = document(linkedCrates());
  if (option !== '--check') {
    fs.writeFileSync(file, text);
  } else if (!fs.existsSync(file) || fs.readFileSync(file, 'utf8') !== text) {
    process.stderr.write('THIRD-PARTY-LICENSES is not up to date: node release/licenses.js\n');
    process.exitCode = 1;
  }
}

/** Sorted by name. What runs at build time alone (build scripts, procedural macros) is not linked. */
function linkedCrates() {
  const linked = new Map();
  for (const target of manifest.napi.targets) {
    const { packages, resolve, workspace_members } = metadata(target);
    const visited = new Set();
    const nodes = new Map(resolve.nodes.map((node) => [node.id, node]));
    const crates = new Map(packages.map((crate) => [crate.id, crate]));
    const visit = (id) => {
      const crate = crates.get(id);
      const isMacro = crate.targets.some(({ kind }) => kind.includes('proc-macro'));
      if (isMacro || visited.has(id)) return;
      visited.add(id);
      if (!workspace_members.includes(id)) linked.set(id, crate);
      for (const { pkg, dep_kinds } of nodes.get(id).deps) {
        if (dep_kinds.some(({ kind }) => kind === null)) visit(pkg);
      }
    };
    visit(resolve.root);
  }
  return [...linked.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

function metadata(target) {
  const args = ['metadata', '--format-version', '1', '--locked', '--filter-platform', target];
  const { status, stdout, stderr } = spawnSync('cargo', args, {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
  });
  if (status !== 0) throw new Error(`cargo metadata failed:\n${stderr}`);
  return JSON.parse(stdout);
}

function document(crates) {
  const part = (title, texts) => [title, '='.repeat(title.length), '', ...texts].join('\n');
  const parts = [
    ...crates.map((crate) => part(`${crate.name} ${crate.version} (${crate.license})`, textsOf(crate))),
    ...PORTS.map(({ title, notice }) => part(title, [textOf(path.join(root, notice))])),
  ];
  const intro =
    'The binaries of allcores contain parts of the following Rust crates, and of the Rust standard library\n';
  return `${intro}(MIT OR Apache-2.0, Copyright (c) The Rust Project Contributors).\n\n\n${parts.join('\n\n\n')}\n`;
}

/** MIT where there is a choice, being short; else all there are. */
function textsOf({ manifest_path, name, authors, license }) {
  const folder = path.dirname(manifest_path);
  const files = fs.readdirSync(folder).filter((entry) => /^(licen[sc]e|copying|notice)/i.test(entry));
  const mit = files.filter((entry) => /mit/i.test(entry));
  const chosen = mit.length > 0 ? mit : files;
  if (chosen.length === 0) {
    const owners =
      authors.length > 0
        ? authors.map((author) => author.replace(/ <.*/, '')).join(', ')
        : `the authors of ${name}`;
    return [`${license}. Copyright (c) ${owners}.`];
  }
  return chosen.map((entry) => textOf(path.join(folder, entry)));
}

function textOf(license) {
  return fs.readFileSync(license, 'utf8').replaceAll('\r', '').trim();
}
