'use strict';

// The command line of `run.js latency`.

const { parseArgs } = require('node:util');
const { COMMON, common, names, size } = require('../common/options');

const HELP = `node benchmark/run.js latency [options]

  --quick              a smoke run of some seconds: few rounds, little memory; its numbers mean nothing
  --threads <n>        threads for everyone (default: one for each CPU of this process)
  --max-bytes <n>      the memory of a long sum, for instance 1Gi or 256Mi (default: 1Gi); each contender has its own
  --repetitions <n>    rounds (default: 21; half as many where a turn takes a second)
  --measures <list>    only these, of NAMES
  --record             write benchmark/records/<date>-latency-<CPU>/
  --name <slug>        the name of the record, instead of that of the CPU
  --no-build           take the addon as it is
  --help`;

/** `known` are the names of the measures. */
function readOptions(args, known) {
  const { values } = parseArgs({
    args,
    options: { ...COMMON, 'max-bytes': { type: 'string' }, measures: { type: 'string' } },
  });
  const { quick } = values;
  const rounds = size('--repetitions', values.repetitions ?? (quick ? '2' : '21'), 1, 10_000);
  return {
    ...common(values),
    measures: names('--measures', values.measures, known) ?? known,
    bytes: size('--max-bytes', values['max-bytes'] ?? (quick ? '64Mi' : '1Gi'), 2 ** 20, 2 ** 36) & -4096,
    rounds,
    coldRounds: quick ? 1 : rounds,
    /** Where a turn takes a second or more. */
    longRounds: quick ? 1 : Math.ceil(rounds / 2),
    /** Of such a turn. */
    seconds: quick ? 0.1 : 1,
    /** Short calls in a turn. */
    calls: quick ? 200 : 2000,
    inFlight: quick ? [10, 1000] : [10, 100, 1000, 10_000],
    flightCalls: quick ? 1000 : 10_000,
    /** Pools whose memory is compared. */
    sizes: quick ? [1, 3] : [1, 2, 4, 8, 16],
    idleRounds: quick ? 1 : 5,
    growthCalls: quick ? 20_000 : 1_000_000,
    growthRounds: quick ? 1 : 3,
  };
}

module.exports = { HELP, readOptions };
