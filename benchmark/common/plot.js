'use strict';

// The charts of the benchmarks, by Vega-Lite, as SVGs. Their colors are legible on white and on black, and there is no
// background: light and dark pages show them alike.

const { createHash } = require('node:crypto');

const COLORS = {
  allcores: '#e5484d',
  'allcores-avx2': '#f0803c',
  'allcores-interpreter': '#b45f6b',
  'allcores-1': '#f29ba0',
  'allcores-1-avx2': '#f5b48c',
  'allcores-in-flight': '#b3261e',
  'allcores-in-flight-avx2': '#b3531e',
  alone: '#2f9e5b',
  cluster: '#e5484d',
  roofline: '#8b949e',
  nothing: '#8b949e',
  loop: '#2f9e5b',
  tinypool: '#2f9e5b',
  workers: '#3b82f6',
  piscina: '#a26bf0',
  numba: '#c27c0e',
  numpy: '#3b82f6',
  polars: '#a26bf0',
  openmp: '#8b949e',
  'sum-precise': '#c27c0e',
  workerpool: '#c27c0e',
};
/** As dark on white as it is light on black. */
const COLOR = '#757d88';
const FONT = 'system-ui, -apple-system, Segoe UI, Helvetica, Arial, sans-serif';

const CONFIG = {
  background: null,
  padding: 8,
  font: FONT,
  view: { stroke: null },
  axis: {
    labelColor: COLOR,
    titleColor: COLOR,
    domainColor: COLOR,
    tickColor: COLOR,
    gridColor: COLOR,
    gridOpacity: 0.25,
    labelFontSize: 12,
    titleFontSize: 13,
    titleFontWeight: 'normal',
    titlePadding: 10,
  },
  legend: {
    labelColor: COLOR,
    labelFontSize: 12,
    labelLimit: 0,
    layout: { top: { anchor: 'start', bounds: 'full' } },
  },
  title: {
    anchor: 'start',
    offset: 14,
    color: COLOR,
    subtitleColor: COLOR,
    fontSize: 15,
    subtitleFontSize: 12,
  },
};

const ALL_LABELS = { labelFlush: false, labelOverlap: false };

/** Expressions of Vega for the labels of an axis. */
const SECONDS =
  "datum.value < 1e-6 ? format(datum.value * 1e9, '~r') + ' ns' : datum.value < 1e-3 ? format(datum.value * 1e6, '~r') + ' µs' : " +
  "datum.value < 1 ? format(datum.value * 1e3, '~r') + ' ms' : format(datum.value, '~r') + ' s'";
const TIMES = "format(datum.value, '~r') + ' ×'";
const SPEED = "format(datum.value, '~r') + ' GB/s'";
const binary = (value, unit = '') => {
  const part = (power, name) => `(${value}) / ${power} + ' ${name}${unit}'`;
  return `(${value}) < 1048576 ? ${part(1024, 'Ki')} : (${value}) < 1073741824 ? ${part(2 ** 20, 'Mi')} : ${part(2 ** 30, 'Gi')}`;
};

/**
 * A line for each contender, with a band around it, on logarithmic axes. Points are { name, title, x, y, low, high }; `name`,
 * with the `set` of instructions of what is ours, picks the color.
 */
function lineChart({ title, points, x, y, size: [width, height] }) {
  const speeds = points.map((point) => point.y);
  const domain = [10 ** Math.floor(Math.log10(Math.min(...speeds))), Math.max(...speeds) * 1.3];
  const across = {
    field: 'x',
    type: 'quantitative',
    scale: { type: 'log', base: 2, domainMin: Math.min(...points.map((point) => point.x)), nice: false },
    axis: { title: x.title, values: x.values, labelExpr: x.labels, ...ALL_LABELS },
  };
  const up = (field) => ({
    field,
    type: 'quantitative',
    scale: { type: 'log', domain, nice: false },
    axis: { title: y.title, values: decades(domain), format: '~g' },
  });
  const color = colorOf(points);
  const isOurs = "indexof(datum.name, 'allcores') === 0";
  const ends = endLabels(points, domain, height);
  return chart({
    title,
    width,
    height,
    layer: [
      {
        data: { values: points },
        mark: { type: 'area', opacity: 0.18 },
        encoding: { x: across, y: up('low'), y2: { field: 'high' }, color },
      },
      {
        data: { values: points },
        mark: { type: 'line', point: { size: 18 } },
        encoding: {
          x: across,
          y: up('y'),
          color,
          strokeWidth: { condition: { test: isOurs, value: 3 }, value: 2 },
          strokeDash: { condition: { test: "datum.name === 'roofline'", value: [6, 4] }, value: [1, 0] },
        },
      },
      ...['bold', 'normal'].map((fontWeight) => ({
        data: { values: ends.filter(({ name }) => name.startsWith('allcores') === (fontWeight === 'bold')) },
        mark: { type: 'text', align: 'left', dx: 8, fontWeight },
        encoding: { x: across, y: up('y'), color, text: { field: 'title' } },
      })),
    ],
  });
}

/**
 * A dot for each contender on each line, and a rule to a second value. Points are { line, name, set, title, x, to }, on a
 * logarithmic axis; `x.reference` is where a dashed line stands.
 */
