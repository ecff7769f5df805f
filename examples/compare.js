'use strict';

// Times the examples that are there in two forms, with allcores and with worker threads, next to each other.
//
//   node examples/compare.js [name …] [--rounds 9] [--quick] [--record]
//
//   --quick     small settings and one round: does it work? The numbers mean nothing
//   --record    also writes examples/records/<date>-<CPU>/, and puts the table into examples/README.md
//
// Each run is a process of its own. The two forms take turns, each round begins with the other one, and their results are compared. Run it
// on a machine that does nothing else.

const os = require('node:os');
const path = require('node:path');
const { parseArgs } = require('node:util');
const { runFresh } = require('../benchmark/common/fresh.js');
const { describe, machine } = require('../benchmark/common/machine.js');
const { slug, write } = require('../benchmark/common/records.js');
const { inTurns } = require('../benchmark/common/turns.js');
const { versions } = require('../benchmark/common/versions.js');
const { difference } = require('./common/alike.js');
const { GALLERY } = require('./common/gallery.js');
const { fillReadme, tableOf } = require('./common/table.js');

const RECORDS = path.join(__dirname, 'records');
const FORMS = ['main.js', 'before.js'];

main(process.argv.slice(2)).catch((error) => {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
});

async function main(args) {
  const { names, rounds, quick, record } = wanted(args);
  const { threads } = require('..');
  // Both forms read it, so that they have as many threads.
  process.env.ALLCORES_THREADS = `${threads}`;
  const results = {
    date: new Date().toISOString(),
    machine: machine(),
    versions: versions([]),
    threads,
    quick,
    rounds,
    load: { before: os.loadavg(), after: undefined },
    examples: [],
  };
  process.stderr.write(`${describe(results.machine).join('\n')}\n`);
  for (const name of names) {
    process.stderr.write(`${name}\n`);
    results.examples.push(await compare(name, { rounds, quick }));
  }
  results.load.after = os.loadavg();
  const table = tableOf(results);
  process.stdout.write(`${table}\n`);
  if (!record) return;
  const files = { 'results.json': results, 'table.md': table };
  const folder = write(slug(results.machine.cpu), files, RECORDS);
  fillReadme();
  process.stdout.write(`\nRecorded in ${path.relative(process.cwd(), folder)}\n`);
}

function wanted(args) {
  const options = {
    rounds: { type: 'string', default: '9' },
    quick: { type: 'boolean', default: false },
    record: { type: 'boolean', default: false },
  };
  const { values, positionals } = parseArgs({ args, options, allowPositionals: true });
  const { quick, record } = values;
  const rounds = quick ? 1 : Number(values.rounds);
  if (!Number.isInteger(rounds) || rounds < 1) throw new Error('--rounds must be an integer from 1 on');
  const unknown = positionals.find((name) => !Object.hasOwn(GALLERY, name));
  if (unknown !== undefined) {
    throw new Error(`There is no example "${unknown}". There are: ${Object.keys(GALLERY).join(', ')}`);
  }
  if (record && (quick || positionals.length > 0))
    throw new Error('A record is of all examples, and not quick');
  return { names: positionals.length > 0 ? positionals : Object.keys(GALLERY), rounds, quick, record };
}

/** Runs both forms; seconds of all rounds but the first, which warms up the caches of the system. */
async function compare(name, { rounds, quick }) {
  const { title, small, near } = GALLERY[name];
  const settings = { ...require(`./${name}/main.js`).DEFAULTS, ...(quick ? small : {}) };
  const forms = FORMS.map((form) => ({ form, total: [], run: [] }));
  let expected;
  await inTurns(forms, rounds, async ({ form, total, run }, round) => {
    const file = path.join(__dirname, name, form);
    const { began, ended, answer } = await runFresh(path.join(__dirname, 'common', 'timed.js'), {
      file,
      settings,
    });
    expected ??= answer.result;
    const found = difference(expected, answer.result, near);
    if (found) throw new Error(`${file} has another result: ${found}`);
    if (round === 0) return;
    total.push(ended - began);
    run.push(answer.seconds);
  });
  return { name, title, settings, forms };
}
