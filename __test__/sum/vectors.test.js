'use strict';

// The vectors of the standard's own test suite for Math.sumPrecise: as they are, at every offset, and scattered among
// thousands of elements that cancel; for every number of threads and every instruction set.

const assert = require('node:assert/strict');
const { describe, test } = require('node:test');
const { binaries } = require('../helpers/binaries.js');
const { runChild } = require('../helpers/child.js');
const { isas, listed, load } = require('../helpers/isas.js');

const THREADS = 3;

/** In a child process: the whole table. Prints what has been asked, and what came out wrong. */
async function runTable(root) {
  const { Random } = require(`${root}/__test__/helpers/distributions.js`);
  const { bitsOf, fromBits } = require(`${root}/__test__/helpers/exact.js`);
  const { empty } = require(`${root}/__test__/helpers/views.js`);
  const { vectors } = require(`${root}/__test__/data/sum-precise-vectors.json`);
  const { sum, threads } = require(root);
  const PAIRS = 10_000;
  const random = new Random(1);

  /** Where the vector stands among others, and what they are: they cancel. */
  const SURROUNDINGS = {
    alone: () => [],
    // One piece of data that the fastest kernel takes, one that none but the slowest does, one of the smallest numbers.
    'uniform pairs': () => pairs(() => random.unit()),
    'pairs of any exponent': () => pairs(() => (1 + random.unit()) * 2 ** (random.below(2098) - 1074)),
    'subnormal pairs': () => pairs(() => random.below(2 ** 30) * Number.MIN_VALUE),
  };

  function pairs(make) {
    const elements = Float64Array.from({ length: PAIRS }, make);
    return random.shuffle(Float64Array.from([...elements, ...elements.map((element) => -element)]));
  }

  function scatter(values, others) {
    const all = Float64Array.from([...others, ...values]);
    for (let i = others.length; i < all.length; i++) {
      const j = random.below(all.length);
      [all[i], all[j]] = [all[j], all[i]];
    }
    return all;
  }

  const wrong = [];
  const counts = {};
  for (const [name, surround] of Object.entries(SURROUNDINGS)) {
    counts[name] = 0;
    const others = surround();
    for (const [index, vector] of vectors.entries()) {
      const values = vector.values.map(fromBits);
      const elements = others.length ? scatter(values, others) : values;
      // Others leave a zero that is positive, as 1 - 1 does.
      const expected = fromBits(vector.sum) === 0 && others.length ? 0 : fromBits(vector.sum);
      for (let offset = 0; offset < 8; offset++) {
        // What is around the view would not go unnoticed.
        const view = empty(Float64Array, elements.length, offset);
        new Float64Array(view.buffer).fill(Number.NaN);
        view.set(elements);
        for (let count = 1; count <= threads; count++) {
          const result = await sum(view, count === threads ? undefined : { threads: count });
          counts[name]++;
          if (Object.is(result, expected)) continue;
          wrong.push({
            name,
            index,
            offset,
            count,
            result: bitsOf(result).toString(16),
            expected: bitsOf(expected).toString(16),
          });
        }
      }
    }
  }
  console.log(JSON.stringify({ threads, counts, wrong: wrong.slice(0, 5), failed: wrong.length }));
}

/** What a child must say: all of it was asked, nothing was wrong. */
async function runs(env) {
  const { stdout } = await runChild(runTable, { env: { ...env, ALLCORES_THREADS: `${THREADS}` } });
  const verdict = JSON.parse(stdout);
  const { vectors } = require('../data/sum-precise-vectors.json');
  const each = vectors.length * 8 * THREADS;
  assert.deepEqual(verdict, {
    threads: THREADS,
    counts: {
      alone: each,
      'uniform pairs': each,
      'pairs of any exponent': each,
      'subnormal pairs': each,
    },
    wrong: [],
    failed: 0,
  });
}

describe('every vector, at every offset, alone and among others', { concurrency: 2 }, () => {
  for (const { name, env, skip } of isas) test(`kernels for ${name}`, { skip }, () => runs(env));

  for (const { name, env, skip } of binaries) {
    test(`${name}, the kernels that it chooses`, { skip }, () => runs({ ...env, ALLCORES_ISA: undefined }));
  }
});

describe('ALLCORES_ISA', () => {
  test('every processor has the portable kernels', () => {
    assert.deepEqual(load('portable'), { code: 0, stdout: 'loaded' });
  });

  for (const { name, skip } of isas) {
    test(`${name} is there exactly if the system lists it`, {
      skip: listed(name) === undefined ? 'this system has no list of what the processor can do' : false,
    }, () => {
      assert.equal(skip === false, listed(name));
    });
  }

  test('empty means that it is not set', () => {
    assert.deepEqual(load(''), { code: 0, stdout: 'loaded' });
  });

  for (const name of ['avx', 'AVX2', 'sse2', 'portable ', '1', 'avx1024', '__proto__']) {
    test(`'${name}' is refused at load, and the message says what there is`, () => {
      const { code, stdout } = load(name);
      assert.equal(code, 0);
      assert.match(stdout, /^RangeError ERR_OUT_OF_RANGE .*ALLCORES_ISA.*portable/);
      assert.ok(stdout.includes(`'${name}'`), stdout);
    });
  }
});
