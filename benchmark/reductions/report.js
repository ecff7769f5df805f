'use strict';

// The results for people, in Markdown: `tables` for the documents, `sections` for the report.

const { bytes, short, table } = require('../common/format');
const { targetTable, where } = require('../common/report');

function tables(results) {
  return [
    `${where(results)} GB/s of arrays of ${bytes(results.bytes)}: the median of ${results.repetitions} rounds ± half the width of the ` +
      'middle half. In parentheses: as a multiple of allcores.',
    speedTable(results, ({ isCached }) => !isCached),
    `The same of ${bytes(results.cached)}, which the caches hold:`,
    speedTable(results, ({ isCached }) => isCached),
    'Error of what is rounded, in units in the last place of the exact value rounded once:',
    errorTable(results),
  ];
}

function sections(results) {
  return [
    '## Speed',
    speedTable(results, () => true),
    '## Error',
    errorTable(results),
    '## Targets',
    targetTable(results),
  ];
}

function details({ threads, repetitions, bytes: length, cached }) {
  return `Threads: ${threads}; rounds: ${repetitions}; arrays of ${bytes(length)}, and of ${bytes(cached)} in the caches`;
}

function speedTable(results, isShown) {
  return contenderTable(results, results.workloads.filter(isShown), ({ speed, ratio }) => {
    return `${short(speed.median)} ± ${short((speed.q3 - speed.q1) / 2)} (${short(ratio)})`;
  });
}

function errorTable(results) {
  const rounded = results.workloads.filter(({ entries }) => entries.allcores.error !== undefined);
  return contenderTable(results, rounded, ({ error }) => (error === 0 ? '0' : short(error)));
}

/** A column for each contender that is shown and has any of the numbers. */
function contenderTable({ contenders }, workloads, print) {
  const shown = contenders.filter(
    ({ name, isHidden }) => !isHidden && workloads.some(({ entries }) => entries[name] !== undefined),
  );
  const lines = workloads.map(({ title, entries }) => [
    title,
    ...shown.map(({ name }) => (entries[name] === undefined ? '-' : print(entries[name]))),
  ]);
  return table(['', ...shown.map(({ title }) => title)], lines);
}

module.exports = { details, sections, tables };
