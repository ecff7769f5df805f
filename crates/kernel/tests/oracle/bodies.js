// Runs every body of ../data/bodies.cjs in this JavaScript engine and in an interpreter of the crate, and compares the bits:
//
//   cargo build --release -p allcores-kernel --example run
//   node crates/kernel/tests/oracle/bodies.js [scalar|block] [part of a name]
//
// The example's functions of Math are the portable ones, with the bits of V8 on x64: there every body that is not refused must be
// equal (under Node 20 and 22, whose `pow` they have). Elsewhere some are `close`: they differ in the last bits.

const bodies = require('../data/bodies.cjs');
const { Engine, entry, number } = require('./engine.js');

const [interpreter = 'scalar', part = ''] = process.argv.slice(2);
const engine = new Engine();

/** 0 for the same bits, 1 for nearly the same number, 2 otherwise. */
function distance(a, b) {
  if (Object.is(a, b)) return 0;
  return Math.abs(a - b) <= 1e-11 * Math.max(Math.abs(a), Math.abs(b)) ? 1 : 2;
}

async function compare({ body, captures, kind, make, n }) {
  const data = make();
  const request = {
    source: body.toString(),
    points: [Array.from({ length: n }, (_, i) => i)],
    data: { object: { ...entry(data).object, ...entry(captures ?? {}).object } },
    returns: kind !== 'for',
    engine: interpreter,
  };
  const answer = await engine.ask(request);
  if (answer === undefined) throw new Error('the interpreter has crashed');
  if (answer.refused) return { verdict: 'refused', more: answer.refused.join('\n') };
  if (answer.stopped) return { verdict: `stopped: ${answer.stopped}` };
  let worst = 0;
  for (let i = 0; i < n; i++) {
    const expected = body(i, data);
    if (kind !== 'for') worst = Math.max(worst, distance(Number(expected), number(answer.results[i])));
  }
  for (const [name, values] of Object.entries(answer.arrays)) {
    for (const [i, value] of values.entries()) {
      if (name in data) worst = Math.max(worst, distance(data[name][i], number(value)));
    }
  }
  return { verdict: ['equal', 'close', 'DIFFERENT'][worst] };
}

async function main() {
  let failed = false;
  for (const body of bodies) {
    if (!body.name.includes(part)) continue;
    const { verdict, more } = await compare(body);
    console.log(`${verdict.padEnd(10)} ${body.name}`);
    if (more) console.log(more);
    failed ||= !['equal', 'close', 'refused'].includes(verdict);
  }
  engine.end();
  process.exitCode = failed ? 1 : 0;
}

main();
