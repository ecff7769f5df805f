'use strict';

// The settings of a program: its defaults, and what the command line says instead, such as `--width 640`.

const { parseArgs } = require('node:util');

/**
 * Numbers stay numbers, integers stay integers, and texts stay texts. `bounds` has the least and the greatest that a number may be; an
 * integer is at least 1. Anything else ends the process with a message.
 */
function settings(defaults, bounds = {}, args = process.argv.slice(2)) {
  const texts = Object.keys(defaults).map((name) => [name, { type: 'string' }]);
  const options = { ...Object.fromEntries(texts), help: { type: 'boolean' } };
  const wanted = { ...defaults };
  const names = Object.entries(defaults).map(([name, value]) => `  --${name} (${value})`);
  const usage = `Options, and what they are by default:\n${names.join('\n')}\n`;
  try {
    const { help, ...given } = parseArgs({ args, options }).values;
    if (help) {
      process.stdout.write(usage);
      process.exit(0);
    }
    for (const [name, text] of Object.entries(given)) {
      wanted[name] = typeof defaults[name] === 'number' ? number(name, text, defaults, bounds) : text;
    }
  } catch (error) {
    process.stderr.write(`${error.message}\n\n${usage}`);
    process.exit(1);
  }
  return wanted;
}

function number(name, text, { [name]: usual }, { [name]: bounds }) {
  const isInteger = Number.isInteger(usual);
  const [least, most] = bounds ?? (isInteger ? [1] : []);
  const value = text.trim() === '' ? Number.NaN : Number(text);
  const isRight = isInteger ? Number.isSafeInteger(value) : Number.isFinite(value);
  if (isRight && !(value < least) && !(value > most)) return value;
  const range =
    most === undefined ? (least === undefined ? '' : ` from ${least} on`) : ` from ${least} to ${most}`;
  throw new RangeError(
    `--${name} must be ${isInteger ? 'an integer' : 'a number'}${range}. Received "${text}"`,
  );
}

module.exports = { settings };
