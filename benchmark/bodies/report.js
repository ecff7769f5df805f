'use strict';

// The results for people, in Markdown: `tables` for the documents, `sections` for the report.

const { ranked, short, spread, table, time, times } = require('../common/format');
const { columns, targetTable } = require('../common/report');

function method({ repetitions }) {
  return (
    'How many times as fast as the JavaScript loop on one thread: the median of the ratios of each of ' +
    `${repetitions} rounds. In parentheses nanoseconds for each index: the median of the rounds, ± half the width of their middle half where ` +
    'that is more than a tenth.'
  );
}

/** A line for each kernel. */
function tables(records) {
  const machineCode = records.filter(({ set }) => set !== 'interpreter');
  const shown = machineCode.length > 0 ? machineCode : records;
  const [{ results }] = shown;
  return [
    'On all threads:',
    speedTable(shown, ({ name }) => name),
    'On one thread:',
    speedTable(shown, ({ name }) => `${name}-1`),
    'Error of sums, in units in the last place of the exact sum rounded once; of what is written, the elements that differ from those ' +
      'that JavaScript writes:',
    errorTable(shown),
    ...interpreted(records.filter((record) => !shown.includes(record))),
    `What it costs that a body is new, in calls over ${results.first.count} indices:`,
    firstTable(results),
  ];
}

/** What runs where there is no machine code, in a run of its own. */
function interpreted(records) {
  if (records.length === 0) return [];
  return ['Where there is no machine code, on all threads:', speedTable(records, ({ name }) => name)];
}

/** Some kernels, with the errors of allcores and of a plain loop beside. */
function summaryTable(records, titles) {
  const list = columns(
    records.filter(({ set }) => set !== 'interpreter'),
    ({ name }) => name !== 'piscina',
  );
  const [{ results }] = records;
  const lines = titles.map((title) => {
    const { entries } = find(results, title);
    const cells = list.map(({ name, results: { workloads } }) =>
      ratioCell(find({ workloads }, title)?.entries[name], name),
    );
    return [...ranked(title, cells), `${errorText(entries.allcores)}, ${errorText(entries.loop)}`];
  });
  return table(['', ...list.map(({ title }) => title), 'errors: allcores, loop'], lines);
}

/** With every number. */
function sections(results) {
  return [
    ...results.workloads.flatMap((row) => [`## ${row.title}`, entryTable(results, row)]),
    '## A new body',
    firstTable(results),
    '## Targets',
    targetTable(results),
  ];
}

function details({ threads, repetitions }) {
  return `Threads: ${threads}; rounds: ${repetitions}`;
}

/** A column for each contender; `keyOf` says which of its numbers, if it has those. */
function speedTable(records, keyOf) {
  return workloadTable(records, (title, list) =>
    ranked(
      title,
      list.map(({ name, results }) => {
        const entries = find(results, title)?.entries ?? {};
        return speedCell(entries[keyOf({ name })] ?? entries[name]);
      }),
    ),
  );
}

function errorTable(records) {
  return workloadTable(records, (title, list) => [
    title,
    ...list.map(({ name, results }) => {
      const entry = find(results, title)?.entries[name];
      return entry ? errorText(entry) : '-';
    }),
  ]);
}

function workloadTable(records, line) {
  const list = columns(records);
  const lines = records[0].results.workloads.map(({ title }) => line(title, list));
  return table(['', ...list.map(({ title }) => title)], lines);
}

function find({ workloads }, title) {
  return workloads.find((workload) => workload.title === title);
}

function ratioCell(entry, name) {
  if (entry === undefined) return { text: '-' };
  return { text: name === 'loop' ? `${short(entry.ns.median)} ns` : times(entry.ratio), rank: entry.ratio };
}

function speedCell(entry) {
  if (entry === undefined) return { text: '-' };
  return { text: `${times(entry.ratio)} (${spread(entry.ns)})`, rank: entry.ratio };
}

function entryTable(results, { title, count, entries }) {
  const lines = results.entries
    .filter(({ key }) => entries[key])
    .map(({ key, title: name }) => {
      const { ns, ratio, calls } = entries[key];
      return [
        name,
        short(ns.median),
        `${short(ns.q1)} to ${short(ns.q3)}`,
        `${short(ns.min)} to ${short(ns.max)}`,
        short(ratio),
        errorText(entries[key]),
        calls,
      ];
    });
  const columns = ['ns', 'middle half', 'min to max', '× loop', 'error', 'calls a turn'];
  return `${[count].flat().join(' × ')} indices.\n\n${table([title, ...columns], lines)}`;
}

function firstTable({ first: { rows } }) {
  const lines = rows.map(({ title, p50, p99, middle, calls }) => [
    title,
    time(p50),
    `${time(middle[0])} to ${time(middle[1])}`,
    // A p99 of fewer than a hundred is the longest.
    calls >= 100 ? time(p99) : '-',
    calls,
  ]);
  return table(['', 'p50', 'middle half of the rounds', 'p99', 'calls'], lines);
}

/** 0 is a sum that is correctly rounded, or elements with all bits of JavaScript's. */
function errorText({ error, differing }) {
  if (differing !== undefined) return differing === 0 ? '0' : `${differing} elements`;
  if (error === 0) return '0';
  return error < 1e4 ? String(Number(error.toPrecision(3))) : error.toExponential(1).replace('e+', 'e');
}

module.exports = { details, method, sections, summaryTable, tables };
