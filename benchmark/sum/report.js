'use strict';

// The results for people, in Markdown: `tables` for the documents, `sections` for the report.

const { speedRatio } = require('../common/statistics');
const { binary, bytes, short, table } = require('../common/format');
const { targetTable, where } = require('../common/report');
const { describe } = require('./verdicts');

/** What the README shows: one line for each kind of work, at its largest size, and one in the cache. */
function tables(results) {
  const { series, contenders } = results;
  const shown = series.filter((row) => isLargest(row, series) || (row.inCache && row.element === 'Float64'));
  const columns = contenders.filter(({ name }) => name !== 'allcores-in-flight');
  const titles = ['', ...columns.map(({ title }) => title)];
  const rows = (print) =>
    shown.map((row) => [
      describe(row),
      ...columns.map(({ name }) => (row.contenders[name] ? print(row.contenders[name], name, row) : '-')),
    ]);
  return [
    `${where(results)} GB/s: the median of ${results.repetitions} rounds ± half the width of the middle half. ` +
      'In parentheses: as a multiple of allcores; for allcores itself, of the roofline.',
    table(
      titles,
      rows((result, name, row) => `${spread(result.speed)} (${short(ratioShown(result, name, row))})`),
    ),
    'Error of the result, in units in the last place of the exact sum rounded once:',
    table(
      titles,
      rows(({ error }) => errorText(error)),
    ),
    'Elements from which on it beats the `for` loop:',
    crossoverTable(results),
    'One call, awaited before the next one:',
    shortTable(results),
  ];
}

/** With every number. */
function sections(results) {
  const { series } = results;
  const keys = [...new Set(series.map(nameOf))];
  const rowsOf = (key) => series.filter((row) => nameOf(row) === key);
  return [
    ...keys.flatMap((key) => [`## ${key}`, seriesTable(results, rowsOf(key))]),
    '## Elements from which on it beats the plain loop',
    crossoverTable(results),
    '## One call, awaited before the next one',
    shortTable(results),
    '## Targets',
    targetTable(results),
  ];
}

function details({ threads, repetitions, maxBytes }) {
  return `Threads: ${threads}; rounds: ${repetitions}; up to ${bytes(maxBytes)}`;
}

function seriesTable({ contenders }, rows) {
  const lines = rows.flatMap((row) =>
    contenders
      .filter(({ name }) => row.contenders[name])
      .map(({ name, title }) => {
        const { speed, ratio, error, seconds } = row.contenders[name];
        const { roofline } = row.contenders;
        return [
          title,
          binary(row.length),
          bytes(row.bytes),
          short(speed.median),
          `${short(speed.q1)} to ${short(speed.q3)}`,
          `${short(speed.min)} to ${short(speed.max)}`,
          short(ratio),
          roofline ? short(speedRatio(seconds, roofline.seconds)) : '-',
          errorText(error),
        ];
      }),
  );
  const columns = [
    'elements',
    'size',
    'GB/s',
    'middle half',
    'min to max',
    '× allcores',
    '× roofline',
    'error, ulp',
  ];
  return table(['', ...columns], lines);
}

function crossoverTable({ crossovers, contenders }) {
  const rivals = contenders.filter(({ name }) => name !== 'loop' && name !== 'allcores-in-flight');
  const text = (length) => (length === undefined ? '-' : length === null ? 'never' : binary(length));
  return table(
    ['', ...rivals.map(({ title }) => title)],
    Object.entries(crossovers).map(([element, found]) => [
      element,
      ...rivals.map(({ name }) => text(found[name])),
    ]),
  );
}

function shortTable({ short: { rows, ratio } }) {
  const micro = (seconds) => short(seconds * 1e6);
  const lines = rows.map(({ title, p50, p99, calls }) => [title, micro(p50), micro(p99), calls]);
  const text = `The first takes ${short(ratio)} times as long as the second.`;
  return `${table(['', 'p50, µs', 'p99, µs', 'calls'], lines)}\n\n${text}`;
}

function spread({ median, q1, q3 }) {
  return `${short(median)} ± ${short((q3 - q1) / 2)}`;
}

function ratioShown({ ratio, seconds }, name, { contenders: { roofline } }) {
  return name === 'allcores' && roofline ? speedRatio(seconds, roofline.seconds) : ratio;
}

/** 0 is an exact result, correctly rounded. */
function errorText(error) {
  if (typeof error === 'string') return error;
  if (error === 0) return '0';
  return error < 1e4 ? String(Number(error.toPrecision(3))) : error.toExponential(1).replace('e+', 'e');
}

function isLargest(row, series) {
  return series.findLast((other) => nameOf(other) === nameOf(row)) === row;
}

function nameOf({ element, data }) {
  return `${element}, ${data}`;
}

module.exports = { details, sections, tables };
