'use strict';

// What the plots have in common: SVGs with colours that are legible on white and on black, and a background that is neither:
// they are shown in light and dark pages alike.

const COLORS = {
  allcores: '#e5484d',
  roofline: '#8b949e',
  nothing: '#8b949e',
  loop: '#2f9e5b',
  tinypool: '#2f9e5b',
  workers: '#3b82f6',
  piscina: '#a26bf0',
  'sum-precise': '#c27c0e',
  workerpool: '#c27c0e',
};
const COLOR = '#7d8590';
const FONT = 'system-ui, -apple-system, Segoe UI, Helvetica, Arial, sans-serif';

/** What every axis is. */
const AXIS = {
  labelColor: COLOR,
  titleColor: COLOR,
  domainColor: COLOR,
  tickColor: COLOR,
  gridColor: COLOR,
  gridOpacity: 0.25,
  labelFont: FONT,
  titleFont: FONT,
  labelFontSize: 12,
  titleFontSize: 13,
  titleFontWeight: 'normal',
  titlePadding: 10,
  grid: true,
};

/** What every text mark is. */
const TEXT = { fill: { value: COLOR }, font: { value: FONT }, fontSize: { value: 12 } };

function title(text, subtitle) {
  return {
    text,
    subtitle,
    anchor: 'start',
    offset: 14,
    color: COLOR,
    subtitleColor: COLOR,
    font: FONT,
    subtitleFont: FONT,
    fontSize: 15,
    subtitleFontSize: 12,
  };
}

/** A Vega specification as an SVG. `label` says what it shows. */
async function render(specification, label) {
  const vega = await import('vega');
  const view = new vega.View(vega.parse(specification), { renderer: 'none' });
  const svg = await view.toSVG();
  view.finalize();
  // A size of its own in the page, and room to shrink.
  return svg.replace('<svg ', `<svg role="img" aria-label="${label}" `);
}

module.exports = { AXIS, COLOR, COLORS, FONT, TEXT, render, title };
