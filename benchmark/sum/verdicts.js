'use strict';

// What follows from the numbers: from which length on each contender beats the plain loop, and which targets are reached.

const { bytes } = require('../common/format');
const { median, speedRatio } = require('../common/statistics');

/**
 * The shortest length from which on the median is better than the plain loop's, up to the longest measured:
 * { Float64: { allcores: 16384, … } }, null for never.
 */
function crossovers({ series, contenders }) {
  const found = {};
  for (const element of new Set(series.map((row) => row.element))) {
    const rows = series.filter((row) => row.element === element && row.data === 'uniform');
    found[element] = {};
    for (const { name } of contenders) {
      const mine = rows.filter((row) => row.contenders[name]);
      // One length alone is no length "from which on".
      if (name === 'loop' || mine.length < 2) continue;
      const beaten = ({ contenders: all }) => all[name].speed.median > all.loop.speed.median;
      const last = mine.findLastIndex((row) => !beaten(row));
      found[element][name] = mine[last + 1]?.length ?? null;
    }
  }
  return found;
}

function targets(results) {
  const { series, threads, short } = results;
  const largest = (element, data = 'uniform') =>
    series.findLast((row) => row.element === element && row.data === data);
  const found = [];
  const add = (row, full, what, target, measure, unit = '') => {
    if (row === undefined) return;
    const measured = measure(row);
    if (measured === undefined) return;
    const note =
      full !== undefined && row.bytes !== full ? ` (at ${bytes(row.bytes)}, not ${bytes(full)})` : '';
    found.push({
      work: `${describe(row)}${note}`,
      what,
      target,
      measured,
      unit,
      reached: measured >= target,
    });
  };
  const against =
    (rival, name = 'allcores') =>
    (row) =>
      row.contenders[rival] && row.contenders[name]
        ? speedRatio(row.contenders[name].seconds, row.contenders[rival].seconds)
        : undefined;

  for (const data of ['uniform', 'Gaussian']) {
    add(largest('Float64', data), 2 ** 30, 'roofline', 0.9, against('roofline'));
    add(largest('Float64', data), 2 ** 30, `${threads} warm worker threads`, 1.3, against('workers'));
  }
  const inCache = series.find((row) => row.element === 'Float64' && row.inCache);
  add(inCache, undefined, 'roofline', 0.45, against('roofline'));
  add(
    inCache,
    undefined,
    'roofline, with 8 calls in flight',
    0.45,
    against('roofline', 'allcores-in-flight'),
  );
  const perCore = (row) =>
    median(row.contenders.allcores.seconds.map((time) => row.bytes / time / 1e9)) / threads;
  add(largest('Float64', 'any exponent'), 2 ** 30, 'GB/s per thread', 3, perCore, ' GB/s');
  add(largest('Int32'), 2 ** 30, 'roofline', 0.9, against('roofline'));
  add(largest('Uint8'), 2 ** 28, 'roofline', 0.8, against('roofline'));
  add(largest('BigInt64'), 2 ** 30, 'roofline', 0.8, against('roofline'));
  found.push({
    work: `a view of ${short.length} elements, awaited in sequence`,
    what: 'time of `await sumRange(10)`, at most',
    target: 1.2,
    measured: short.ratio,
    unit: '',
    reached: short.ratio <= 1.2,
  });
  return found;
}

function describe({ element, data, bytes: size, inCache }) {
  const of = element.startsWith('Float') ? `, ${data}` : '';
  return `${element}${of}, ${bytes(size)}${inCache ? ' (1 MiB per thread)' : ''}`;
}

module.exports = { crossovers, describe, targets };
