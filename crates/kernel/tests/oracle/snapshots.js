// Writes ../data/snapshots.txt: every body of bodies.cjs as each tool leaves it, and ../data/corpus.txt: some thousand random
// functions; each with a hash of acorn's tree, so that `cargo test` compares without Node.js.

const fs = require('node:fs');
const path = require('node:path');
const { acornDump, hash } = require('./estree.js');
const { generator } = require('./generate.js');

const DATA = path.join(__dirname, '../data');
const CORPUS = 3000;

/** Entries of a file: `=== hash name`, then the source up to the next line of this kind. */
function read(file) {
  const text = fs.readFileSync(path.join(DATA, file), 'utf8');
  return text
    .split(/^=== /m)
    .slice(1)
    .map((entry) => {
      const [head] = entry.split('\n', 1);
      return { hash: head.slice(0, 16), name: head.slice(17), source: entry.slice(head.length + 1, -1) };
    });
}

const entry = (name, source) => {
  const tree = acornDump(source);
  if (tree === undefined) throw new Error(`acorn does not read ${name}: ${source}`);
  return `=== ${hash(tree)} ${name}\n${source}\n`;
};

async function main() {
  const bodies = require(path.join(DATA, 'bodies.cjs'));
  const tools = require('./tools.js');
  const parts = [];
  for (const [tool, run] of Object.entries(tools)) {
    for (const { name, body, captures } of bodies) {
      parts.push(entry(`${tool}: ${name}`, await run(body.toString())));
      for (const [helper, value] of Object.entries(captures ?? {})) {
        if (typeof value === 'function')
          parts.push(entry(`${tool}: ${name}: ${helper}`, await run(value.toString())));
      }
    }
  }
  fs.writeFileSync(path.join(DATA, 'snapshots.txt'), parts.join(''));

  const make = generator(20261126);
  const corpus = new Set();
  while (corpus.size < CORPUS) {
    const source = make();
    if (source.length < 160 && !/^=== /m.test(source) && acornDump(source) !== undefined) corpus.add(source);
  }
  const lines = [...corpus].map((source, k) => entry(`${k}`, source));
  fs.writeFileSync(path.join(DATA, 'corpus.txt'), lines.join(''));
  console.log(`${parts.length} snapshots, ${lines.length} functions of the corpus`);
}

module.exports = {
  readSnapshots: () => read('snapshots.txt'),
  readCases: () => read('cases.txt').map(({ source }) => source),
};

if (require.main === module) main();
