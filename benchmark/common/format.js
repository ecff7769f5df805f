'use strict';

// Numbers and tables for people.

/** Between a number and its unit. */
const NO_BREAK = '\u00a0';
const UNITS = ['', 'Ki', 'Mi', 'Gi', 'Ti'];

/** 1024 -> '1 Ki', 3 * 2 ** 19 -> '1.5 Mi' */
function binary(value) {
  let unit = 0;
  while (value >= 1024 && unit < UNITS.length - 1) {
    value /= 1024;
    unit++;
  }
  return `${Number(value.toFixed(1))} ${UNITS[unit]}`;
}

/** 1024 -> '1 KiB' */
function bytes(value) {
  return `${binary(value)}B`;
}

/** Three digits that count. */
function short(value) {
  if (value >= 100) return value.toFixed(0);
  if (value >= 10) return value.toFixed(1);
  if (value >= 0.1) return value.toFixed(2);
  return value.toPrecision(2);
}

/** Seconds: 0.0000123 -> '12.3 µs' */
function time(seconds) {
  if (seconds < 1e-6) return `${short(seconds * 1e9)} ns`;
  if (seconds < 1e-3) return `${short(seconds * 1e6)} µs`;
  if (seconds < 1) return `${short(seconds * 1e3)} ms`;
  return `${short(seconds)} s`;
}

/** 3.1 -> '3.10 ×' */
function times(ratio) {
  return `${short(ratio)}${NO_BREAK}×`;
}

/** The median, and half the width of the middle half where that is more than a tenth of it. */
function spread({ median, q1, q3 }, unit = '') {
  const half = (q3 - q1) / 2;
  return `${short(median)}${half > median / 10 ? `${NO_BREAK}±${NO_BREAK}${short(half)}` : ''}${unit && NO_BREAK}${unit}`;
}

/**
 * A line of a table. Cells are { text, rank }; the best ones are in bold: those of the highest rank, in the digits that are printed. What
 * has no rank takes no part.
 */
function ranked(title, cells) {
  const digits = (rank) => Number(rank.toPrecision(3));
  const best = Math.max(...cells.filter(({ rank }) => rank !== undefined).map(({ rank }) => digits(rank)));
  const isBest = ({ rank }) => rank !== undefined && digits(rank) === best;
  return [title, ...cells.map((cell) => (isBest(cell) ? `**${cell.text}**` : cell.text))];
}

/** A Markdown table whose columns also line up as plain text. The first column is left-aligned, the others right. */
function table(head, rows) {
  const cells = [head, ...rows].map((row) => row.map(String));
  const widths = head.map((_, column) => Math.max(3, ...cells.map((row) => row[column].length)));
  const pad = (text, column) => (column === 0 ? text.padEnd(widths[column]) : text.padStart(widths[column]));
  const line = (row) => `| ${row.map(pad).join(' | ')} |`;
  const rule = widths.map((width, column) =>
    column === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`,
  );
  return [line(cells[0]), line(rule), ...cells.slice(1).map(line)].join('\n');
}

module.exports = { binary, bytes, ranked, short, spread, table, time, times };
