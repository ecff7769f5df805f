'use strict';

// The time for each index: a dot for each contender on all threads, a rule from there to one thread.

const { dotChart } = require('../common/plot');

const NANOSECONDS = "format(datum.value, '~r') + ' ns'";

function plot({ plot: text, machine, threads, contenders, workloads }) {
  const points = workloads.flatMap(({ title: line, entries }) =>
    contenders
      .filter(({ name }) => entries[name])
      .map(({ name, title }) => {
        const x = entries[name].ns.median;
        return { line, name, title, x, to: entries[`${name}-1`]?.ns.median ?? x };
      }),
  );
  return dotChart({
    title: [text, `${machine.cpu}`, `dots: ${threads} threads; lines: to one thread; medians`],
    points,
    x: { title: 'time for each index', labels: NANOSECONDS },
    width: 540,
    lineHeight: 60,
  });
}

module.exports = { plot };
