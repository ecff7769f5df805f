'use strict';

// What the command lines of the benchmarks have in common.

/** Of `parseArgs`. */
const COMMON = {
  quick: { type: 'boolean', default: false },
  threads: { type: 'string' },
  repetitions: { type: 'string' },
  record: { type: 'boolean', default: false },
  name: { type: 'string' },
  'no-build': { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
};

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

module.exports = { COMMON, common, expected, names, size };
