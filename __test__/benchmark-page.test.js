'use strict';

// What documents say of speed comes from records: the regions and plots are those that the newest records make, and nothing else about
// speed is without a link to where it was measured.

const assert = require('node:assert/strict');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const test = require('node:test');
const { ranked, spread } = require('../benchmark/common/format');
const { DOCUMENTS, filled, problems } = require('../benchmark/common/page');
const { fingerprint } = require('../benchmark/common/plot');
const { newest } = require('../benchmark/common/records');
const { columns, others } = require('../benchmark/common/report');
const { straySpeeds } = require('./helpers/speeds.js');

const root = path.join(__dirname, '..');
const read = (document) => fs.readFileSync(path.join(root, document), 'utf8');

test('documents and plots are what the newest records say', () => {
  assert.deepEqual(problems(), []);
});

test('a number that is changed by hand, and a region that is lost, are found', () => {
  for (const [document, regions] of Object.entries(DOCUMENTS)) {
    const text = read(document);
    assert.equal(filled(text, document).text, text);
    for (const name of regions) {
      const [region] = new RegExp(`<!-- benchmark:${name}.*?<!-- /benchmark:${name} -->`, 's').exec(text);
      const number = /\b\d+\.\d+ ×/.exec(region)?.[0];
      if (number !== undefined) {
        const changed = text.replace(region, region.replace(number, '99.9 ×'));
        assert.notEqual(changed, text);
        assert.equal(filled(changed, document).text, text, `${document}: ${name}`);
      }
      const lost = text.replace(`<!-- /benchmark:${name} -->`, '');
      assert.throws(() => filled(lost, document), new RegExp(`has no region <!-- benchmark:${name} -->`));
    }
  }
});

test('a plot tells from which numbers it was drawn', () => {
  const plots = Object.keys(DOCUMENTS).flatMap((document) => filled(read(document), document).plots);
  assert.ok(plots.length >= 7, `${plots.length} plots`);
  const drawn = fs
    .readdirSync(path.join(root, 'benchmark', 'plots'))
    .map((name) => `benchmark/plots/${name}`);
  assert.deepEqual(drawn.sort(), [...new Set(plots.map(({ file }) => file))].sort());
  for (const { file, specification } of plots) {
    assert.ok(read(file).includes(fingerprint(specification)), file);
    const other = structuredClone(specification);
    other.title.text += '.';
    assert.notEqual(fingerprint(other), fingerprint(specification));
  }
});

test('each region tells machine, date, versions and method, and leads to the raw numbers', () => {
  const text = read('docs/benchmarks.md');
  for (const name of DOCUMENTS['docs/benchmarks.md']) {
    const [, region] = new RegExp(`<!-- benchmark:${name} -->(.*?)<!-- /benchmark:${name} -->`, 's').exec(
      text,
    );
    if (region.trim() === 'Not recorded yet.') continue;
    assert.match(region, /\b20\d\d-\d\d-\d\d: .+, \d+ threads, Node\.js [\d.]+, allcores [\d.]+/, name);
    assert.match(region, /\]\(\.\.\/(benchmark|examples)\/records\/[^)]+\/results\.json\)/, name);
    assert.match(region, /!\[[^\]]+\]\(\.\.\/benchmark\/plots\/[\w-]+\.svg\)/, name);
    assert.match(region, /[mM]edian/, name);
    assert.match(region, /^\| -+ \|/m, name);
  }
});

test('of each set of instructions the newest record counts, and smoke runs do not', (t) => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'allcores-records-'));
  t.after(() => fs.rmSync(folder, { recursive: true }));
  const record = (name, results) => {
    fs.mkdirSync(path.join(folder, name));
    fs.writeFileSync(
      path.join(folder, name, 'results.json'),
      JSON.stringify({ benchmark: 'bodies', ...results }),
    );
  };
  const names = (everySet) => newest('bodies', { everySet }, folder).map(({ name, set }) => [name, set]);
  assert.deepEqual(names(true), []);
  record('2030-01-01-bodies-cpu', { date: '2030-01-01' });
  assert.deepEqual(names(true), [['2030-01-01-bodies-cpu', undefined]]);
  record('2030-01-02-bodies-cpu-avx2', { date: '2030-01-02' });
  record('2030-01-03-a', { date: '2030-01-03', isa: 'avx512', engine: 'machine code' });
  record('2030-01-04-b', { date: '2030-01-04', isa: 'avx2', engine: 'machine code' });
  record('2030-01-05-c', { date: '2030-01-05', isa: 'avx512', engine: 'block interpreter' });
  record('2030-01-06-d', { date: '2030-01-06', isa: 'avx512', quick: true });
  record('2030-01-07-e', { date: '2030-01-07', benchmark: 'sum', isa: 'avx512' });
  assert.deepEqual(names(true), [
    ['2030-01-05-c', 'interpreter'],
    ['2030-01-04-b', 'avx2'],
    ['2030-01-03-a', 'avx512'],
  ]);
  assert.deepEqual(names(false), [['2030-01-05-c', 'interpreter']]);
});

