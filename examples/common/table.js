'use strict';

// The table of a comparison, and examples/README.md, which shows that of the newest record.

const fs = require('node:fs');
const path = require('node:path');
const { table, time } = require('../../benchmark/common/format.js');
const { where } = require('../../benchmark/common/report.js');
const { median, speedRatio } = require('../../benchmark/common/statistics.js');

const README = path.join(__dirname, '..', 'README.md');
const RECORDS = path.join(__dirname, '..', 'records');
const SECTION = /(<!-- times -->\n).*?(<!-- \/times -->)/s;

function tableOf(results) {
  const rows = results.examples.map(({ title, forms: [after, before] }) => [
    title,
    time(median(before.run)),
    time(median(after.run)),
    `${speedRatio(after.run, before.run).toFixed(2)} ×`,
    time(median(before.total)),
    time(median(after.total)),
    `${speedRatio(after.total, before.total).toFixed(2)} ×`,
  ]);
  const head = ['', 'worker_threads', 'allcores', '', 'whole process', 'allcores', ''];
  return [
    results.quick ? '**A smoke run: these numbers mean nothing.**\n' : '',
    `${where(results)} Medians of ${results.rounds} rounds; how many times as fast is the median of the ratios of each round.`,
    '',
    table(head, rows),
  ]
    .join('\n')
    .trimStart();
}

/** The README with the table of the newest record, or with none. */
function filled(text) {
  const records = fs.existsSync(RECORDS) ? fs.readdirSync(RECORDS).sort() : [];
  const newest = records.at(-1);
  const content = newest
    ? `${fs.readFileSync(path.join(RECORDS, newest, 'table.md'), 'utf8').trim()}\n\nAll numbers: [${newest}](records/${newest}/results.json).\n`
    : 'Not recorded yet.\n';
  return text.replace(SECTION, (_, start, end) => start + content + end);
}

function fillReadme() {
  fs.writeFileSync(README, filled(fs.readFileSync(README, 'utf8')));
}

module.exports = { README, SECTION, fillReadme, filled, tableOf };
