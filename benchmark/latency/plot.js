'use strict';

// The headline of each measure that is a time: a dot for each contender's median, a rule from there to its p99.

const { SECONDS, dotChart } = require('../common/plot');
const { COLUMNS } = require('./report');

function plot([{ results }]) {
  const { plot: text, machine, threads, contenders, measures } = results;
  const shown = contenders.filter(({ name }) => COLUMNS.includes(name));
  const points = measures.flatMap(({ headline, rows }) =>
    headline.flatMap(({ what, text: line }) =>
      shown.flatMap(({ name, title }) => {
        const row = rows.find((one) => one.what === what && one.contender === name);
        if (row === undefined || row.unit !== 's') return [];
        // A p99 of fewer than a hundred is the max.
        return [{ line, name, title, x: row.p50, to: row.count >= 100 ? row.p99 : row.max }];
      }),
    ),
  );
  return dotChart({
    title: [
      text,
      `${machine.cpu}, ${threads} threads`,
      'dots: medians; lines: to the p99 (of less than 100 samples: to the longest); further left is better',
    ],
    points,
    x: { title: 'time', labels: SECONDS },
    width: 540,
    lineHeight: 52,
  });
}

module.exports = { plot };
