#!/usr/bin/env node
'use strict';

// The command `allcores`. It is a program that uses the package as any other does: what it tells is what programs get here.

const { HELP, UsageError, parse } = require('./arguments.js');
const { loadPackage } = require('./loaded.js');

/** All is well; something is not: no binary, a wrong result, a body that is refused; the command line is wrong. */
const [WELL, ILL, MISUSED] = [0, 1, 2];

const COMMANDS = {
  info: () => require('./info.js').info,
  bench: () => require('./bench.js').bench,
  explain: () => require('./explain.js').explain,
};

let hasEnded = false;

// A module of the user's may end the process while it is imported, or wait for something that never comes.
process.on('exit', () => {
  if (hasEnded) return;
  process.stderr.write('allcores: the process has ended before the module was imported\n');
  process.exitCode = MISUSED;
});

main(process.argv.slice(2)).then(end, (error) => {
  const isMisused = error instanceof UsageError;
  process.stderr.write(`allcores: ${error.code || isMisused ? error.message : error.stack}\n`);
  end(isMisused ? MISUSED : ILL);
});

async function main(args) {
  const { command, ...options } = parse(args);
  if (command === 'help') return print(HELP);
  if (command === 'version') return print(require('../package.json').version);
  const run = COMMANDS[command]();
  const loaded = loadPackage();
  // `info` tells of a package that does not load; the others can do nothing without it.
  if (loaded.error && command !== 'info') throw loaded.error;
  const { report, text, isWell } = await run(loaded, options);
  print(options.json ? JSON.stringify(report, undefined, 2) : text);
  return isWell ? WELL : ILL;
}

function print(text) {
  process.stdout.write(`${text.trimEnd()}\n`);
  return WELL;
}

/** What a module of the user's has started must not keep the command alive, and what was printed must not be lost. */
function end(code) {
  hasEnded = true;
  process.exitCode = code;
  process.stdout.write('', () => process.stderr.write('', () => process.exit(code)));
}
