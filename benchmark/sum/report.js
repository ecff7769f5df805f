'use strict';

// The results for people, in Markdown: `tables` for the README, `report` with every number.

const { speedRatio } = require('../common/statistics');
const { binary, bytes, short, table } = require('../common/format');
const { describe: describeMachine } = require('../common/machine');
const { describe } = require('./verdicts');

/** What the README shows: one line for each kind of work, at its largest size, and one in the cache. */
function tables(results) {
  const { series, contenders, machine, versions, threads } = results;
  const shown = series.filter((row) => isLargest(row, series) || (row.inCache && row.element === 'Float64'));
  const columns = contenders.filter(({ name }) => name !== 'allcores-in-flight');
  const head = ['', ...columns.map(({ title }) => title)];
  const rows = (print) =>
    shown.map((row) => [
      describe(row),
      ...columns.map(({ name }) => (row.contenders[name] ? print(row.contenders[name], name, row) : '-')),
    ]);
  const where = `${machine.cpu}${machine.virtual ? ' (virtual machine)' : ''}, ${threads} threads`;
  return [
    quickWarning(results),
    `${results.date.slice(0, 10)}: ${where}, Node.js ${versions.node}, allcores ${versions.allcores}. ` +
      `GB/s: the median of ${results.repetitions} rounds ± half the width of the middle half. In parentheses: ` +
      'as a multiple of allcores; for allcores itself, of the roofline.',
    table(
      head,
      rows((result, name, row) => `${spread(result.speed)} (${short(ratioShown(result, name, row))})`),
    ),
    'Error of the result, in units in the last place of the exact sum rounded once:',
    table(
      head,
      rows(({ error }) => errorText(error)),
    ),
    'Elements from which on it beats the `for` loop:',
    crossoverTable(results),
    'One call, awaited before the next one:',
    shortTable(results),
  ]
    .filter(Boolean)
    .join('\n\n');
}

/** Everything. */
function report(results) {
  const { series } = results;
  const parts = [
    `# sum, ${results.date.slice(0, 10)}`,
    quickWarning(results),
    list(head(results)),
    '## Contenders',
    list([
      ...results.contenders.map(({ title, why }) => `**${title}**: ${why}`),
      ...results.absent.map(({ title, why }) => `${title} did not take part: ${why}`),
    ]),
  ];
  for (const key of new Set(series.map(nameOf))) {
    const rows = series.filter((row) => nameOf(row) === key);
    parts.push(`## ${key}`, seriesTable(results, rows));
  }
  parts.push('## Elements from which on it beats the plain loop', crossoverTable(results));
  parts.push('## One call, awaited before the next one', shortTable(results));
  parts.push('## Targets', targetTable(results));
  return parts.filter(Boolean).join('\n\n');
}

function head({ date, machine, versions, threads, repetitions, maxBytes, load }) {
  const loads = (list) => list.map((value) => value.toFixed(2)).join(' ');
  return [
    `Date: ${date}`,
    ...describeMachine(machine),
    `Threads: ${threads}; rounds: ${repetitions}; up to ${bytes(maxBytes)}`,
    `Load average (1, 5, 15 minutes): ${loads(load.before)} before, ${loads(load.after)} after`,
    `Versions: ${Object.entries(versions)
      .map(([name, version]) => `${name} ${version}`)
      .join(', ')}`,
  ];
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

function targetTable({ targets }) {
  const rows = targets.map(({ work, what, target, measured, unit, reached }) => [
    work,
    what,
    `${target}${unit}`,
    `${short(measured)}${unit}`,
    reached ? 'reached' : 'not reached',
  ]);
  return table(['work', 'of', 'target', 'measured', ''], rows);
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

function quickWarning({ quick }) {
  return quick ? '**A smoke run: these numbers mean nothing.**' : '';
}

function isLargest(row, series) {
  return series.findLast((other) => nameOf(other) === nameOf(row)) === row;
}

function nameOf({ element, data }) {
  return `${element}, ${data}`;
}

function list(lines) {
  return lines.map((line) => `- ${line}`).join('\n');
}

module.exports = { report, tables };
