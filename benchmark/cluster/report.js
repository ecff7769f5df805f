'use strict';

// The results for people, in Markdown: `tables` for the documents, `sections` for the report.

const { short, table, time } = require('../common/format');
const { targetTable } = require('../common/report');

function method({ repetitions }) {
  return (
    'How much longer a sum takes over workers on this machine than in one process with all threads: the median of the ratios of ' +
    `${rounds(repetitions)}. Less is better; all bits are compared.`
  );
}

function tables([{ results }]) {
  return [
    overheadTable(results),
    `With the smallest chunks; a merge of two partial results takes ${time(results.merge)}.`,
    rateTable(results),
  ];
}

/** With every number. */
function sections(results) {
  return [
    '## Time',
    table(
      ['workers, chunks', 'one process', 'workers'],
      results.overhead.map(({ workers, chunk, alone, cluster }) => [
        title(workers, chunk),
        range(alone),
        range(cluster),
      ]),
    ),
    overheadTable(results),
    '## Chunks',
    rateTable(results),
    `A merge of two partial results: ${time(results.merge)}`,
    '## Targets',
    targetTable(results),
  ];
}

function details({ repetitions }) {
  return `Rounds: ${repetitions}`;
}

const rounds = (count) => (count === 1 ? 'one round' : `${count} rounds`);

const title = (workers, chunk) => `${workers} workers, chunks of ${chunk} s`;
const range = ({ median, min, max }) => `${time(median)} (${time(min)} to ${time(max)})`;
const percent = (ratio) => `${(100 * (ratio - 1)).toFixed(1)} %`;

function overheadTable({ overhead }) {
  const chunks = [...new Set(overhead.map(({ chunk }) => chunk))];
  const workers = [...new Set(overhead.map(({ workers }) => workers))];
  const cell = (count, seconds) =>
    percent(overhead.find(({ workers, chunk }) => workers === count && chunk === seconds).ratio);
  return table(
    ['', ...chunks.map((chunk) => `chunks of ${chunk} s`)],
    workers.map((count) => [`${count} workers`, ...chunks.map((chunk) => cell(count, chunk))]),
  );
}

function rateTable({ rates }) {
  return table(
    ['', 'chunks a second', 'commands of Redis a chunk', 'time of Redis', 'time of the client'],
    rates.map(({ workers, rate, commands, redis, client }) => [
      `${workers} workers`,
      short(rate),
      short(commands),
      time(redis),
      time(client),
    ]),
  );
}

module.exports = { details, method, sections, tables };
