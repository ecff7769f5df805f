'use strict';

// The programs in the documents do what their comments say, and what they would do if every call with a body were a plain loop. A
// comment after `console.log(...)` or `await ...;` begins with what is printed there, or comes of it.

const assert = require('node:assert/strict');
const { execFileSync } = require('node:child_process');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const test = require('node:test');
const { inspect } = require('node:util');
const { isNode, orSkip } = require('./helpers/engine-bits.js');
const { plain } = require('./helpers/plain.js');

const root = path.join(__dirname, '..');
const allcores = require(root);

/** The JavaScript programs of a document that use the package. */
function programs(document) {
  const text = fs.readFileSync(path.join(root, document), 'utf8');
  return [...text.matchAll(/```js\n(.*?)```/gs)]
    .map(({ 1: program, index }) => ({ program, line: text.slice(0, index).split('\n').length + 1 }))
    .filter(({ program }) => /\brequire\('allcores'\)|from 'allcores'/.test(program));
}

/**
 * Runs a program with `exports` as the package, and gives back what it printed; later lines are added. `import` becomes `require`, and
 * top-level `await` is allowed.
 */
async function run(program, exports = allcores) {
  const lines = [];
  const show = (value) => (typeof value === 'string' ? value : inspect(value));
  const load = (name) => (name === 'allcores' ? exports : require(name));
  load.resolve = (name) => require.resolve(name === 'allcores' ? root : name);
  const scope = {
    require: load,
    console: { log: (...values) => lines.push(values.map(show).join(' ')) },
  };
  const body = program
    .replace(/^import (\{.*?\}) from (['"].*?['"]);/gm, 'const $1 = require($2);')
    .replace(/^main\(\);$/gm, 'await main();');
  const AsyncFunction = (async () => {}).constructor;
  await new AsyncFunction(...Object.keys(scope), body)(...Object.values(scope));
  return lines;
}

/** What no plain loop does: it checks nothing, and nothing stops it. */
const isBeyondLoops = (program) => /ERR_|ABORT_ERR|\bexplain\b|onProgress|sumIntoSharedBuffer/.test(program);

for (const [document, least] of [
  ['docs/migrating.md', 24],
  ['docs/bodies.md', 6],
  ['docs/reductions.md', 4],
  ['docs/recipes.md', 19],
]) {
  test(`${document}: each program prints what its comments say, and what plain loops print`, async (t) => {
    const all = programs(document);
    assert.ok(all.length >= least, `${all.length} programs`);
    for (const { program, line } of all) {
      const compare = async () => {
        const promised = [...program.matchAll(/console\.log\((?:.*)\);(?: \/\/ (.*))?$/gm)].map(
          (match) => match[1],
        );
        const printed = await run(program);
        assert.equal(printed.length, promised.length);
        assert.ok(promised.some(Boolean), 'no comment says what is printed');
        let before;
        promised.forEach((comment, index) => {
          if (comment === 'the same') assert.equal(printed[index], before);
          else if (comment) assert.ok(begins(comment, printed[index]), `${comment}\n${printed[index]}`);
          before = printed[index];
        });
        if (!isBeyondLoops(program)) assert.deepEqual(await run(program, plain(allcores)), printed);
      };
      await t.test(`line ${line}`, (t) => orSkip(t, compare));
    }
  });
}

/** What calls the function of a program with worker threads, where it does nothing by itself, and what is printed then. */
const BEFORE = new Map([
  ['pi', ['pi(10_000).then((x) => console.log(x.toFixed(7)));', '3.1415927']],
  ['sum', ['sum(new Float64Array(new SharedArrayBuffer(8000)).fill(0.5)).then(console.log);', '500']],
  [undefined, ['', '1799970000']],
]);

test('docs/migrating.md: the programs before are programs', { skip: !isNode && 'needs node' }, async (t) => {
  const text = fs.readFileSync(path.join(root, 'docs', 'migrating.md'), 'utf8');
  // Those of worker_threads: the others need packages.
  const pairs = [
    ...text.matchAll(/```js\n(\/\/ main\.js\n.*?)```\s*```js\n(\/\/ worker\.js\n.*?)```/gs),
  ].filter(([, main]) => main.includes("require('node:worker_threads')"));
  assert.equal(pairs.length, BEFORE.size);
  for (const [, main, worker] of pairs) {
    const name = /^function (\w+)/m.exec(main)?.[1];
    await t.test(name ?? 'slots and a flag', () => {
      const [call, printed] = BEFORE.get(name);
      const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'allcores-before-'));
      try {
        fs.writeFileSync(path.join(folder, 'main.js'), `${main}${call}\n`);
        fs.writeFileSync(path.join(folder, 'worker.js'), worker);
        const options = { cwd: folder, encoding: 'utf8', timeout: 60_000 };
        assert.equal(execFileSync(process.execPath, ['main.js'], options), `${printed}\n`);
      } finally {
        fs.rmSync(folder, { recursive: true });
      }
    });
  }
});

test('docs/recipes.md: its TypeScript prints what its comments say, and is what the type tests compile', async () => {
  const text = fs.readFileSync(path.join(root, 'docs', 'recipes.md'), 'utf8');
  const [[, program], ...others] = [...text.matchAll(/```ts\n(.*?)```/gs)];
  assert.equal(others.length, 0);
  const compiled = fs.readFileSync(path.join(__dirname, 'types', 'recipes.test-d.mts'), 'utf8');
  assert.equal(compiled.slice(compiled.indexOf('import ')), program);
  const promised = [...program.matchAll(/console\.log\(.*\); \/\/ (.*)$/gm)].map(([, comment]) => comment);
  assert.equal(promised.length, 3);
  const { code } = require('esbuild').transformSync(program, { loader: 'ts', target: 'es2022' });
  assert.deepEqual(await run(code), promised);
});

test('docs/troubleshooting.md: its program prints what its comment says', async () => {
  const [{ program }, ...others] = programs('docs/troubleshooting.md');
  assert.equal(others.length, 0);
  const lines = await run(program);
  const limit = Date.now() + 20_000;
  while (lines.length === 0 && Date.now() < limit) await new Promise((resolve) => setTimeout(resolve, 1));
  assert.equal(lines[0], /\/\/ prints: (.*)$/m.exec(program)[1]);
});

/** Whether a comment begins with what was printed, and then says more, if anything. `3.14...` is the beginning of a number. */
function begins(comment, text) {
  if (comment.endsWith('...')) return text.startsWith(comment.slice(0, -3));
  return comment.startsWith(text) && /^$|^[,:]| beyond/.test(comment.slice(text.length));
}

for (const document of ['README.md', 'llms.txt']) {
  test(`${document}: its program gives what its comments say, and what plain loops give`, async () => {
    const [{ program }] = programs(document);
    const promised = [];
    // `await sum(view); // 100: more` becomes `console.log(await sum(view));`.
    const line = /^(?:console\.log\((.*)\)|(await .*)); \/\/ (\d.*)$/gm;
    const logged = program.replace(line, (_line, printed, value, comment) => {
      promised.push(comment.split(':')[0]);
      return `console.log(${printed ?? value});`;
    });
    assert.equal(promised.length, 3);
    assert.deepEqual(await run(logged), promised);
    assert.deepEqual(await run(logged, plain(allcores)), promised);
  });
}

test('index.d.ts: each example gives what its comments say', async (t) => {
  const text = fs.readFileSync(path.join(root, 'index.d.ts'), 'utf8');
  const examples = [...text.matchAll(/@example\n(.*?)\*\//gs)].map(([, lines]) =>
    lines.replace(/^ \* ?/gm, ''),
  );
  const promising = examples.filter((example) => example.includes('; // '));
  assert.ok(promising.length >= 6, `${promising.length} examples`);
  for (const example of promising) {
    const compare = async () => {
      const promised = [];
      const logged = example.replace(/^(?!const )(.*); \/\/ (.*)$/gm, (_line, value, comment) => {
        promised.push(comment);
        return `console.log(${value});`;
      });
      const printed = await run(`const { ${Object.keys(allcores)} } = require('allcores');${logged}`);
      assert.equal(printed.length, promised.length);
      for (const [k, comment] of promised.entries()) {
        assert.ok(begins(comment, printed[k]), `${comment}\n${printed[k]}`);
      }
    };
    await t.test(example.split('\n')[0], (t) => orSkip(t, compare));
  }
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
