'use strict';

// Fills the benchmark sections of the documents from the newest record of each benchmark:
//
//   <!-- benchmark:NAME --> … <!-- /benchmark:NAME -->                      everything in table.md, and the plot
//   <!-- benchmark:NAME: one row | another --> … <!-- /benchmark:NAME -->   the plot, and these rows of the first table
//
// A benchmark without a record leaves its section empty.
//
//   node benchmark/readme.js           writes the documents
//   node benchmark/readme.js --check   exits with 1 if a document is not what the records say

const fs = require('node:fs');
const path = require('node:path');
const { benchmarks } = require('./common/benchmarks');
const { latest } = require('./common/records');

const root = path.join(__dirname, '..');
const SUMMARY = 'README.md';
const ALL = 'docs/benchmarks.md';

const problems = [];
const records = latest();
for (const document of [SUMMARY, ALL]) {
  const file = path.join(root, document);
  const before = fs.readFileSync(file, 'utf8');
  const after = filled(before, document);
  if (after === before) continue;
  if (process.argv.includes('--check')) {
    problems.push(`${document} is not what the newest records say: run node benchmark/readme.js`);
  } else {
    fs.writeFileSync(file, after);
  }
}
for (const line of problems) process.stderr.write(`${line}\n`);
process.exitCode = problems.length > 0 ? 1 : 0;

function filled(text, document) {
  let result = text;
  for (const name of benchmarks()) {
    const section = new RegExp(
      `(<!-- benchmark:${name}(?:: (.*?))? -->\n).*?(<!-- /benchmark:${name} -->)`,
      's',
    );
    const match = section.exec(result);
    if (match === null) {
      problems.push(`${document} has no section <!-- benchmark:${name} -->`);
      continue;
    }
    const [, start, rows, end] = match;
    const content = records.has(name) ? contentOf(records.get(name), document, rows?.split(' | ')) : '';
    result = result.replace(section, () => start + content + end);
  }
  return result;
}

function contentOf(record, document, rows) {
  const folder = path.posix.dirname(document);
  const from = path.posix.relative(folder, path.relative(root, record).split(path.sep).join('/'));
  const tables = fs.readFileSync(path.join(record, 'table.md'), 'utf8').trim();
  const { plot } = JSON.parse(fs.readFileSync(path.join(record, 'results.json'), 'utf8'));
  const parts = [plot ? `![${plot}](${from}/plot.svg)` : '', rows ? summary(tables, rows, document) : tables];
  if (!rows) parts.push(`All numbers: [${path.posix.basename(from)}](${from}/report.md).`);
  return `${parts.filter(Boolean).join('\n\n')}\n`;
}

/** What precedes the first table, and of that table the named rows, in the order of the table. */
function summary(tables, rows, document) {
  const [before, table] = /^(.*?\n\n)((?:\|[^\n]*\n?)+)/s.exec(tables).slice(1);
  const [head, rule, ...lines] = table.trimEnd().split('\n');
  const titleOf = (line) => line.split('|')[1].trim();
  for (const row of rows) {
    if (!lines.some((line) => titleOf(line) === row))
      problems.push(`${document}: the record has no row "${row}"`);
  }
  const kept = lines.filter((line) => rows.includes(titleOf(line)));
  return `${before}${[head, rule, ...kept].join('\n')}`;
}
