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

/** The versions of who else took part: 'piscina 5.3.2, Numba 0.68.1, gcc 12.2.0'. */
function others({ versions, contenders }) {
  const { allcores, node, v8, rustc, ...packages } = versions;
  const told = contenders.flatMap(({ why }) => [
    ...why.matchAll(
      /\b(?<name>Numba|numpy|polars|Python) (?<version>\d[\w.]*)|\b(?<gcc>gcc) \(.*?\) (?<release>\d[\d.]*)/g,
    ),
  ]);
  const list = [
    ...Object.entries(packages),
    ...told.map(({ groups }) => [groups.name ?? groups.gcc, groups.version ?? groups.release]),
  ].map(([name, version]) => `${name} ${version}`);
  return [...new Set(list)].join(', ');
}

const SETS = {
  avx512: 'AVX-512',
  avx2: 'AVX2',
  neon: 'NEON',
  portable: 'no vectors',
  interpreter: 'interpreter',
};

/** 'allcores, AVX2' */
function titleIn(set, title) {
  return set === undefined ? title : `${title}, ${SETS[set] ?? set}`;
}

/**
 * The columns of a table of several records, the newest of them first: those of allcores from each, the others from the newest.
 * [{ name, title, set, results }]
 */
function columns(records, isShown = () => true) {
  const [{ results }] = records;
  const order = Object.keys(SETS).reverse();
  const sets = [...records].sort((a, b) => order.indexOf(a.set) - order.indexOf(b.set));
  return results.contenders.filter(isShown).flatMap(({ name, title }) =>
    isOurs(name)
      ? sets.map((record) => ({
          name,
          title: titleIn(record.set, title),
          set: record.set,
          results: record.results,
        }))
      : [{ name, title, set: undefined, results }],
  );
}

/** Their processors: one, as a rule. */
function machines(records) {
  return [...new Set(records.map(({ results }) => results.machine.cpu))].join(', ');
}

function isOurs(name) {
  return name.startsWith('allcores');
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

module.exports = {
  SETS,
  columns,
  head,
  isOurs,
  list,
  machines,
  others,
  participants,
  quickWarning,
  targetTable,
  titleIn,
  where,
};
