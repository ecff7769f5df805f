'use strict';

// The results for people, in Markdown: `tables` for the documents, `sections` for the report.

const { short, table } = require('../common/format');
const { targetTable, where } = require('../common/report');

function tables(results) {
  return [
    `${where(results)} Nanoseconds for each call in a sum over ${results.count} random arguments, on one thread: the median of ` +
      `${results.repetitions} rounds ± half the width of the middle half. The ratio is the median of those of each round. The error is ` +
      `the largest of ${results.exact} arguments, in units in the last place of the true value.`,
    functionTable(results, spread),
  ];
}

/** With every number. */
function sections(results) {
  return ['## Functions', functionTable(results, range), '## Targets', targetTable(results)];
}

function details({ isa, repetitions, count }) {
  return `Rounds: ${repetitions}; arguments: ${count}; instruction set of bodies: ${isa}`;
}

function functionTable({ functions }, print) {
  const lines = functions.map(({ title, allcores, loop, ratio, error }) => [
    title,
    print(allcores),
    print(loop),
    `${short(ratio)} ×`,
    error === undefined ? '-' : error.toFixed(2),
  ]);
  return table(['', 'allcores', 'JavaScript loop', 'ratio', 'error'], lines);
}

const spread = ({ median, q1, q3 }) => `${short(median)} ± ${short((q3 - q1) / 2)}`;

const range = ({ median, min, max }) => `${short(median)} (${short(min)} to ${short(max)})`;

module.exports = { details, sections, tables };
