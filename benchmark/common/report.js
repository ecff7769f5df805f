'use strict';

// What the reports of the benchmarks have in common.

const { short, table } = require('./format');
const { describe } = require('./machine');

/** What was measured, when, on what: lines. `details` says how many rounds of what. */
function head({ date, machine, versions, load }, details) {
  const loads = (list) => list.map((value) => value.toFixed(2)).join(' ');
  return [
    `Date: ${date}`,
    ...describe(machine),
    details,
    `Load average (1, 5, 15 minutes): ${loads(load.before)} before, ${loads(load.after)} after`,
    `Versions: ${Object.entries(versions)
      .map(([name, version]) => `${name} ${version}`)
      .join(', ')}`,
  ];
}

/** Who took part, and who did not: lines. */
function participants({ contenders, absent }) {
  return [
    ...contenders.map(({ title, why }) => `**${title}**: ${why}`),
    ...absent.map(({ title, why }) => `${title} did not take part: ${why}`),
  ];
}

/** '2030-01-01: CPU, 8 threads, Node.js …, allcores ….' */
function where({ date, machine, versions, threads }) {
  const on = `${machine.cpu}${machine.virtual ? ' (virtual machine)' : ''}, ${threads} threads`;
  return `${date.slice(0, 10)}: ${on}, Node.js ${versions.node}, allcores ${versions.allcores}.`;
}

function targetTable({ targets }) {
  const rows = targets.map(({ work, what, target, measured, unit, reached }) => [
    work,
    what,
    `${target}${unit}`,
    `${short(measured)}${unit}`,
    reached ? 'reached' : 'not reached',
  ]);
  return table(['work', 'of', 'target', 'measured', ''], rows);
}

function quickWarning({ quick }) {
  return quick ? '**A smoke run: these numbers mean nothing.**' : '';
}

function list(lines) {
  return lines.map((line) => `- ${line}`).join('\n');
}

module.exports = { head, list, participants, quickWarning, targetTable, where };
