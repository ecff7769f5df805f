'use strict';

// Numbers and tables for people.

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

module.exports = { binary, bytes, short, table, time };
