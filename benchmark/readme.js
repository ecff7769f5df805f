'use strict';

// Puts the newest record of each benchmark into README.md, between <!-- benchmark:NAME --> and <!-- /benchmark:NAME -->. Nothing is
// there as long as a benchmark has no record.
//
//   node benchmark/readme.js           writes README.md
//   node benchmark/readme.js --check   exits with 1 if README.md is not what the records say

const fs = require('node:fs');
const path = require('node:path');
const { benchmarks } = require('./common/benchmarks');
const { latest } = require('./common/records');

const root = path.join(__dirname, '..');
const file = path.join(root, 'README.md');

const before = fs.readFileSync(file, 'utf8');
let after = before;
const missing = [];
const records = latest();
for (const name of benchmarks()) {
  const [start, end] = [`<!-- benchmark:${name} -->`, `<!-- /benchmark:${name} -->`];
  const [from, to] = [after.indexOf(start), after.indexOf(end)];
  if (from < 0 || to < from) {
    missing.push(`README.md has no ${start} … ${end}`);
    continue;
  }
  after = after.slice(0, from + start.length) + section(records.get(name)) + after.slice(to);
}

if (process.argv.includes('--check')) {
  if (after !== before)
    missing.push('README.md is not what the newest records say: run node benchmark/readme.js');
} else if (after !== before) {
  fs.writeFileSync(file, after);
}
for (const line of missing) process.stderr.write(`${line}\n`);
process.exitCode = missing.length > 0 ? 1 : 0;

function section(record) {
  if (record === undefined) return '\n';
  const from = path.relative(root, record).split(path.sep).join('/');
  const table = fs.readFileSync(path.join(record, 'table.md'), 'utf8').trim();
  const { plot } = JSON.parse(fs.readFileSync(path.join(record, 'results.json'), 'utf8'));
  const image = plot ? `![${plot}](${from}/plot.svg)\n\n` : '';
  return `\n${image}${table}\n\nAll numbers: [${from}](${from}/report.md). Method: [benchmark/](benchmark/README.md).\n`;
}
