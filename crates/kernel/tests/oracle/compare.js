// Compares our parser with acorn, and acorn with oxc, node by node, on the snapshots, on random functions and on damaged ones.
//
//   node compare.js [--seed N] [--count N] [--show N]
//
// The rules: what acorn reads we read alike, or refuse; what acorn does not read we do not accept.

const { parseArgs } = require('node:util');
const { acornDump, oxcDump } = require('./estree.js');
const { generator, random, damage } = require('./generate.js');
const ours = require('./ours.js');
const { readSnapshots, readCases } = require('./snapshots.js');

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    count: { type: 'string', default: '20000' },
    show: { type: 'string', default: '5' },
  },
});
const [seed, count, show] = [values.seed, values.count, values.show].map(Number);

const snapshots = readSnapshots().map(({ source }) => source);
const make = generator(seed);
const next = random(seed + 1);
const generated = Array.from({ length: count }, make);
const readable = [...snapshots, ...generated.filter((source) => acornDump(source) !== undefined)];
const damaged = Array.from({ length: count }, () => damage(readable[next(readable.length)], next));

let failed = 0;
// The oracles agree with each other where nothing is random.
for (const source of [...snapshots, ...readCases()]) {
  if (acornDump(source) === oxcDump(source)) continue;
  failed++;
  console.log(`acorn and oxc differ: ${JSON.stringify(source)}`);
}
for (const [name, sources] of Object.entries({ snapshots, cases: readCases(), generated, damaged })) {
  const tally = {};
  const answers = ours(sources);
  for (const [k, source] of sources.entries()) {
    const verdict = judge(acornDump(source), answers[k]);
    tally[verdict] = (tally[verdict] ?? 0) + 1;
    if (!/^(same|both)/.test(verdict) && failed++ < show) {
      console.log(`\n${name} ${k}: ${verdict}\n${JSON.stringify(source)}`);
      if (verdict === 'differs') difference(acornDump(source), answers[k].text);
      else console.log(`we: ${answers[k].status} ${answers[k].status === 'error' ? answers[k].text : ''}`);
    }
  }
  console.log(name, sources.length, tally);
}
process.exitCode = failed > 0 ? 1 : 0;

function judge(theirs, { status, text }) {
  if (theirs === undefined) return status === 'tree' ? 'acorn refuses, we accept' : 'both refuse';
  if (status === 'error') return 'acorn reads, we do not';
  return theirs === text ? (status === 'tree' ? 'same' : 'same, and refused') : 'differs';
}

function difference(theirs, text) {
  const [a, b] = [theirs.split('\n'), text.split('\n')];
  const k = a.findIndex((line, i) => line !== b[i]);
  console.log(`acorn: ${a.slice(k, k + 3).join(' | ')}\nwe:    ${b.slice(k, k + 3).join(' | ')}`);
}
