'use strict';

// What all benchmarks share: the command line, the facts of the run, the report, the record. A benchmark is the exports of
// <folder>/index.js:
//
//   title                 what the plot shows
//   summary               one sentence for --help
//   options               its own options: { name: { type, argument, help } }, as `parseArgs` takes them
//   packages              npm packages whose versions are reported
//   programs              Rust programs that it drives: folders beside its own
//   read(values)          its settings, from the parsed options; `repetitions` is among them
//   measure(results, settings)    runs everything, and fills in `results`: `contenders`, `absent`, `targets`, its own
//   details(results)      one line: how many rounds of what
//   sections(results)     the parts of the report
//   everySet              documents show a record for each set of instructions
//   method(results)       one line: what the tables have, and how it was measured
//   tables(records)       the parts of the tables, of one record or of several side by side, the newest first: [{ set, results }]
//   plot(records)         a Vega-Lite specification

const os = require('node:os');
const path = require('node:path');
const { describe, machine } = require('./machine');
const { COMMON, common, help, parse } = require('./options');
const { setOf, slug, write } = require('./records');
const { head, list, participants, quickWarning, where } = require('./report');

async function run(name, benchmark, args) {
  const options = { ...benchmark.options, ...COMMON };
  const values = parse(args, options);
  if (values.help) {
    process.stdout.write(`${help(name, benchmark.summary, options)}\n`);
    return;
  }
  const settings = { ...common(values), ...benchmark.read(values) };
  const results = await collect(name, benchmark, settings);
  process.stdout.write(`${report(benchmark, results)}\n`);
  if (!settings.record) return;
  const record = write(`${name}-${settings.name ?? slug(results.machine.cpu)}`, {
    'results.json': results,
    ...(await documents(benchmark, results)),
  });
  process.stdout.write(`\nRecorded in ${path.relative(process.cwd(), record)}\n`);
}

async function collect(name, benchmark, settings) {
  // Read by the first load of allcores, here and in every process that is started.
  if (settings.threads !== undefined) process.env.ALLCORES_THREADS = String(settings.threads);
  const { explain, threads } = require('../../index.js');
  const { versions } = require('./versions');
  const results = {
    benchmark: name,
    plot: benchmark.title,
    date: new Date().toISOString(),
    machine: machine(),
    versions: versions(benchmark.packages),
    threads,
    ...instructions(explain),
    quick: settings.quick,
    repetitions: settings.repetitions,
    load: { before: os.loadavg(), after: undefined },
    contenders: [],
    absent: [],
    targets: [],
  };
  say(describe(results.machine).join('\n'));
  await benchmark.measure(results, settings);
  results.load.after = os.loadavg();
  return results;
}

/** What runs bodies, and with which instructions. */
function instructions(explain) {
  const { engine, isa } = explain((x) => x);
  return { engine, isa };
}

/** What a record shows, from its results. */
async function documents(benchmark, results) {
  const { render } = require('./plot');
  const records = [{ set: setOf(results, ''), results }];
  const text = `${where(results)} ${benchmark.method(results)}`;
  return {
    'table.md': join(quickWarning(results), text, ...benchmark.tables(records)),
    'report.md': report(benchmark, results),
    'plot.svg': await render(benchmark.plot(records), results.plot),
  };
}

function report(benchmark, results) {
  return join(
    `# ${results.benchmark}, ${results.date.slice(0, 10)}`,
    quickWarning(results),
    list(head(results, benchmark.details(results))),
    '## Contenders',
    list(participants(results)),
    ...benchmark.sections(results),
  );
}

function join(...parts) {
  return parts.filter(Boolean).join('\n\n');
}

/** Progress, for people. */
function say(text) {
  process.stderr.write(`${text}\n`);
}

module.exports = { documents, run, say };