function dotChart({ title, points, x, width, lineHeight }) {
  const values = points.flatMap((point) => [point.x, point.to]);
  const domain = [Math.min(...values) / 1.25, Math.max(...values) * 1.25];
  const across = {
    field: 'x',
    type: 'quantitative',
    scale: { type: 'log', domain, nice: false },
    axis: { title: x.title, labelExpr: x.labels, values: ticks(domain), ...ALL_LABELS },
  };
  const titles = [...new Set(points.map((point) => point.title))];
  const legend = {
    title: null,
    orient: 'top',
    offset: 8,
    columns: titles.length <= 5 ? 5 : 4,
    columnPadding: 24,
    symbolSize: 70,
    symbolOpacity: 1,
    symbolStrokeWidth: 0,
  };
  const shared = {
    x: across,
    y: {
      field: 'line',
      type: 'nominal',
      sort: null,
      axis: { title: null, ticks: false, labelLimit: 0, labelPadding: 10, grid: true, tickBand: 'extent' },
    },
    yOffset: { field: 'title', sort: null },
    color: { ...colorOf(points), legend },
  };
  const shape = {
    field: 'title',
    type: 'nominal',
    scale: { domain: titles, range: titles.map(shapeOf(points)) },
  };
  const isOurs = "indexof(datum.name, 'allcores') === 0 || datum.name === 'cluster'";
  return chart({
    title,
    width,
    // Dots of one line do not touch.
    height: { step: Math.max(lineHeight / titles.length, 10) },
    data: { values: points },
    layer: [
      ...reference(x.reference),
      { mark: { type: 'rule', strokeWidth: 2, opacity: 0.45 }, encoding: { ...shared, x2: { field: 'to' } } },
      {
        mark: { type: 'point', filled: true, opacity: 1 },
        encoding: {
          ...shared,
          shape: { ...shape, legend },
          size: { condition: { test: isOurs, value: 85 }, value: 50 },
        },
      },
    ],
  });
}

function reference(value) {
  if (value === undefined) return [];
  const mark = { type: 'rule', strokeDash: [5, 4], strokeWidth: 1.5, color: COLOR };
  return [{ data: { values: [{ x: value }] }, mark, encoding: { x: { field: 'x', type: 'quantitative' } } }];
}

function chart({ title: [text, ...subtitle], ...specification }) {
  const $schema = 'https://vega.github.io/schema/vega-lite/v6.json';
  return { $schema, config: CONFIG, title: { text, subtitle }, ...specification };
}

function colorOf(points) {
  const colors = new Map(
    points.map(({ name, set, title }) => [title, COLORS[`${name}-${set}`] ?? COLORS[name]]),
  );
  const scale = { domain: [...colors.keys()], range: [...colors.values()] };
  return { field: 'title', type: 'nominal', scale, legend: null };
}

/** Who has no eye for colors has these. */
function shapeOf(points) {
  const names = [
    ...new Set(points.filter(({ name }) => !name.startsWith('allcores')).map(({ title }) => title)),
  ];
  return (title) => {
    const index = names.indexOf(title);
    if (index >= 0) return SHAPES[index % SHAPES.length];
    return points.find((point) => point.title === title).set === 'avx2' ? 'diamond' : 'circle';
  };
}

const SHAPES = ['square', 'triangle-up', 'triangle-down', 'cross', 'triangle-right', 'triangle-left'];

/** The last point of each line, for its label; those at the right edge are moved apart until they do not touch. */
function endLabels(points, [low, high], height) {
  const GAP = 15;
  const edge = Math.max(...points.map(({ x }) => x));
  const pixel = (y) => height * (1 - Math.log(y / low) / Math.log(high / low));
  const ends = points.filter((point, index) => points[index + 1]?.title !== point.title);
  const right = ends.filter(({ x }) => x === edge).sort((a, b) => b.y - a.y);
  const places = right.map(({ y }) => pixel(y));
  for (let i = 1; i < places.length; i++) places[i] = Math.max(places[i], places[i - 1] + GAP);
  for (let i = places.length - 1, most = height; i >= 0; i--, most = places[i + 1] - GAP) {
    places[i] = Math.min(places[i], most);
  }
  const valueAt = (place) => low * (high / low) ** (1 - place / height);
  return ends.map((end) => (right.includes(end) ? { ...end, y: valueAt(places[right.indexOf(end)]) } : end));
}

/** 1, 2 and 5 of each power of ten within the domain. */
function decades([low, high]) {
  return within(
    [low, high],
    powers([low, high]).flatMap((power) => [1, 2, 5].map((digit) => Number((digit * power).toPrecision(1)))),
  );
}

/** The powers of ten within the domain, or more where those are few. */
function ticks(domain) {
  const list = within(domain, powers(domain));
  return list.length > 2 ? list : decades(domain);
}

function within([low, high], values) {
  return values.filter((value) => value >= low && value <= high);
}

/** The powers of ten around the values. */
function powers(values) {
  const from = Math.floor(Math.log10(Math.min(...values)));
  const to = Math.ceil(Math.log10(Math.max(...values)));
  return Array.from({ length: to - from + 1 }, (_, index) => Number(`1e${from + index}`));
}

/** What tells whether an SVG shows a specification: so that it takes no Vega to see it. */
function fingerprint(specification) {
  return createHash('sha256').update(JSON.stringify(specification)).digest('hex').slice(0, 16);
}

/** A specification as an SVG. `label` says what it shows. */
async function render(specification, label) {
  const [vega, { compile }] = await Promise.all([import('vega'), import('vega-lite')]);
  // Without a canvas Vega takes letters for wider than those of any font are.
  vega.textMetrics.width = (item, text) => 0.58 * item.fontSize * String(text).length;
  const view = new vega.View(vega.parse(compile(specification).spec), { renderer: 'none' });
  const svg = await view.toSVG();
  view.finalize();
  const attributes = `role="img" aria-label="${label}" data-specification="${fingerprint(specification)}"`;
  return svg.replace('<svg ', `<svg ${attributes} `);
}

module.exports = { COLORS, SECONDS, SPEED, TIMES, binary, dotChart, fingerprint, lineChart, render };
