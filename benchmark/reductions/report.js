'use strict';

// The results for people, in Markdown: `tables` for the documents, `sections` for the report.

const { bytes, short, table } = require('../common/format');
const { targetTable, where } = require('../common/report');

function tables(results) {
  return [
    `${where(results)} GB/s of arrays of ${bytes(results.bytes)}: the median of ${results.repetitions} rounds ± half the width of the ` +
      'middle half. In parentheses: as a multiple of allcores.',
    speedTable(results),
  ];
}

function sections(results) {
  return ['## Speed', speedTable(results), '## Targets', targetTable(results)];
}

function details({ threads, repetitions, bytes: length }) {
  return `Threads: ${threads}; rounds: ${repetitions}; arrays of ${bytes(length)}`;
}

function speedTable({ workloads, contenders }) {
  const lines = workloads.map(({ title, entries }) => [
    title,
    ...contenders.map(({ name }) => {
      if (entries[name] === undefined) return '-';
      const { speed, ratio } = entries[name];
      return `${short(speed.median)} ± ${short((speed.q3 - speed.q1) / 2)} (${short(ratio)})`;
    }),
  ]);
  return table(['', ...contenders.map(({ title }) => title)], lines);
}

module.exports = { details, sections, tables };
