'use strict';

// A line for each length of chunks and number of workers: the time of one process, and that of the workers.

const { SECONDS, dotChart } = require('../common/plot');

function plot([{ results }]) {
  const { plot: text, machine, contenders, overhead } = results;
  const points = overhead.flatMap(({ workers, chunk, ...times }) =>
    contenders.map(({ name, title }) => {
      const x = times[name].median;
      return { line: `${workers} workers, chunks of ${chunk} s`, name, title, x, to: x };
    }),
  );
  return dotChart({
    title: [text, `${machine.cpu}`, 'all workers on this machine; medians'],
    points,
    x: { title: 'time of the sum', labels: SECONDS },
    width: 540,
    lineHeight: 28,
  });
}

module.exports = { plot };
