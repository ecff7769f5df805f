'use strict';

// The results for people, in Markdown: `tables` for the documents, `sections` for the report.

const { short, table, time } = require('../common/format');
const { targetTable, where } = require('../common/report');

/** What the README shows: a line for each kernel. */
function tables(results) {
  const onOne = ({ name }) => `${name}-1`;
  return [
    `${where(results)} Nanoseconds for each index on all threads: the median of ${results.repetitions} rounds ± half the width of ` +
      'the middle half. In parentheses: how many times as fast as the JavaScript loop, the median of the ratios of each round.',
    workloadTable(results, ({ name }) => name, speed),
    'The same on one thread:',
    workloadTable(results, onOne, speed),
    'Error of sums, in units in the last place of the exact sum rounded once; of what is written, the elements that differ from those ' +
      'that JavaScript writes:',
    workloadTable(results, ({ name }) => name, errorText),
    `What it costs that a body is new, in calls over ${results.first.count} indices:`,
    firstTable(results),
  ];
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
function workloadTable({ workloads, contenders }, keyOf, print) {
  const lines = workloads.map(({ title, entries }) => [
    title,
    ...contenders.map((contender) => {
      const entry = entries[keyOf(contender)] ?? entries[contender.name];
      return entry ? print(entry) : '-';
    }),
  ]);
  return table(['', ...contenders.map(({ title }) => title)], lines);
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

function speed({ ns, ratio }) {
  return `${short(ns.median)} ± ${short((ns.q3 - ns.q1) / 2)} (${short(ratio)})`;
}

/** 0 is a sum that is correctly rounded, or elements with all bits of JavaScript's. */
function errorText({ error, differing }) {
  if (differing !== undefined) return differing === 0 ? '0' : `${differing} elements`;
  if (error === 0) return '0';
  return error < 1e4 ? String(Number(error.toPrecision(3))) : error.toExponential(1).replace('e+', 'e');
}

module.exports = { details, sections, tables };
