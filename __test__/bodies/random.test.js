'use strict';

// Random loop bodies (random/), by the public functions and by this JavaScript engine: the same bits of everything that they return
// and write.
//
//   ALLCORES_TEST_PAIRS=1e9     how many pairs of body and index are compared: 1.2 million by default, times ALLCORES_TEST_SCALE
//   ALLCORES_TEST_INDICES=50000  for how many indices each program runs that has a place for each: 640 by default, 2100 every sixth one
//   ALLCORES_TEST_SEED=1        the first program; a failure names its own

const assert = require('node:assert/strict');
const { test } = require('node:test');
const esbuild = require('esbuild');
const allcores = require('../..');
const { scale } = require('../helpers/scale.js');
const { compare } = require('./random/calls.js');
const { makeProgram, sourceOf } = require('./random/program.js');
const { shrink } = require('./random/shrink.js');
const { print } = require('./random/tree.js');

const PAIRS = Number(process.env.ALLCORES_TEST_PAIRS ?? scale(1_200_000));
const SEED = Number(process.env.ALLCORES_TEST_SEED ?? 1);
const INDICES = process.env.ALLCORES_TEST_INDICES && Number(process.env.ALLCORES_TEST_INDICES);

/** Indices of a program that has a place for each, and of one that runs for one at a time, wherever that is. */
const MANY = 640;
/** So many that machine code is made of bodies without loops too. */
const WORTH_CODE = 2100;
const FEW = 24;
const STARTS = [0, 2 ** 31 - 3, 2 ** 32 - 2, 2 ** 53 - 1 - FEW];

/** The body as a minifier writes it: of every fourth program. */
function minified(source) {
  const isMethod = /^body\(/.test(source);
  const scope = {};
  const code = isMethod ? `globalThis.body = ({ ${source} }).body;` : `globalThis.body = ${source};`;
  new Function('globalThis', esbuild.transformSync(code, { minify: true }).code)(scope);
  return scope.body.toString();
}

function optionsOf({ seed }) {
  return { start: STARTS[seed % STARTS.length], change: seed % 4 === 3 ? minified : undefined };
}

/** { points } compared, or { refused } or { difference }, both texts. */
async function run(program) {
  try {
    const many = INDICES ?? (program.seed % 6 === 5 ? WORTH_CODE : MANY);
    return await compare(allcores, program, program.isSingle ? FEW : many, optionsOf(program));
  } catch (error) {
    // Where an engine has a library of its own built in, nobody else has its bits.
    if (/no library here has the bits/.test(error.message)) return { points: 0 };
    if (error.code === 'ERR_UNSUPPORTED') return { refused: error.message };
    return { difference: error.stack };
  }
}

async function fail(program, difference) {
  const stillFails = async () => {
    try {
      return 'difference' in (await run(program));
    } catch {
      return false;
    }
  };
  await shrink(program.roots, stillFails, 1000);
  const helpers = program.helpers.map(({ name, root }) => `const ${name} = ${print(root)}\n`).join('');
  const small = await run(program);
  assert.fail(
    `seed ${program.seed}: ${difference}\nthe smallest: ${small.difference}\n${helpers}${sourceOf(program)}`,
  );
}

test(`${PAIRS} pairs of random bodies and indices have the bits of this engine`, {
  timeout: 2 ** 31 - 1,
}, async (context) => {
  let pairs = 0;
  let programs = 0;
  const refused = [];
  for (let seed = SEED; pairs < PAIRS; seed++) {
    const program = makeProgram(seed);
    const answer = await run(program);
    programs++;
    if (answer.difference) await fail(program, answer.difference);
    else if (answer.refused) refused.push(`seed ${seed}: ${answer.refused}`);
    else pairs += answer.points;
  }
  context.diagnostic(
    `${pairs} pairs of ${programs} programs were compared; ${refused.length} programs were refused`,
  );
  // The language has nearly all that they are made of.
  assert.ok(refused.length <= programs / 50, refused.slice(0, 20).join('\n'));
});
