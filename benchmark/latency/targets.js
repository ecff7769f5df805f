'use strict';

// What the project set itself, as lines of the report: { work, what, target, measured, unit, reached }. None for a row that
// was not measured.

const { short } = require('../common/format');

const SCALES = { ns: 1e9, µs: 1e6, ms: 1e3, MB: 1e-6, B: 1 };

function rowOf(rows, what, contender) {
  return rows.find((row) => row.what === what && row.contender === contender);
}

/** A quantile of a row, at the most. */
function atMost(row, quantile, most, unit) {
  if (row === undefined) return undefined;
  const measured = row[quantile] * SCALES[unit];
  return line(row, quantile, `<= ${most}`, measured, ` ${unit}`, measured <= most);
}

/** How many times as much as allcores a rival takes, at the least. */
function timesAtLeast(row, rival, least) {
  if (row?.ratio === undefined) return undefined;
  return line(row, `${rival} / allcores`, `>= ${least}`, row.ratio, '', row.ratio >= least);
}

/**
 * That a rival does not take less than allcores. Two that are alike are above each other in every other run: it is missed
 * when the whole middle half of the ratios is below 1.
 */
function notAbove(row, rival) {
  if (row?.ratio === undefined) return undefined;
  const [low, high] = row.ratioMiddle;
  const what = `${rival} / allcores (middle half ${short(low)} to ${short(high)})`;
  return line(row, what, '>= 1', row.ratio, '', high >= 1);
}

function line({ what: work }, what, target, measured, unit, reached) {
  return { work, what, target, measured, unit, reached };
}

module.exports = { atMost, notAbove, rowOf, timesAtLeast };
