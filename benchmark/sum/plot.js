'use strict';

// The speed of summing a Float64Array over its length.

const { AXIS, COLORS, TEXT, render, title } = require('../common/plot');

const WIDTH = 620;
const HEIGHT = 360;
/** Pixels between two labels. */
const LABEL = 15;

function plot(results) {
  return render(specification(results), results.plot);
}

function specification(results) {
  const { machine, threads, repetitions } = results;
  const rows = results.series.filter(({ element, data }) => element === 'Float64' && data === 'uniform');
  const shown = results.contenders.filter(({ name }) => Object.hasOwn(COLORS, name));
  const points = shown.flatMap(({ name, title }) =>
    rows
      .filter((row) => row.contenders[name])
      .map((row) => {
        const { median, q1, q3 } = row.contenders[name].speed;
        return {
          name: title,
          color: COLORS[name],
          dashed: name === 'roofline',
          length: row.length,
          median,
          q1,
          q3,
        };
      }),
  );
  const lengths = rows.map(({ length }) => length);
  const longest = Math.max(...lengths);
  const speeds = points.map(({ median }) => median);
  const low = 10 ** Math.floor(Math.log10(Math.min(...speeds)));
  const high = Math.max(...speeds) * 1.3;
  return {
    $schema: 'https://vega.github.io/schema/vega/v6.json',
    width: WIDTH,
    height: HEIGHT,
    padding: 8,
    autosize: 'pad',
    title: title(
      results.plot,
      `${machine.cpu}, ${threads} threads; median of ${repetitions} rounds, shaded: the middle half`,
    ),
    data: [
      { name: 'points', values: points },
      { name: 'labels', values: labels(points, [low, high]) },
    ],
    scales: [
      {
        name: 'x',
        type: 'log',
        base: 2,
        domain: [Math.min(...lengths), Math.max(...lengths)],
        range: 'width',
      },
      { name: 'y', type: 'log', base: 10, domain: [low, high], range: 'height' },
    ],
    axes: [
      {
        ...AXIS,
        orient: 'bottom',
        scale: 'x',
        title: 'length of the Float64Array (elements, and bytes below)',
        values: lengths.filter(
          (length) =>
            length === longest || (Number.isInteger(Math.log2(length) / 2) && length <= longest / 4),
        ),
        encode: {
          labels: {
            update: { text: { signal: `[${tickText('datum.value')}, ${tickText('8 * datum.value', 'B')}]` } },
          },
        },
      },
      {
        ...AXIS,
        orient: 'left',
        scale: 'y',
        title: 'speed (GB/s)',
        format: '~g',
        values: decades(low, high),
      },
    ],
    marks: [
      {
        type: 'group',
        from: { facet: { name: 'line', data: 'points', groupby: 'name' } },
        marks: [
          {
            type: 'area',
            from: { data: 'line' },
            encode: {
              enter: {
                x: { scale: 'x', field: 'length' },
                y: { scale: 'y', field: 'q1' },
                y2: { scale: 'y', field: 'q3' },
                fill: { field: 'color' },
                fillOpacity: { value: 0.18 },
              },
            },
          },
          {
            type: 'line',
            from: { data: 'line' },
            encode: {
              enter: {
                x: { scale: 'x', field: 'length' },
                y: { scale: 'y', field: 'median' },
                stroke: { field: 'color' },
                strokeWidth: { signal: "datum.name === 'allcores' ? 3 : 2" },
                strokeDash: { signal: 'datum.dashed ? [6, 4] : [1, 0]' },
              },
            },
          },
          {
            type: 'symbol',
            from: { data: 'line' },
            encode: {
              enter: {
                x: { scale: 'x', field: 'length' },
                y: { scale: 'y', field: 'median' },
                size: { value: 18 },
                fill: { field: 'color' },
              },
            },
          },
        ],
      },
      {
        type: 'text',
        from: { data: 'labels' },
        encode: {
          enter: {
            ...TEXT,
            x: { scale: 'x', field: 'length', offset: 8 },
            y: { field: 'y' },
            baseline: { value: 'middle' },
            fill: { field: 'color' },
            fontWeight: { signal: "datum.name === 'allcores' ? 'bold' : 'normal'" },
            text: { field: 'name' },
          },
        },
      },
    ],
  };
}

/** Each line's name at the right of its end; names that would touch are pushed apart. */
function labels(points, [low, high]) {
  const most = Math.max(...points.map(({ length }) => length));
  const ends = points.filter((point, index) => points[index + 1]?.name !== point.name);
  const y = (speed) => HEIGHT * (1 - Math.log(speed / low) / Math.log(high / low));
  const placed = ends.map((end) => ({ ...end, y: y(end.median) })).sort((a, b) => a.y - b.y);
  const right = placed.filter(({ length }) => length === most);
  for (let i = 1; i < right.length; i++) right[i].y = Math.max(right[i].y, right[i - 1].y + LABEL);
  const overflow = right.length > 0 ? right.at(-1).y - HEIGHT : 0;
  if (overflow > 0) {
    for (let i = right.length - 1, limit = HEIGHT; i >= 0; i--, limit -= LABEL)
      right[i].y = Math.min(right[i].y, limit);
  }
  return placed;
}

/** 1, 2 and 5 of each power of ten. */
function decades(low, high) {
  const found = [];
  for (let power = Math.floor(Math.log10(low)); power <= Math.log10(high); power++) {
    for (const digit of [1, 2, 5]) found.push(Number(`${digit}e${power}`));
  }
  return found.filter((value) => value >= low && value <= high);
}

/** A Vega expression: 1048576 -> '1 Mi' */
function tickText(value, unit = '') {
  const part = (power, name) => `(${value}) / ${power} + ' ${name}${unit}'`;
  const gibi = part(2 ** 30, 'Gi');
  return `(${value}) < 1048576 ? ${part(1024, 'Ki')} : (${value}) < 1073741824 ? ${part(2 ** 20, 'Mi')} : ${gibi}`;
}

module.exports = { plot };
