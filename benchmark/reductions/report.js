'use strict';

// The results for people, in Markdown: `tables` for the documents, `sections` for the report.

const { bytes, ranked, short, spread, table, times } = require('../common/format');
const { columns, targetTable } = require('../common/report');
const { speedRatio } = require('../common/statistics');

function method({ repetitions }) {
  return (
    `GB/s: the median of ${repetitions} rounds, ± half the width of their middle half where that is more than a tenth. In parentheses how many ` +
    'times as fast as the JavaScript loop of the same run: the median of the ratios of each round. The roofline is a bound, and ' +
    'takes no part in what is best.'
  );
}

function tables(records) {
  const [{ results }] = records;
  return [
    `Arrays of ${bytes(results.bytes)}:`,
    speedTable(records, ({ isCached }) => !isCached),
    `The same of ${bytes(results.cached)}, which the caches hold:`,
    speedTable(records, ({ isCached }) => isCached),
    'Error of what is rounded, in units in the last place of the exact value rounded once:',
    errorTable(records),
  ];
}

function sections(results) {
  return [
    '## Speed',
    method(results),
    speedTable([{ results }], () => true),
    '## Error',
    errorTable([{ results }]),
    '## Targets',
    targetTable(results),
  ];
}

function details({ threads, repetitions, bytes: length, cached }) {
  return `Threads: ${threads}; rounds: ${repetitions}; arrays of ${bytes(length)}, and of ${bytes(cached)} in the caches`;
}

function speedTable(records, isShown) {
  return contenderTable(records, isShown, (title, list) =>
    ranked(
      title,
      list.map(({ name, entries }) => {
        if (entries[name] === undefined) return { text: '-' };
        const { speed, seconds } = entries[name];
        const ratio = speedRatio(seconds, entries.loop.seconds);
        const text = `${spread(speed)} (${times(ratio)})`;
        return { text, rank: name === 'roofline' ? undefined : speed.median };
      }),
    ),
  );
}

function errorTable(records) {
  const isRounded = ({ entries }) => entries.allcores.error !== undefined;
  return contenderTable(records, isRounded, (title, list) => [
    title,
    ...list.map(({ name, entries }) => (entries[name] === undefined ? '-' : errorText(entries[name].error))),
  ]);
}

/** A column for each contender that is shown and has any of the numbers. */
function contenderTable(records, isShown, line) {
  const workloads = records[0].results.workloads.filter(isShown);
  const entriesOf = ({ results }, title) =>
    results.workloads.find((one) => one.title === title)?.entries ?? {};
  const list = columns(records, ({ isHidden }) => !isHidden).filter((column) =>
    workloads.some(({ title }) => entriesOf(column, title)[column.name] !== undefined),
  );
  const lines = workloads.map(({ title }) =>
    line(
      title,
      list.map((column) => ({ name: column.name, entries: entriesOf(column, title) })),
    ),
  );
  return table(['', ...list.map(({ title }) => title)], lines);
}

function errorText(error) {
  return error === 0 ? '0' : short(error);
}

module.exports = { details, method, sections, tables };
