'use strict';

// The results for people, in Markdown: `tables` for the documents, `sections` for the report.

const { bytes, ranked, short, table, time, times } = require('../common/format');
const { list, targetTable } = require('../common/report');

function method() {
  return 'Medians; in parentheses how many times as much as allcores: the median of the ratios of each round. Less is better.';
}

/** The headline of each measure, a column for each contender with a warm pool. */
function tables([{ results }]) {
  const columns = results.contenders.filter(({ name }) => COLUMNS.includes(name));
  const lines = results.measures.flatMap(({ headline, rows }) =>
    headline
      .filter(({ what }) => find(rows, what, 'allcores'))
      .map(({ what, text }) =>
        ranked(
          text,
          columns.map(({ name }) => cell(find(rows, what, name))),
        ),
      ),
  );
  return [table(['', ...columns.map(({ title }) => title)], lines)];
}

/** Those with a pool of their own in every measure. */
const COLUMNS = ['allcores', 'workers', 'piscina', 'tinypool', 'workerpool'];

/** With every number. */
function sections(results) {
  const titles = new Map(results.contenders.map(({ name, title }) => [name, title]));
  const tableOf = (rows, what) => {
    const lines = rows.filter((row) => row.what === what).map((row) => line(titles.get(row.contender), row));
    return table([what, ...HEAD], lines);
  };
  return [
    ...(results.targets.length > 0 ? ['## Targets', targetTable(results)] : []),
    ...results.measures.flatMap(({ title, text, notes, rows }) => [
      `## ${title}`,
      text,
      ...[...new Set(rows.map(({ what }) => what))].map((what) => tableOf(rows, what)),
      notes.length > 0 ? list(notes) : '',
    ]),
  ];
}

const HEAD = ['p50', 'middle half of the rounds', 'p99', 'max', 'samples', '× allcores', 'middle half'];

function line(title, row) {
  const { unit, p50, middle, p99, max, count, ratio, ratioMiddle } = row;
  const value = (number) => amount(number, unit);
  return [
    title,
    value(p50),
    `${value(middle[0])} to ${value(middle[1])}`,
    // A p99 of fewer than a hundred is the max.
    count >= 100 ? value(p99) : '-',
    value(max),
    count,
    ratio === undefined ? '-' : short(ratio),
    ratioMiddle === undefined ? '-' : `${short(ratioMiddle[0])} to ${short(ratioMiddle[1])}`,
  ];
}

function details({ threads, repetitions, bytes: size }) {
  return `Threads: ${threads}; rounds: ${repetitions}, half as many of what takes a second; long sums of ${bytes(size)} of Float64`;
}

function cell(row) {
  if (row === undefined) return { text: '-' };
  const text = amount(row.p50, row.unit);
  const isMeasure = row.contender === 'allcores' || row.ratio === undefined;
  return { text: isMeasure ? text : `${text} (${times(row.ratio)})`, rank: -row.p50 };
}

/** A row's number in its unit. */
function amount(value, unit) {
  if (unit === 's') return time(value);
  const sign = value < 0 ? '-' : '';
  return `${sign}${bytes(Math.abs(value))}`;
}

function find(rows, what, contender) {
  return rows.find((row) => row.what === what && row.contender === contender);
}

module.exports = { COLUMNS, details, method, sections, tables };
