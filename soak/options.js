'use strict';

// What the command line asks for.

const { parseArgs } = require('node:util');
const { BREAKAGES } = require('./breakage.js');

const USAGE = `npm run test:soak -- [--minutes N | --seconds N] [--seed N] [--patience N] [--break WHAT]

  --minutes, --seconds   how long (1 minute)
  --seed                 of everything that is random (by the clock)
  --patience             seconds without progress, or with a call pending, that are a stall (10)
  --break                makes it fail: ${Object.keys(BREAKAGES).join(', ')}`;

/** { seconds, seed, patience, broken }; throws an Error whose message is for the user. */
function readOptions(argv) {
  const { values } = parseArgs({
    args: argv,
    options: {
      minutes: { type: 'string' },
      seconds: { type: 'string' },
      seed: { type: 'string' },
      patience: { type: 'string', default: '10' },
      break: { type: 'string' },
    },
  });
  const number = (name, text) => {
    const value = Number(text);
    if (!(value > 0 && Number.isFinite(value))) throw new Error(`--${name} must be positive, not ${text}`);
    return value;
  };
  if (values.minutes && values.seconds) throw new Error('either --minutes or --seconds');
  if (values.break !== undefined && !Object.hasOwn(BREAKAGES, values.break)) {
    throw new Error(`--break must be one of ${Object.keys(BREAKAGES).join(', ')}, not ${values.break}`);
  }
  return {
    seconds: values.seconds
      ? number('seconds', values.seconds)
      : 60 * number('minutes', values.minutes ?? '1'),
    seed: values.seed === undefined ? Date.now() % 2 ** 32 : Math.trunc(number('seed', values.seed)),
    patience: number('patience', values.patience),
    broken: values.break,
  };
}

module.exports = { USAGE, readOptions };
