'use strict';

// The speed of summing a Float64Array over its length.

const { binary, lineChart } = require('../common/plot');
const { columns, machines } = require('../common/report');

function plot(records) {
  const [{ results }] = records;
  const { plot: text, threads, repetitions } = results;
  const rowsOf = ({ series }) =>
    series.filter(({ element, data }) => element === 'Float64' && data === 'uniform');
  const points = columns(records, ({ name }) => name !== 'allcores-in-flight').flatMap((column) =>
    rowsOf(column.results)
      .filter((row) => row.contenders[column.name])
      .map((row) => {
        const { name, title, set } = column;
        const { median, q1, q3 } = row.contenders[name].speed;
        return { name, title, set, x: row.length, y: median, low: q1, high: q3 };
      }),
  );
  const lengths = rowsOf(results).map(({ length }) => length);
  const longest = Math.max(...lengths);
  const isLabeled = (length) => Number.isInteger(Math.log2(length) / 2) && length <= longest / 4;
  return lineChart({
    title: [
      text,
      `${machines(records)}, ${threads} threads; median of ${repetitions} rounds, shaded: the middle half`,
    ],
    points,
    x: {
      title: 'length of the Float64Array (elements, and bytes below)',
      values: lengths.filter((length) => length === longest || isLabeled(length)),
      labels: `[${binary('datum.value')}, ${binary('8 * datum.value', 'B')}]`,
    },
    y: { title: 'speed (GB/s)' },
    size: [620, 360],
  });
}

module.exports = { plot };
