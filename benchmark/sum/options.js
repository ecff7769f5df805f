'use strict';

// The command line of `run.js sum`.

const { parseArgs } = require('node:util');
const { IDS } = require('../common/elements');
const { COMMON, common, names, size } = require('../common/options');

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
    options: { ...COMMON, 'max-bytes': { type: 'string' }, elements: { type: 'string' } },
  });
  const { quick } = values;
  return {
    ...common(values),
    elements: names('--elements', values.elements, IDS),
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

module.exports = { HELP, readOptions };
