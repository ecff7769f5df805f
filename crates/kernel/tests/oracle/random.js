// Random bodies by this JavaScript engine and by the interpreters of the crate:
//
//   cargo build --release -p allcores-kernel --example run
//   node crates/kernel/tests/oracle/random.js [--seed N] [--programs N] [--points N] [--engine scalar|block] [--tool NAME] [--show] [--all]
//
// A program that differs is printed as small as it can be made. --show prints the one program; --all goes on after a difference. --tool
// has the body minified first, by esbuild, terser or swc (package.json here).

const { parseArgs } = require('node:util');
const { random } = require('../../../../lib/bodies/philox.js');
const programs = path('program.js');
const { Job, difference } = path('job.js');
const { shrink } = path('shrink.js');
const { print } = path('tree.js');
const { Engine, elementOf, entry, number } = require('./engine.js');

function path(file) {
  return require(`../../../../__test__/bodies/random/${file}`);
}

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    programs: { type: 'string', default: '1000' },
    points: { type: 'string', default: '24' },
    engine: { type: 'string' },
    show: { type: 'boolean' },
    all: { type: 'boolean' },
    tool: { type: 'string' },
  },
});

const minifiers = {
  esbuild: (code) => require('esbuild').transformSync(code, { minify: true }).code,
  terser: (code) => require('terser').minify_sync(code, { compress: { passes: 2 }, mangle: true }).code,
  swc: (code) =>
    require('@swc/core').transformSync(code, {
      jsc: { minify: { compress: true, mangle: true }, target: 'es2022' },
      minify: true,
      isModule: false,
    }).code,
};

let engine = new Engine();

/** { refused } or { stopped } or { difference } or { points } compared. */
async function compare(program, name, count) {
  const job = new Job(program, count, { start: program.isSingle ? start(program) : 0, random, change: tool });
  job.restore();
  const request = {
    source: job.body.toString(),
    points: job.points,
    returns: program.kind !== 'nothing',
    engine: name,
    data: entry(job.data),
    fresh: program.isSingle,
    ...(job.view && { element: elementOf(job.view), view: { array: entry(job.view).array } }),
  };
  const answer = await engine.ask(request);
  if (answer === undefined) {
    engine = new Engine();
    return { difference: 'the engine has crashed' };
  }
  if (answer.refused) return answer;
  for (const [at, one] of (program.isSingle ? answer : [answer]).entries()) {
    if (one.stopped) return one;
    const expected = job.expected(program.isSingle ? at : undefined);
    const actual = { results: one.results.map(number), arrays: {} };
    for (const [key, list] of Object.entries(one.arrays)) actual.arrays[key] = list.map(number);
    const found = difference(expected, actual);
    if (found) return { difference: `index ${job.points[0][at]}, ${found}` };
  }
  return { points: job.length };
}

/** Where the indices of a program begin that has no place for each: far beyond 2^32, too. */
const start = ({ seed }) => [0, 0, 2 ** 31 - 3, 2 ** 32 - 2, 2 ** 53 - 1 - Number(values.points)][seed % 5];

/** The body after a minifier. */
function tool(source) {
  if (values.tool === undefined) return source;
  const isMethod = /^body\(/.test(source);
  const before = isMethod ? `globalThis.body = ({ ${source} });` : `globalThis.body = ${source};`;
  const scope = {};
  new Function('globalThis', minifiers[values.tool](before))(scope);
  return isMethod ? scope.body.body.toString() : scope.body.toString();
}

const kind = (answer) => Object.keys(answer)[0];

/** The same kind of failure, after the program has been changed. */
async function stillFails(program, name, count) {
  try {
    return 'difference' in (await compare(program, name, count));
  } catch {
    return false;
  }
}

async function main() {
  const [seed, many, count] = [values.seed, values.programs, values.points].map(Number);
  const engines = values.engine ? [values.engine] : ['scalar', 'block'];
  const totals = { points: 0, refused: 0, stopped: 0, difference: 0, programs: 0 };
  const reasons = new Map();
  for (let at = seed; at < seed + many; at++) {
    const program = programs.makeProgram(at);
    if (values.show) show(program);
    for (const name of engines) {
      let answer;
      try {
        answer = await compare(program, name, count);
      } catch (error) {
        console.log(`seed ${at}: ${error.stack}`);
        show(program);
        process.exitCode = 1;
        break;
      }
      const what = kind(answer);
      totals[what] += what === 'points' ? answer.points : 1;
      if (what === 'refused' || what === 'stopped') {
        const reason = what === 'stopped' ? answer.stopped : answer.refused[0].split('\n')[0];
        reasons.set(reason, [...(reasons.get(reason) ?? []), at]);
        break;
      }
      if (what === 'difference') {
        console.log(`seed ${at}, ${name}: ${answer.difference}`);
        await shrink(program.roots, () => stillFails(program, name, count));
        const small = await compare(program, name, count);
        console.log(small.difference);
        show(program);
        process.exitCode = 1;
        if (!values.all) return engine.end();
        break;
      }
    }
    totals.programs++;
  }
  for (const [reason, seeds] of [...reasons].sort((a, b) => b[1].length - a[1].length).slice(0, 25)) {
    console.log(`${seeds.length} ${reason.slice(0, 150)} (${seeds.slice(0, 3)})`);
  }
  console.log(totals);
  engine.end();
}

function show(program) {
  for (const { name, root } of program.helpers) console.log(`const ${name} = ${print(root)}`);
  console.log(programs.sourceOf(program));
}

main();
