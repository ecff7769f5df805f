'use strict';

// The command lines of the benchmarks.

const { parseArgs } = require('node:util');

/** As `parseArgs` takes them, with their lines of --help. */
const COMMON = {
  quick: { type: 'boolean', default: false, help: 'a smoke run of some seconds; its numbers mean nothing' },
  threads: {
    type: 'string',
    argument: '<n>',
    help: 'threads for each contender (default: one for each CPU)',
  },
  repetitions: { type: 'string', argument: '<n>', help: 'rounds (default: 21)' },
  record: { type: 'boolean', default: false, help: 'write benchmark/records/<date>-<benchmark>-<CPU>/' },
  name: { type: 'string', argument: '<slug>', help: 'the name of the record, instead of that of the CPU' },
  'no-build': { type: 'boolean', default: false, help: 'take the addon and the programs as they are' },
  help: { type: 'boolean', default: false, help: 'print this' },
};

function parse(args, options) {
  try {
    return parseArgs({ args, options }).values;
  } catch (error) {
    throw expected(error.message);
  }
}

/** The text of --help. */
function help(name, summary, options) {
  const names = Object.entries(options).map(([option, { argument = '' }]) => `--${option} ${argument}`);
  const width = Math.max(...names.map(({ length }) => length));
  const lines = Object.values(options).map(
    (option, index) => `  ${names[index].padEnd(width)}  ${option.help}`,
  );
  return [`node benchmark/run.js ${name} [options]`, '', summary, '', ...lines].join('\n');
}

/** The options that a benchmark takes as they are. */
function common({ quick, help, record, name, threads }) {
  return {
    quick,
    help,
    record,
    name,
    threads: threads === undefined ? undefined : size('--threads', threads, 1, 1024),
  };
}

/** '64Mi' -> 2 ** 26 */
function size(option, text, least, most) {
  const [, digits, unit] = /^(\d+)(Ki|Mi|Gi)?$/.exec(text) ?? [];
  const value = Number(digits) * 1024 ** ([undefined, 'Ki', 'Mi', 'Gi'].indexOf(unit) || 0);
  if (!(value >= least && value <= most)) {
    throw expected(`${option}: expected a number from ${least} to ${most}, got "${text}"`);
  }
  return value;
}

/** 'a,b' -> ['a', 'b'], of the names that there are; undefined for undefined. */
function names(option, text, known) {
  if (text === undefined) return undefined;
  const list = text.split(',');
  const unknown = list.find((name) => !known.includes(name));
  if (unknown === undefined) return list;
  throw expected(`${option}: expected some of ${known.join(',')}, got "${unknown}"`);
}

/** An error whose message is enough. */
function expected(message) {
  return Object.assign(new RangeError(message), { expected: true });
}

module.exports = { COMMON, common, expected, help, names, parse, size };
