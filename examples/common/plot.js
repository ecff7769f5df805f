'use strict';

// The times of a comparison: a line for each example, a dot for each form of it, a rule from there to the whole process.

const { SECONDS, dotChart } = require('../../benchmark/common/plot.js');
const { median } = require('../../benchmark/common/statistics.js');

const FORMS = { 'main.js': ['allcores', 'allcores'], 'before.js': ['workers', 'worker_threads'] };

function plotOf({ machine, threads, examples }) {
  const points = examples.flatMap(({ title: line, forms }) =>
    forms.map(({ form, run, total }) => {
      const [name, title] = FORMS[form];
      return { line, name, title, x: median(run), to: median(total) };
    }),
  );
  return dotChart({
    title: [
      'Time of the examples',
      `${machine.cpu}, ${threads} threads`,
      'dots: the work; lines: to the whole process; medians; further left is faster',
    ],
    points,
    x: { title: 'time', labels: SECONDS },
    width: 540,
    lineHeight: 34,
  });
}

module.exports = { plotOf };
