'use strict';

// The results for people, in Markdown: `tables` for the documents, `sections` for the report.

const { ranked, short, spread, table, times } = require('../common/format');
const { columns, isOurs, targetTable, titleIn } = require('../common/report');

function method({ count, repetitions, exact }) {
  return (
    `Nanoseconds for each call in a sum over ${count} random arguments, on one thread: the median of ${repetitions} rounds, ± half the width of ` +
    'their middle half where that is more than a tenth. In parentheses how many times as fast as the JavaScript loop of the same run: ' +
    `the median of the ratios of each round. The error is the largest of ${exact} arguments, in units in the last place of the true value.`
  );
}

function tables(records) {
  return [comparison(records, () => true)];
}

/** The functions of `Math`, as docs/math.md has them: by name. */
function mathTable(records) {
  return comparison(
    records,
    ({ error }) => error !== undefined,
    (a, b) => (a.name < b.name ? -1 : 1),
  );
}

function comparison(records, isShown, order = () => 0) {
  const [{ results }] = records;
  const sets = columns(records, ({ name }) => isOurs(name));
  const lines = [...results.functions]
    .filter(isShown)
    .sort(order)
    .map(({ name, title, loop, error }) => {
      const cells = sets.map((column) => {
        const found = column.results.functions.find((one) => one.name === name);
        if (found === undefined) return { text: '-' };
        return {
          text: `${spread(found.allcores)} (${times(found.ratio)})`,
          rank: 1 / found.allcores.median,
        };
      });
      const cell = { text: spread(loop), rank: 1 / loop.median };
      const label = title.includes(' ') && !title.includes('(') ? title : `\`${title}\``;
      return [...ranked(label, [...cells, cell]), error === undefined ? '-' : error.toFixed(2)];
    });
  const titles = sets.map(({ set }) => titleIn(set, 'allcores'));
  return table(['', ...titles, 'JavaScript loop', 'error'], lines);
}

/** With every number. */
function sections(results) {
  return ['## Functions', functionTable(results), '## Targets', targetTable(results)];
}

function details({ isa, repetitions, count }) {
  return `Rounds: ${repetitions}; arguments: ${count}; instruction set of bodies: ${isa}`;
}

function functionTable({ functions }) {
  const lines = functions.map(({ title, allcores, loop, ratio, error }) => [
    title,
    range(allcores),
    range(loop),
    `${short(ratio)} ×`,
    error === undefined ? '-' : error.toFixed(2),
  ]);
  return table(['', 'allcores', 'JavaScript loop', 'ratio', 'error'], lines);
}

const range = ({ median, min, max }) => `${short(median)} (${short(min)} to ${short(max)})`;

module.exports = { details, mathTable, method, sections, tables };
