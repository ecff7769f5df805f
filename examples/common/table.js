'use strict';

// The table of a comparison, and examples/README.md, which shows that of the newest record.

const fs = require('node:fs');
const path = require('node:path');
const { ranked, table, time } = require('../../benchmark/common/format.js');
const { where } = require('../../benchmark/common/report.js');
const { median, speedRatio } = require('../../benchmark/common/statistics.js');

const README = path.join(__dirname, '..', 'README.md');
const RECORDS = path.join(__dirname, '..', 'records');
const SECTION = /(<!-- times -->\n).*?(<!-- \/times -->)/s;

function tableOf(results) {
  const rows = results.examples.map(({ title, forms: [after, before] }) => {
    const pair = (of) => {
      const cells = [before, after].map((form) => ({
        text: time(median(form[of])),
        rank: -median(form[of]),
      }));
      return [...ranked('', cells).slice(1), `${speedRatio(after[of], before[of]).toFixed(2)} ×`];
    };
    return [title, ...pair('run'), ...pair('total')];
  });
  const head = [
    '',
    'worker_threads',
    'allcores',
    '',
    'whole process, worker_threads',
    'whole process, allcores',
    '',
  ];
  return [
    results.quick ? '**A smoke run: these numbers mean nothing.**\n' : '',
    `${where(results)} Medians of ${results.rounds} rounds, the better one in bold; how many times as fast is the median of the ratios of each round.`,
    '',
    table(head, rows),
  ]
    .join('\n')
    .trimStart();
}

/** The newest record, { name, results }, or undefined. */
function newest() {
  const name = fs.existsSync(RECORDS) ? fs.readdirSync(RECORDS).sort().at(-1) : undefined;
  if (name === undefined) return undefined;
  return { name, results: JSON.parse(fs.readFileSync(path.join(RECORDS, name, 'results.json'), 'utf8')) };
}

/** The README with the table of the newest record, or with none. */
function filled(text) {
  const record = newest();
  const content = record
    ? `${tableOf(record.results)}\n\nAll numbers: [${record.name}](records/${record.name}/results.json).\n`
    : 'Not recorded yet.\n';
  return text.replace(SECTION, (_, start, end) => start + content + end);
}

function fillReadme() {
  fs.writeFileSync(README, filled(fs.readFileSync(README, 'utf8')));
}

module.exports = { README, SECTION, fillReadme, filled, newest, tableOf };
