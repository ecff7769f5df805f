'use strict';

// The command line of `run.js sum`.

const { parseArgs } = require('node:util');
const { IDS } = require('./elements');

const HELP = `node benchmark/run.js sum [options]

  --quick              a smoke run of some seconds: few lengths, few rounds; its numbers mean nothing
  --threads <n>        threads for everyone who has several (default: one for each CPU of this process)
  --max-bytes <n>      the largest view, for instance 1Gi or 256Mi (default: 1Gi)
  --repetitions <n>    rounds for each length (default: 21)
  --elements <list>    only these, of f64,f32,i32,u8,i64
  --record             write benchmark/records/<date>-sum-<CPU>/
  --name <slug>        the name of the record, instead of that of the CPU
  --no-build           take the addon and the roofline as they are
  --help`;

function readOptions(args) {
  const { values } = parseArgs({
    args,
    options: {
      quick: { type: 'boolean', default: false },
      threads: { type: 'string' },
      'max-bytes': { type: 'string' },
      repetitions: { type: 'string' },
      elements: { type: 'string' },
      record: { type: 'boolean', default: false },
      name: { type: 'string' },
      'no-build': { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  const { quick } = values;
  return {
    quick,
    help: values.help,
    record: values.record,
    name: values.name,
    elements: values.elements === undefined ? undefined : ids(values.elements),
    threads: values.threads === undefined ? undefined : size('--threads', values.threads, 1, 1024),
    // Whole pages, so that everyone's share consists of whole cache lines.
    maxBytes:
      4096 *
      Math.floor(
        size('--max-bytes', values['max-bytes'] ?? (quick ? '4Mi' : '1Gi'), 2 ** 16, 2 ** 36) / 4096,
      ),
    repetitions: size('--repetitions', values.repetitions ?? (quick ? '3' : '21'), 1, 10_000),
    /** How long the calls that are timed together take at the least. */
    sampleSeconds: quick ? 0.001 : 0.01,
    /** From one length to the next. */
    step: quick ? 16 : 4,
    short: quick ? { rounds: 3, calls: 100 } : { rounds: 21, calls: 2000 },
  };
}

function ids(text) {
  const list = text.split(',');
  const unknown = list.find((id) => !IDS.includes(id));
  if (unknown === undefined) return list;
  throw expected(`--elements: expected some of ${IDS.join(',')}, got "${unknown}"`);
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

/** An error whose message is enough. */
function expected(message) {
  return Object.assign(new RangeError(message), { expected: true });
}

module.exports = { HELP, readOptions };
