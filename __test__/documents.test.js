'use strict';

// The programs in the documents do what their comments say. A comment after `console.log(...)` or `await ...;` begins with what
// is printed there, or comes of it.

const assert = require('node:assert/strict');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const test = require('node:test');
const { inspect } = require('node:util');

const root = path.join(__dirname, '..');

/** The JavaScript programs of a document that use the package. */
function programs(document) {
  const text = fs.readFileSync(path.join(root, document), 'utf8');
  return [...text.matchAll(/```js\n(.*?)```/gs)]
    .map(([, program]) => ({ program, line: text.slice(0, text.indexOf(program)).split('\n').length }))
    .filter(({ program }) => /\brequire\('allcores'\)|from 'allcores'/.test(program));
}

/** Runs a program, and gives back what it printed. `import` becomes `require`, and top-level `await` is allowed. */
async function run(program) {
  const lines = [];
  const scope = {
    require: (name) => require(name === 'allcores' ? root : name),
    console: { log: (...values) => lines.push(values.map((value) => inspect(value)).join(' ')) },
  };
  const body = program
    .replace(/^import (\{.*?\}) from '(.*?)';/gm, "const $1 = require('$2');")
    .replace(/^main\(\);$/gm, 'await main();');
  const AsyncFunction = (async () => {}).constructor;
  await new AsyncFunction(...Object.keys(scope), body)(...Object.values(scope));
  return lines;
}

test('docs/migrating.md: each program prints what its comments say', async (t) => {
  const all = programs('docs/migrating.md');
  assert.ok(all.length >= 7, `${all.length} programs`);
  for (const { program, line } of all) {
    await t.test(`line ${line}`, async () => {
      const promised = [...program.matchAll(/console\.log\((?:.*)\);(?: \/\/ (.*))?$/gm)].map(
        (match) => match[1],
      );
      const printed = await run(program);
      assert.equal(printed.length, promised.length);
      assert.ok(promised.some(Boolean), 'no comment says what is printed');
      let before;
      promised.forEach((comment, index) => {
        if (comment === 'the same') assert.equal(printed[index], before);
        else if (comment) assert.equal(comment.split(/,| beyond/)[0], printed[index]);
        before = printed[index];
      });
    });
  }
});

test('README.md: the ten lines give what their comments say', async () => {
  const [{ program }] = programs('README.md').filter((each) => each.program.includes('// or: require'));
  const promised = [];
  // `await sumRange(10_000); // 49995000: more` becomes `console.log(await sumRange(10_000));`.
  const logged = program.replace(
    /^(?:const \w+ = )?(await sum.*?|slots); \/\/ (.*)$/gm,
    (line, value, comment) => {
      promised.push(comment.split(':')[0]);
      return line.startsWith('const')
        ? line.replace(/^const (\w+).*$/, '$&\nconsole.log($1);')
        : `console.log(${value});`;
    },
  );
  assert.equal(promised.length, 5);
  const printed = await run(logged);
  // The elements of a typed array are shown without its name.
  assert.deepEqual(
    printed.map((text) => text.replace(/^\w+\(\d+\) /, '').replace(/\s+/g, ' ')),
    promised,
  );
});

test('every link in the package leads to a file of the package', async () => {
  const { documentsIn, published, stage } = require('../release/stage.js');
  const folder = path.join(fs.mkdtempSync(path.join(os.tmpdir(), 'allcores-stage-')), 'package');
  try {
    await stage(folder);
    const documents = documentsIn(folder);
    assert.ok(documents.includes('README.md') && documents.includes('docs/slots.md'), `${documents}`);
    let links = 0;
    for (const document of documents) {
      const text = fs.readFileSync(path.join(folder, document), 'utf8');
      for (const [, link] of text.matchAll(/\]\((?!\w+:|#)([^)\s]+)\)/g)) {
        links++;
        const target = path.join(folder, path.dirname(document), link.split('#')[0]);
        assert.ok(fs.existsSync(target), `${document}: ${link}`);
      }
    }
    assert.ok(links > 10, `${links} links`);
  } finally {
    fs.rmSync(path.dirname(folder), { recursive: true });
  }

  const isThere = (name) => name === 'docs/slots.md';
  const text = '[a](slots.md#x) [b](../src/lib.rs) ![c](../p.svg) [d](https://example.org/)';
  assert.equal(published(text, { here: 'docs', isThere }), '[a](slots.md#x) b  [d](https://example.org/)');
  const repository = 'git+https://example.org/o/r.git';
  assert.equal(
    published(text, { here: 'docs', isThere, repository }),
    '[a](slots.md#x) [b](https://example.org/o/r/blob/HEAD/src/lib.rs) ' +
      '![c](https://example.org/o/r/raw/HEAD/p.svg) [d](https://example.org/)',
  );
});

const DOCUMENTS = [
  ...fs.readdirSync(root).filter((name) => name.endsWith('.md') || name === 'llms.txt'),
  ...['docs', '__test__', 'benchmark', 'runtimes'].flatMap((folder) =>
    fs
      .readdirSync(path.join(root, folder))
      .filter((name) => name.endsWith('.md'))
      .map((name) => path.join(folder, name)),
  ),
];

/** As in the links to them: `## What it does *not* promise` is #what-it-does-not-promise. */
function headings(file) {
  const text = fs.readFileSync(file, 'utf8').replace(/^```[\s\S]*?^```/gm, '');
  return [...text.matchAll(/^#+ (.*)$/gm)].map(([, heading]) =>
    heading
      .toLowerCase()
      .replace(/[^\w\- ]/g, '')
      .replaceAll(' ', '-'),
  );
}

test('every link to something of ours leads there', () => {
  let links = 0;
  for (const document of DOCUMENTS) {
    const file = path.join(root, document);
    const text = fs.readFileSync(file, 'utf8').replace(/^```[\s\S]*?^```/gm, '');
    for (const [, link] of text.matchAll(/\]\((?!\w+:)([^)\s]+)\)/g)) {
      links++;
      const [name, anchor] = link.split('#');
      const target = name === '' ? file : path.join(path.dirname(file), name);
      assert.ok(fs.existsSync(target), `${document}: ${link}`);
      if (anchor) assert.ok(headings(target).includes(anchor), `${document}: ${link}`);
    }
  }
  assert.ok(links > 50, `${links} links`);
});
