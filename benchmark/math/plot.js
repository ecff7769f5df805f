'use strict';

// A line for each function, a dot for allcores and one for the loop.

const { dotChart } = require('../common/plot');

const NANOSECONDS = "format(datum.value, '~r') + ' ns'";

function plot({ plot: text, machine, contenders, functions }) {
  const points = functions.flatMap(({ title: line, ...times }) =>
    contenders.map(({ name, title }) => {
      const x = times[name].median;
      return { line, name, title, x, to: x };
    }),
  );
  return dotChart({
    title: [text, `${machine.cpu}`, 'one thread; medians'],
    points,
    x: { title: 'time for each call', labels: NANOSECONDS },
    width: 540,
    lineHeight: 28,
  });
}

module.exports = { plot };
