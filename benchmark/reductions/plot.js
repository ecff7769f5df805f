'use strict';

// The speed of each reduction: a dot for each contender.

const { dotChart } = require('../common/plot');

const SPEED = "format(datum.value, '~r') + ' GB/s'";

function plot({ plot: text, machine, threads, contenders, workloads }) {
  const points = workloads.flatMap(({ title: line, entries }) =>
    contenders
      .filter(({ name }) => entries[name])
      .map(({ name, title }) => {
        const x = entries[name].speed.median;
        return { line, name, title, x, to: x };
      }),
  );
  return dotChart({
    title: [text, `${machine.cpu}`, `${threads} threads; medians`],
    points,
    x: { title: 'speed', labels: SPEED },
    width: 540,
    lineHeight: 60,
  });
}

module.exports = { plot };
