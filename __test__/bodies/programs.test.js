'use strict';

// Loop bodies after what people run in their workers (crates/kernel/tests/data/bodies.cjs and loops/): each has the bits that the
// same function has when this engine runs it in a loop, as it is and, those of loops/, minified as well.

const assert = require('node:assert/strict');
const { describe, test } = require('node:test');
const { explain, forRange, map, sumRange, threads } = require('../..');
const { transformSync } = require('esbuild');
const bodies = require('../../crates/kernel/tests/data/bodies.cjs');
const loops = require('../../crates/kernel/tests/data/loops/index.cjs');
const { orSkip } = require('../helpers/engine-bits.js');
const { exactSum } = require('../helpers/exact.js');
const { rejects } = require('../helpers/rejects.js');
const { same } = require('../helpers/views.js');

/** What is refused, and why. */
const REFUSED = {
  'busy loop with random numbers': /Math\.random.*random\(seed, i\)/,
  'happy numbers, bigint': /BigUint64Array/,
  'fibonacci, recursive': /calls itself/,
};

/** The numbers that a body has for its indices, by a loop, as its kind has them. */
function values({ n, body, kind }, data) {
  const values = new Float64Array(n);
  for (let i = 0; i < n; i++) values[i] = Number(body(i, data));
  return kind === 'for' ? undefined : values;
}

/** The arrays that a body writes to. */
const outputs = ({ kind, outputs }) => (kind === 'for' ? (outputs ?? ['out']) : []);

function sameArrays(actual, expected, name) {
  assert.equal(actual.length, expected.length);
  for (let i = 0; i < actual.length; i++) same(actual[i], expected[i], `${name}[${i}]`);
}

/** The same body, minified; helpers stay as they are. */
function minified(entry) {
  const { body, captures = {} } = entry;
  const text = body.toString();
  const isMethod = !/^(function\b|\(|[\w$]+\s*=>)/.test(text);
  const source = `globalThis.body = ${isMethod ? `({ ${text} }).body` : text}`;
  const names = Object.keys(captures);
  const make = new Function('globalThis', ...names, transformSync(source, { minify: true }).code);
  const scope = {};
  make(scope, ...Object.values(captures));
  return { ...entry, name: `${entry.name}, minified`, body: scope.body };
}

const minifiedLoops = loops.filter(({ refused }) => refused === undefined).map(minified);

for (const entry of [...bodies, ...loops, ...minifiedLoops]) {
  const { name, n, kind, body, captures, make, racy } = entry;
  const refused = entry.refused ?? REFUSED[name];
  describe(name, () => {
    if (refused) {
      test('is refused', async () => {
        await rejects(
          () => sumRange(n, body, { data: { ...make(), ...captures } }),
          'ERR_UNSUPPORTED',
          refused,
        );
      });
      return;
    }

    test(`has the bits of the engine: ${kind}`, (t) =>
      orSkip(t, async () => {
        const expected = make();
        const numbers = values(entry, expected);
        for (const limit of racy ? [1, threads] : [threads]) {
          const data = make();
          const options = { data: { ...data, ...captures }, threads: limit };
          if (numbers === undefined) {
            assert.equal(await forRange(n, body, options), undefined);
          } else {
            same(await sumRange(n, body, options), exactSum(numbers));
            // One by one.
            const view = new Float64Array(new SharedArrayBuffer(8 * n));
            const each = await map(view, (_x, i, data) => body(i, data), { data: { ...options.data, body } });
            sameArrays(each, numbers, name);
          }
          for (const output of outputs(entry)) sameArrays(data[output], expected[output], output);
        }
      }));

    test('is compared with the function before it runs', (t) =>
      orSkip(t, async () => {
        const { refusals, unchecked } = explain(body, { data: { ...make(), ...captures } });
        for (const { message } of refusals)
          throw Object.assign(new Error(message), { code: 'ERR_UNSUPPORTED' });
        assert.equal(unchecked, undefined);
      }));
  });
}
