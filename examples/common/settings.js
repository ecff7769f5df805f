'use strict';

// The settings of a program: its defaults, and what the command line says instead, such as `--width 640`.

const { parseArgs } = require('node:util');

/**
 * Numbers stay numbers, integers that are at least 1, or what `least` says, and texts stay texts. Anything else ends the process with
 * a message.
 */
function settings(defaults, least = {}, args = process.argv.slice(2)) {
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
      wanted[name] = typeof defaults[name] === 'number' ? number(name, text, defaults, least) : text;
    }
  } catch (error) {
    process.stderr.write(`${error.message}\n\n${usage}`);
    process.exit(1);
  }
  return wanted;
}

function number(name, text, defaults, { [name]: least = 1 }) {
  const value = text.trim() === '' ? Number.NaN : Number(text);
  if (Number.isInteger(defaults[name])) {
    if (Number.isSafeInteger(value) && value >= least) return value;
    throw new RangeError(`--${name} must be an integer from ${least} on. Received "${text}"`);
  }
  if (Number.isFinite(value)) return value;
  throw new RangeError(`--${name} must be a number. Received "${text}"`);
}

module.exports = { settings };
