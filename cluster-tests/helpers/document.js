// What docs/cluster.md tells people to write down: its blocks, by the name in their first line, as files and as values.

const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { parseAllDocuments } = require('yaml');

const MODULES = path.join(__dirname, '..', 'node_modules');
const text = fs.readFileSync(path.join(__dirname, '..', '..', 'docs', 'cluster.md'), 'utf8');

/** `[{ language, name, text }]`. */
const BLOCKS = [...text.matchAll(/^```(\w*)\n([\s\S]*?)^```/gm)].map(([, language, block]) => ({
  language,
  name: /^(?:\/\/|#|--) ([\w.]+)\n/.exec(block)?.[1],
  text: block,
}));

function block(name) {
  const found = BLOCKS.find((each) => each.name === name);
  if (found === undefined) throw new Error(`docs/cluster.md has no block ${name}`);
  return found.text;
}

/** The documents of a block of YAML. A mistake throws. */
function yaml(name) {
  return parseAllDocuments(block(name), { strict: true, uniqueKeys: true }).map((document) => {
    const [problem] = [...document.errors, ...document.warnings];
    if (problem) throw problem;
    return document.toJS();
  });
}

/** A folder that is empty but for the packages that `npm install` puts there; removed with the test. */
function emptyFolder(t) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'allcores-document-'));
  t.after(() => fs.rmSync(folder, { recursive: true, force: true }));
  fs.symlinkSync(MODULES, path.join(folder, 'node_modules'), 'junction');
  return folder;
}

/** Writes a block into a folder, with some words in the place of others, each of which has to be there. */
function write(folder, name, replacements = []) {
  let content = block(name);
  for (const [from, to] of replacements) {
    if (!content.includes(from)) throw new Error(`${name} has no ${from}`);
    content = content.replaceAll(from, to);
  }
  const file = path.join(folder, name);
  fs.writeFileSync(file, content);
  return file;
}

module.exports = { BLOCKS, block, emptyFolder, write, yaml };
