'use strict';

// The headline of each measure that is a time: a dot for each contender's median, a line from there to its p99.

const { AXIS, COLOR, COLORS, FONT, render, title } = require('../common/plot');

const WIDTH = 540;
/** Pixels of a line of the plot. */
const LINE = 52;

function plot(results) {
  return render(specification(results), results.plot);
}

function specification(results) {
  const { machine, threads, contenders, measures } = results;
  const shown = contenders.filter(({ name }) => COLUMNS.includes(name));
  const points = measures.flatMap(({ headline, rows }) =>
    headline.flatMap(({ what, text }) =>
      shown.flatMap(({ name, title: contender }) => {
        const row = rows.find((one) => one.what === what && one.contender === name);
        if (row === undefined || row.unit !== 's') return [];
        // A p99 of fewer than a hundred is the max.
        return [{ text, name, contender, p50: row.p50, p99: row.count >= 100 ? row.p99 : row.max }];
      }),
    ),
  );
  const lines = [...new Set(points.map(({ text }) => text))];
  const values = points.flatMap(({ p50, p99 }) => [p50, p99]);
  const low = 10 ** Math.floor(Math.log10(Math.min(...values)));
  const high = 10 ** Math.ceil(Math.log10(Math.max(...values)));
  const y = { scale: 'line', field: 'text', offset: { scale: 'within', field: 'contender', band: 0.5 } };
  const color = { scale: 'color', field: 'contender' };
  return {
    $schema: 'https://vega.github.io/schema/vega/v6.json',
    width: WIDTH,
    height: LINE * lines.length,
    padding: 8,
    autosize: 'pad',
    title: title(results.plot, [
      `${machine.cpu}, ${threads} threads`,
      'dots: medians; lines: to the p99 (of less than 100 samples: to the longest)',
    ]),
    data: [{ name: 'points', values: points }],
    scales: [
      { name: 'x', type: 'log', base: 10, domain: [low, high], range: 'width' },
      { name: 'line', type: 'band', domain: lines, range: 'height', padding: 0.3 },
      {
        name: 'within',
        type: 'band',
        domain: shown.map(({ title: contender }) => contender),
        range: [0, { signal: "bandwidth('line')" }],
      },
      {
        name: 'color',
        type: 'ordinal',
        domain: shown.map(({ title: contender }) => contender),
        range: shown.map(({ name }) => COLORS[name]),
      },
    ],
    legends: [
      {
        fill: 'color',
        orient: 'top',
        direction: 'horizontal',
        symbolType: 'circle',
        labelColor: COLOR,
        labelFont: FONT,
        labelFontSize: 12,
      },
    ],
    axes: [
      {
        ...AXIS,
        orient: 'bottom',
        scale: 'x',
        title: 'time',
        values: decades(low, high),
        encode: { labels: { update: { text: { signal: UNIT_TEXT } } } },
      },
      { ...AXIS, orient: 'left', scale: 'line', grid: false, ticks: false, labelLimit: 300 },
    ],
    marks: [
      {
        type: 'rule',
        from: { data: 'points' },
        encode: {
          enter: {
            x: { scale: 'x', field: 'p50' },
            x2: { scale: 'x', field: 'p99' },
            y,
            stroke: color,
            strokeWidth: { value: 2 },
            strokeOpacity: { value: 0.45 },
          },
        },
      },
      {
        type: 'symbol',
        from: { data: 'points' },
        encode: {
          enter: {
            x: { scale: 'x', field: 'p50' },
            y,
            size: { signal: "datum.name === 'allcores' ? 90 : 50" },
            fill: color,
          },
        },
      },
    ],
  };
}

/** Those with a pool of their own in every measure. */
const COLUMNS = ['allcores', 'workers', 'piscina', 'tinypool', 'workerpool'];

/** A Vega expression: 0.001 -> '1 ms' */
const UNIT_TEXT =
  "datum.value < 1e-6 ? format(datum.value * 1e9, '~r') + ' ns' : datum.value < 1e-3 ? format(datum.value * 1e6, '~r') + ' µs' : " +
  "datum.value < 1 ? format(datum.value * 1e3, '~r') + ' ms' : format(datum.value, '~r') + ' s'";

function decades(low, high) {
  const found = [];
  for (let power = Math.round(Math.log10(low)); power <= Math.log10(high) + 0.5; power++) {
    found.push(Number(`1e${power}`));
  }
  return found;
}

module.exports = { plot };
