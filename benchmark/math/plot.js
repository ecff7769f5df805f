'use strict';

// A line for each function, a dot for allcores and one for the loop.

const { SECONDS, dotChart } = require('../common/plot');
const { columns, machines } = require('../common/report');

function plot(records) {
  const [{ results }] = records;
  const { plot: text, functions } = results;
  const points = functions.flatMap(({ name: line, title: label }) =>
    columns(records).flatMap(({ name, title, set, results: { functions: others } }) => {
      const found = others.find((other) => other.name === line);
      if (found === undefined) return [];
      const x = found[name].median * 1e-9;
      return [{ line: label, name, set, title, x, to: x }];
    }),
  );
  return dotChart({
    title: [text, machines(records), 'one thread; medians; further left is faster'],
    points,
    x: { title: 'time for each call', labels: SECONDS },
    width: 540,
    lineHeight: 36,
  });
}

module.exports = { plot };
