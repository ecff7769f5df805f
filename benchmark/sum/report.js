'use strict';

// The results for people, in Markdown: `tables` for the documents, `sections` for the report.

const { speedRatio } = require('../common/statistics');
const { binary, bytes, ranked, short, spread, table, times } = require('../common/format');
const { columns, targetTable } = require('../common/report');
const { describe } = require('./verdicts');

function method({ repetitions }) {
  return (
    `GB/s: the median of ${repetitions} rounds, ± half the width of their middle half where that is more than a tenth. In parentheses how many ` +
    'times as fast as the loop of the same run: the median of the ratios of each round. The roofline is a bound, and takes no part in ' +
    'what is best.'
  );
}

/** One line for each kind of work, at its largest size, and one in the cache. */
function tables(records) {
  const [{ results }] = records;
  const { series } = results;
  const shown = series.filter((row) => isLargest(row, series) || (row.inCache && row.element === 'Float64'));
  const list = columns(records, ({ name }) => name !== 'allcores-in-flight');
  const titles = ['', ...list.map(({ title }) => title)];
  const cells = (row, print) =>
    list.map((column) => {
      const { contenders } = column.results.series.find((other) => describe(other) === describe(row)) ?? {};
      return contenders?.[column.name]
        ? print(contenders[column.name], column.name, contenders)
        : { text: '-' };
    });
  return [
    'Speed:',
    table(
      titles,
      shown.map((row) => ranked(describe(row), cells(row, speedCell))),
    ),
    'Error of the result, in units in the last place of the exact sum rounded once:',
    table(
      titles,
      shown.map((row) => [
        describe(row),
        ...cells(row, ({ error }) => ({ text: errorText(error) })).map(({ text }) => text),
      ]),
    ),
    'Elements from which on it beats the `for` loop:',
    crossoverTable(results),
    'One call, awaited before the next one:',
    shortTable(results),
  ];
}

function speedCell({ speed, seconds }, name, { loop }) {
  // Math.sumPrecise has rounds of its own.
  const against =
    seconds.length === loop.seconds.length
      ? speedRatio(seconds, loop.seconds)
      : speed.median / loop.speed.median;
  return {
    text: `${spread(speed)} (${times(against)})`,
    rank: name === 'roofline' ? undefined : speed.median,
  };
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

module.exports = { details, method, sections, tables };
