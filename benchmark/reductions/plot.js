'use strict';

// The speed of each reduction: a dot for each contender.

const { SPEED, dotChart } = require('../common/plot');
const { columns, machines } = require('../common/report');

function plot(records) {
  const [{ results }] = records;
  const { plot: text, threads, workloads } = results;
  const points = workloads
    .filter(({ isCached }) => !isCached)
    .flatMap(({ title: line }) =>
      columns(records, ({ isHidden }) => !isHidden).flatMap(
        ({ name, title, set, results: { workloads: others } }) => {
          const entry = others.find((other) => other.title === line)?.entries[name];
          if (entry === undefined) return [];
          const x = entry.speed.median;
          return [{ line, name, set, title, x, to: x }];
        },
      ),
    );
  return dotChart({
    title: [text, machines(records), `${threads} threads; medians; further right is faster`],
    points,
    x: { title: 'speed', labels: SPEED },
    width: 540,
    lineHeight: 64,
  });
}

module.exports = { plot };
