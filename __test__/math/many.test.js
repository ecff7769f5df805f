'use strict';

// The functions of Math, by the public functions and by this JavaScript engine: the same bits at very many numbers, of kinds at which
// one of them could go wrong (many/numbers.js). It ends with a table.
//
//   ALLCORES_TEST_MATH=1e9     how many arguments of each function: a million by default, times ALLCORES_TEST_SCALE
//   ALLCORES_TEST_SEED=1       which ones
//
// ALLCORES_THREADS=1 keeps it on one core, and ALLCORES_ISA has other code made.

const assert = require('node:assert/strict');
const { test } = require('node:test');
const { explain, map } = require('../..');
const { isNode } = require('../helpers/engine-bits.js');
const { scale } = require('../helpers/scale.js');
const { NAMES, fill, seed } = require('./many/numbers.js');
const { Subject } = require('./many/subject.js');

const COUNT = Number(process.env.ALLCORES_TEST_MATH ?? scale(1_000_000));
const SEED = Number(process.env.ALLCORES_TEST_SEED ?? 1);

/** So many at a time: enough for machine code, and few enough for the caches. */
const BLOCK = 2 ** 17;

const shared = () => new Float64Array(new SharedArrayBuffer(8 * BLOCK));
const numbers = Object.fromEntries(NAMES.map((name) => [name, shared()]));

const subjects = [
  ...'atan asinh cbrt cos cosh exp expm1 sin sinh tan tanh'.split(' ').map((name) => [name, 'any']),
  ...'acos asin atanh'.split(' ').map((name) => [name, 'toOne']),
  ...'log log10 log2'.split(' ').map((name) => [name, 'positive']),
  ['log1p', 'afterMinusOne'],
  ['acosh', 'fromOne'],
  ['atan2', 'x', 'y'],
  ['hypot', 'x', 'y'],
  ['hypot', 'x', 'y', 'z'],
  ['%', 'x', 'y'],
  ['pow', 'base', 'exponent'],
].map(([name, ...from]) => new Subject(name, from, numbers));

/** What runs it, as `explain` has it. */
function engineOf({ body, data, view }) {
  const { engine, isa, text } = explain(body, { data, view });
  if (engine !== 'machine code') return engine;
  return `${isa}, ${/one index after the other/.test(text) ? 'a call for each' : 'in vectors'}`;
}

test(`${COUNT} arguments of each function of Math have the bits of this engine`, {
  timeout: 2 ** 31 - 1,
}, async (context) => {
  const [found, expected] = [shared(), shared()];
  const words = [found, expected].map(({ buffer }) => new Int32Array(buffer));
  seed(SEED);
  for (let done = 0; done < COUNT; done += BLOCK) {
    fill(numbers);
    for (const subject of subjects) {
      if (subject.refusal) continue;
      try {
        await map(subject.view, subject.body, { data: subject.data, into: found });
      } catch (error) {
        if (isNode || error.code !== 'ERR_UNSUPPORTED' || !/bits of the Math/.test(error.message))
          throw error;
        subject.refusal = error.message;
        continue;
      }
      subject.loop(expected, numbers);
      subject.compare(found, expected, ...words);
    }
  }
  context.diagnostic('function      compared    of these NaN   differ   run by');
  for (const subject of subjects) {
    const { name, compared, notNumbers, differing, refusal } = subject;
    const columns = [name.padEnd(10), ...[compared, notNumbers].map((count) => `${count}`.padStart(13))];
    context.diagnostic(
      [...columns, `${differing}`.padStart(8), ` ${refusal ?? engineOf(subject)}`].join(' '),
    );
  }
  const examples = subjects.map(({ example }) => example).filter((example) => example !== undefined);
  assert.deepEqual(examples, []);
});

test('a result that is off by its last bit is found, and a NaN with other bits is none', () => {
  const [found, expected] = [shared(), shared()];
  const words = [found, expected].map(({ buffer }) => new Int32Array(buffer));
  const subject = new Subject('sin', ['any'], numbers);
  const at = BLOCK - 1;
  numbers.any[at] = 0.25;
  found[0] = Number.NaN;
  expected.set(found);
  words[0][1] ^= 2 ** 31;
  assert.notEqual(words[0][1], words[1][1]);
  subject.compare(found, expected, ...words);
  assert.deepEqual([subject.compared, subject.differing, subject.notNumbers], [BLOCK, 0, 1]);
  words[0][2 * at] ^= 1;
  found[1] = -0;
  subject.compare(found, expected, ...words);
  assert.deepEqual([subject.compared, subject.differing], [2 * BLOCK, 2]);
  words[0][2] = words[0][3] = 0;
  subject.example = undefined;
  subject.compare(found, expected, ...words);
  assert.equal(subject.example, 'sin(0.25) is 0, not 5e-324');
});
