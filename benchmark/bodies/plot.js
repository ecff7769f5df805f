'use strict';

// How many times as fast as the JavaScript loop: a dot for each contender on all threads, a rule from there to one thread.

const { TIMES, dotChart } = require('../common/plot');
const { columns, machines } = require('../common/report');

const TITLE = 'Loops with a body, next to the plain loop';

/** `only` has the titles of the kernels that are shown, as the README does; else all are, of all contenders. */
function plot(records, only) {
  const machineCode = records.filter(({ set }) => set !== 'interpreter');
  const shownRecords = machineCode.length > 0 ? machineCode : records;
  const [{ results }] = shownRecords;
  const { threads, workloads } = results;
  const shown = workloads.filter(({ title }) => only === undefined || only.includes(title));
  const list = columns(
    shownRecords,
    ({ name }) => name !== 'loop' && (only === undefined || name !== 'piscina'),
  );
  const points = shown.flatMap(({ title: line }) =>
    list.flatMap(({ name, title, set, results: { workloads: others } }) => {
      const entries = others.find((other) => other.title === line)?.entries ?? {};
      if (!entries[name]) return [];
      const x = entries[name].ratio;
      return [{ line, name, set, title, x, to: entries[`${name}-1`]?.ratio ?? x }];
    }),
  );
  return dotChart({
    title: [
      TITLE,
      machines(shownRecords),
      `dots: ${threads} threads; lines: to one thread; medians; further right is faster`,
    ],
    points,
    x: { title: 'times as fast as the JavaScript loop on one thread', labels: TIMES, reference: 1 },
    width: 560,
    lineHeight: only === undefined ? 56 : 58,
  });
}

module.exports = { plot };