test('what is ours has a column for each record, others have one from the newest', () => {
  const contenders = [
    { name: 'allcores', title: 'allcores', why: '' },
    { name: 'openmp', title: 'C', why: '`gcc -O3` (gcc (Debian 12.2.0-14+deb12u1) 12.2.0)' },
    { name: 'numba', title: 'Numba', why: '`@njit` (Numba 0.68.1, Python 3.11.7, threads by omp)' },
  ];
  const versions = { allcores: '1', node: '2', v8: '3', rustc: '4', piscina: '5.3.2' };
  const [older, newer] = [1, 2].map((date) => ({ date, contenders, versions }));
  const records = [
    { set: 'avx512', results: newer },
    { set: 'avx2', results: older },
  ];
  assert.deepEqual(
    columns(records).map(({ title, results }) => [title, results.date]),
    [
      ['allcores, AVX2', 1],
      ['allcores, AVX-512', 2],
      ['C', 2],
      ['Numba', 2],
    ],
  );
  assert.equal(others(newer), 'piscina 5.3.2, gcc 12.2.0, Numba 0.68.1, Python 3.11.7');
});

test('the best of a line is in bold, whoever it is, and what varies much says so', () => {
  const cells = (...ranks) => ranks.map((rank, index) => ({ text: 'abc'[index], rank }));
  assert.deepEqual(ranked('x', cells(1, 2, 3)), ['x', 'a', 'b', '**c**']);
  assert.deepEqual(ranked('x', cells(2.001, 2.002, undefined)), ['x', '**a**', '**b**', 'c']);
  assert.deepEqual(ranked('x', cells(-1, -2)), ['x', '**a**', 'b']);
  assert.deepEqual(ranked('x', cells(undefined)), ['x', 'a']);
  assert.equal(spread({ median: 10, q1: 9.5, q3: 10.5 }), '10.0');
  assert.equal(spread({ median: 10, q1: 8, q3: 12 }), '10.0\u00a0±\u00a02.00');
});

/** Amounts of time that are settings, not measurements. */
const SETTINGS = { 'docs/cluster.md': '(30 000 ms)', 'docs/platforms.md': 'a timer of 5 ms' };

test('no document tells a speed without a link to where it was measured', () => {
  const documents = [
    'README.md',
    'llms.txt',
    ...fs.readdirSync(path.join(root, 'docs')).map((name) => `docs/${name}`),
  ];
  for (const document of documents.filter((name) => /\.(md|txt)$/.test(name))) {
    const setting = SETTINGS[document];
    const text = read(document);
    if (setting) assert.ok(text.includes(setting), `${document}: ${setting}`);
    assert.deepEqual(straySpeeds(text.replace(setting, '')), [], document);
  }
});

test('such a speed would be found', () => {
  for (const text of [
    'It is 5 times faster.',
    'It is ten times as fast as a loop.',
    'Twice as fast.',
    'It takes half the time.',
    'In a tenth of the time.',
    'Sums at 20 GB/s.',
    'It is 20 % faster.',
    'It is 3.5 × as fast.',
    'A call takes some microseconds.',
    'A call takes a millisecond.',
    'A call takes 300 ns.',
    'Orders of magnitude faster',
  ]) {
    assert.equal(straySpeeds(`# A\n\n${text}\n`).length, 1, text);
    assert.deepEqual(straySpeeds(`# A\n\n${text} [There](benchmarks.md#calls).\n`), [], text);
    assert.equal(straySpeeds(`# A\n[x](benchmarks.md)\n\n## B\n\n${text}\n`)[0]?.line, 6, text);
    const region = `# A\n\n<!-- benchmark:sum -->\n\n${text}\n\n<!-- /benchmark:sum -->\n`;
    assert.deepEqual(straySpeeds(region), [], text);
    assert.deepEqual(straySpeeds(`# A\n\n\`\`\`js\n// ${text}\n\`\`\`\n`), [], text);
  }
  const fine =
    'Called two times, at most some ten times a second, with 1000 × 1000 pixels and a half of the array.';
  assert.deepEqual(straySpeeds(fine), []);
});
