'use strict';

// The speed of summing a Float64Array over its length.

const { COLORS, binary, lineChart } = require('../common/plot');

function plot({ plot: text, machine, threads, repetitions, series, contenders }) {
  const rows = series.filter(({ element, data }) => element === 'Float64' && data === 'uniform');
  const shown = contenders.filter(({ name }) => Object.hasOwn(COLORS, name));
  const points = shown.flatMap(({ name, title }) =>
    rows
      .filter((row) => row.contenders[name])
      .map((row) => {
        const { median, q1, q3 } = row.contenders[name].speed;
        return { name, title, x: row.length, y: median, low: q1, high: q3 };
      }),
  );
  const lengths = rows.map(({ length }) => length);
  const longest = Math.max(...lengths);
  const isLabeled = (length) => Number.isInteger(Math.log2(length) / 2) && length <= longest / 4;
  return lineChart({
    title: [
      text,
      `${machine.cpu}, ${threads} threads; median of ${repetitions} rounds, shaded: the middle half`,
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
