'use strict';

// The regions of documents that are made from records, and their plots:
//
//   <!-- benchmark:NAME --> … <!-- /benchmark:NAME -->
//
// `summary` takes the kernels that it shows: <!-- benchmark:summary: one | another -->. Nothing here needs a package: only
// `readme.js`, which draws the plots, does.

const fs = require('node:fs');
const path = require('node:path');
const { plotOf } = require('../../examples/common/plot');
const examples = require('../../examples/common/table');
const bodies = require('../bodies/report');
const { plot: plotOfBodies } = require('../bodies/plot');
const math = require('../math/report');
const { benchmarks } = require('./benchmarks');
const { fingerprint } = require('./plot');
const { newest } = require('./records');
const { SETS, others, where } = require('./report');

const root = path.join(__dirname, '..', '..');
const PLOTS = 'benchmark/plots';

/** The documents, and the regions that each of them has. */
const DOCUMENTS = {
  'README.md': ['summary'],
  'docs/benchmarks.md': [...benchmarks(), 'examples'],
  'docs/math.md': ['math-functions'],
};

/** A document with its regions as the records say, and the plots that these show: { text, plots: [{ file, label, specification }] }. */
function filled(text, document) {
  const plots = [];
  let result = text;
  for (const name of DOCUMENTS[document]) {
    const region = new RegExp(
      `(<!-- benchmark:${name}(?:: (.*?))? -->\n).*?(<!-- /benchmark:${name} -->)`,
      's',
    );
    const match = region.exec(result);
    if (match === null) throw new Error(`${document} has no region <!-- benchmark:${name} -->`);
    const [, start, rows, end] = match;
    const link = (target) => path.posix.relative(path.posix.dirname(document), target);
    const picture = (label, specification, file = `${PLOTS}/${name}.svg`) => {
      plots.push({ file, label, specification });
      return `![${label}](${link(file)})`;
    };
    const parts = content(name, { link, picture, rows: rows?.split(' | ') });
    result = result.replace(region, () => `${[start.trim(), ...parts, end].join('\n\n')}`);
  }
  return { text: result, plots };
}

function content(name, tools) {
  if (name === 'summary') return summary(tools);
  if (name === 'examples') return comparison(tools);
  if (name === 'math-functions') return functions(tools);
  const benchmark = require(path.join('..', name));
  const records = newest(name, benchmark);
  if (records.length === 0) return ['Not recorded yet.'];
  return [
    tools.picture(records[0].results.plot, benchmark.plot(records)),
    benchmark.method(records[0].results),
    sources(records, tools),
    ...benchmark.tables(records),
  ];
}

/** A few loops, for the README. */
function summary({ link, picture, rows }) {
  const records = newest('bodies', { everySet: true }).filter(({ set }) => set !== 'interpreter');
  if (records.length === 0) return ['Not recorded yet.'];
  const runs = records.map(({ set, results, name }) => {
    const { machine, threads, versions } = results;
    const on = `${machine.cpu}${machine.virtual ? ' (virtual machine)' : ''}, ${threads} threads, Node.js ${versions.node}`;
    const label = `${SETS[set] ?? name}, ${results.date.slice(0, 10)}`;
    return { on, link: `[${label}](${link(`benchmark/records/${name}/report.md`)})` };
  });
  const machines = [...new Set(runs.map(({ on }) => on))].map((on) => {
    const links = runs.filter((run) => run.on === on).map((run) => run.link);
    return `${on}: ${links.join(', ')}`;
  });
  return [
    picture('Loops with a body, next to the plain loop', plotOfBodies(records, rows)),
    'How many times as fast as the JavaScript loop on one thread, of which the time for each index is given; all others on all threads, ' +
      `medians. The best of a row is in bold. Errors in units in the last place of the exact sum. ${machines.join('; ')}.`,
    bodies.summaryTable(records, rows),
  ];
}

/** The functions of `Math` by name. */
function functions(tools) {
  const records = newest('math', { everySet: true });
  if (records.length === 0) return ['Not recorded yet.'];
  return [math.method(records[0].results), sources(records, tools), math.mathTable(records)];
}

/** The examples, with allcores and with worker threads. */
function comparison({ link, picture }) {
  const record = examples.newest();
  if (record === undefined) return ['Not recorded yet.'];
  const { name, results } = record;
  const folder = `examples/records/${name}`;
  return [
    picture('Time of the examples', plotOf(results)),
    examples.tableOf(results),
    `All numbers: [${name}](${link(`${folder}/results.json`)}).`,
  ];
}

/** When and where each record was made, what took part, and all of its numbers. */
function sources(records, { link }) {
  const lines = records.map(({ name, set, results }) => {
    const folder = link(`benchmark/records/${name}`);
    const rest = others(results);
    const versions = rest === '' ? '' : ` With ${rest}.`;
    const title = set === undefined ? '' : `${SETS[set] ?? set}, `;
    return `- ${title}${where(results)}${versions} [All numbers](${folder}/report.md), [every round](${folder}/results.json)`;
  });
  const note = records.length > 1 ? '\n\nThe columns of others are from the run that is named first.' : '';
  return lines.join('\n') + note;
}

/** What differs between the documents in this checkout and the records, for people. */
function problems() {
  const found = [];
  for (const document of Object.keys(DOCUMENTS)) {
    const before = fs.readFileSync(path.join(root, document), 'utf8');
    const { text, plots } = filled(before, document);
    if (text !== before) found.push(document);
    for (const { file, specification } of plots) {
      const isThere = fs.existsSync(path.join(root, file));
      const svg = isThere ? fs.readFileSync(path.join(root, file), 'utf8') : '';
      if (!svg.includes(`data-specification="${fingerprint(specification)}"`)) found.push(file);
    }
  }
  const { README } = examples;
  const text = fs.readFileSync(README, 'utf8');
  if (examples.filled(text) !== text) found.push('examples/README.md');
  return found.map((file) => `${file} is not what the newest records say: run node benchmark/readme.js`);
}

module.exports = { DOCUMENTS, PLOTS, filled, problems };
