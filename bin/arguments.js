'use strict';

// The command line of `allcores`.

const { parseArgs } = require('node:util');

const HELP = `Usage: allcores [command] [options]

  allcores                        what is loaded here: the binary, threads and why so many, instruction set, what runs
                                  bodies, the functions of Math, versions
  allcores bench                  a self-test and a benchmark of ten seconds: results are compared with those of plain
                                  loops, bit for bit, and times with theirs. --self-test is the same
  allcores explain FILE#NAME      what becomes of a loop body: of the function that the module FILE exports as NAME.
                                  The module is yours, and is run: it is imported

  --json                          for programs, and for reports of bugs
  --seconds S                     of bench: how long it takes, about
  --data FILE                     of explain: what the body gets as its last parameter: a JSON file, or FILE#NAME for
                                  what a module exports. In JSON "Float64Array(1000)" is an array on shared memory, and
                                  "#name" a function that the module of the body exports
  --dimensions N                  of explain: how many indices the body is called with, 1, 2 or 3
  --view TYPE                     of explain: the body is called with elements of such an array: Float64Array
  --portable                      of explain: as with { math: 'portable' }
  --help, --version

Exit codes: 0; 1 if something is wrong: no binary, a result that differs, a body that is refused; 2 if the command line is,
or a file that it names.`;

const OPTIONS = {
  json: { type: 'boolean' },
  seconds: { type: 'string' },
  data: { type: 'string' },
  dimensions: { type: 'string' },
  view: { type: 'string' },
  portable: { type: 'boolean' },
  'self-test': { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
  version: { type: 'boolean', short: 'v' },
};

/** Which options belong to which command. */
const ALLOWED = {
  info: ['json'],
  bench: ['json', 'seconds', 'self-test'],
  explain: ['json', 'data', 'dimensions', 'view', 'portable'],
};

/** What is wrong with the command line, or with what it names. */
class UsageError extends Error {}

/** The command, its options with their defaults, and `body` of explain: FILE#NAME. */
function parse(args) {
  const { values, positionals } = read(args);
  if (values.help) return { command: 'help' };
  if (values.version) return { command: 'version' };
  const [command = values['self-test'] ? 'bench' : 'info', ...rest] = positionals;
  if (!Object.hasOwn(ALLOWED, command)) {
    throw new UsageError(
      `there is no command "${command}". There are bench and explain; see allcores --help`,
    );
  }
  const foreign = Object.keys(values).find((name) => !ALLOWED[command].includes(name));
  if (foreign) {
    const owner = Object.keys(ALLOWED).find((name) => ALLOWED[name].includes(foreign));
    throw new UsageError(`--${foreign} is an option of ${owner}`);
  }
  const [body, ...more] = rest;
  if (command === 'explain' && body === undefined) {
    throw new UsageError('which body? allcores explain FILE#NAME, as in bodies.mjs#area');
  }
  if (values.view !== undefined && values.dimensions !== undefined) {
    throw new UsageError(
      'a body is called with the elements of --view or with the indices of --dimensions: only one of them',
    );
  }
  const surplus = command === 'explain' ? more : rest;
  if (surplus.length > 0) throw new UsageError(`there is an argument too many: "${surplus[0]}"`);
  return {
    command,
    body,
    json: values.json === true,
    portable: values.portable === true,
    data: values.data,
    view: values.view,
    seconds: number(
      'seconds',
      values.seconds ?? '10',
      (value) => value > 0 && value <= 3600,
      'above 0, up to 3600',
    ),
    dimensions: number(
      'dimensions',
      values.dimensions ?? '1',
      (value) => [1, 2, 3].includes(value),
      '1, 2 or 3',
    ),
  };
}

function read(args) {
  try {
    return parseArgs({ args, options: OPTIONS, allowPositionals: true });
  } catch (error) {
    throw new UsageError(error.message);
  }
}

function number(name, text, isRight, expected) {
  const value = text.trim() === '' ? Number.NaN : Number(text);
  if (!isRight(value)) throw new UsageError(`--${name} must be a number, ${expected}. Received "${text}"`);
  return value;
}

module.exports = { HELP, UsageError, parse };
