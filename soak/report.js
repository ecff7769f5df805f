'use strict';

// The table at the end of a soak, and what is wrong.

const { CODES } = require('./board.js');

const mib = (bytes) => (bytes / 2 ** 20).toFixed(1);

/** What a code is called in the head of the table. */
const short = (code) => code.replace('ERR_', '').replace('INVALID_', '').toLowerCase();

function table(rows) {
  const head = ['', 'calls', 'resolved', 'aborted', ...CODES.map(short), 'wrong', 'p50 ms', 'p99 ms'];
  const total = { name: 'all', latencies: [Number.NaN, Number.NaN] };
  for (const row of rows) {
    for (const [key, value] of Object.entries(row)) {
      if (typeof value === 'number') total[key] = (total[key] ?? 0) + value;
    }
  }
  const lines = [...rows, total].map((row) => [
    row.name,
    ...[row.calls, row.resolved, row.aborted, ...CODES.map((code) => row[code]), row.wrong].map(String),
    ...row.latencies.map((ms) => (Number.isNaN(ms) ? '-' : ms.toPrecision(3))),
  ]);
  const widths = head.map((title, i) => Math.max(title.length, ...lines.map((line) => line[i].length)));
  const text = (line) =>
    line.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]) : cell.padStart(widths[i]))).join('  ');
  return [head, ...lines].map(text).join('\n');
}

/** `results`: { rows, population, memory, left, stalls, problems, seconds, seed }. */
function report({ rows, population, memory, left, stalls, seconds, seed }) {
  const ended = Object.entries(population.ended).map(([end, count]) => `${count} ${end}`);
  return [
    table(rows),
    '',
    `seed ${seed}, ${seconds.toFixed(1)} s, Node ${process.version}`,
    `workers: ${population.born} born; ended by ${ended.join(', ')}; ${population.lost} calls went with them`,
    memory === undefined
      ? 'memory: too short a run to tell'
      : `memory: ${mib(memory.start)} MiB at first, ${mib(memory.steady)} after a third, ${mib(memory.end)} in the end; ` +
        `${memory.slope.toFixed(2)} ± ${memory.error.toFixed(2)} bytes per call`,
    `left behind: ${left.join('; ') || 'nothing'}`,
    `stalls: ${stalls}`,
  ].join('\n');
}

module.exports = { mib, report };
