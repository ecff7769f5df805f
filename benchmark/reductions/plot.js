'use strict';

// The speed of each reduction: a dot for each contender.

const { dotChart } = require('../common/plot');

const SPEED = "format(datum.value, '~r') + ' GB/s'";

function plot({ plot: text, machine, threads, contenders, workloads }) {
  const inMemory = workloads.filter(({ isCached }) => !isCached);
  const points = inMemory.flatMap(({ title: line, entries }) =>
    contenders
      .filter(({ name, isHidden }) => entries[name] && !isHidden)
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
