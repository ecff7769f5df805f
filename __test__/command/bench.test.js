'use strict';

// `allcores bench` compares results with those of plain loops, times both, and finds what is wrong.

const assert = require('node:assert/strict');
const { describe, test } = require('node:test');
const allcores = require('../..');
const { bench } = require('../../bin/bench.js');
const { FUNCTIONS } = require('../../bin/functions.js');
const { assertEnd } = require('../helpers/child.js');
const { clean, json, run } = require('../helpers/command.js');

describe('allcores bench', () => {
  test('compares all results, and times them', async () => {
    for (const args of [['bench'], ['--self-test']]) {
      const result = await run([...args, '--seconds', '0.01'], { env: clean });
      assertEnd(result, { stdout: /^All results are right\.$/m });
      for (const name of ['sum of 2 Mi doubles', 'Mandelbrot set']) {
        const row = new RegExp(`^  ${name} +[\\d.]+ ms +[\\d.]+ ms +[\\d.]+   same$`, 'm');
        assert.match(result.stdout, row);
      }
    }
  });

  test('for programs', async () => {
    const report = await json(['bench', '--seconds', '0.01'], { env: clean });
    assert.equal(report.isWell, true);
    const { same, different, refused } = report.functions;
    assert.deepEqual([...same, ...refused].sort(), Object.keys(FUNCTIONS).sort());
    assert.deepEqual(different, []);
    assert.equal(report.results.length, 6);
    for (const { name, result, rounds, loop, allcores, ratio } of report.results) {
      if (result === 'refused') continue;
      assert.equal(result, 'same', name);
      assert.ok(rounds >= 3 && loop > 0 && allcores > 0 && ratio > 0, name);
    }
  });

  test('finds what is wrong', async () => {
    const wrong = {
      ...allcores,
      sum: async (...args) => (await allcores.sum(...args)) + 2 ** -20,
      // Only on one thread.
      min: async (view, options) => (options.threads === 1 ? 0 : allcores.min(view, options)),
      map: async (view, body, options) => {
        const result = await allcores.map(view, body, options);
        result[7] = 12_345;
        return result;
      },
      forRange: () => Promise.reject(Object.assign(new Error('no'), { code: 'ERR_INTERNAL' })),
    };
    const sine = allcores.explain(FUNCTIONS.sin).refusals.length > 0 ? 'refused' : 'different';
    const { report, text, isWell } = await bench({ allcores: wrong }, { seconds: 0.01 });
    assert.equal(isWell, false);
    assert.deepEqual(report.functions.same, []);
    assert.deepEqual(Object.fromEntries(report.results.map(({ name, result }) => [name, result])), {
      'sum of 2 Mi doubles': 'different',
      'min of 2 Mi doubles': 'different',
      'sum of 4 / (1 + x²)': 'same',
      'map by sin(x) · exp(-x)': sine,
      'primes below 300 000': 'same',
      'Mandelbrot set': 'failed',
    });
    assert.match(text, /^ {2}sum of 2 Mi doubles +DIFFERENT$/m);
    assert.match(text, /^ {2}Mandelbrot set +ERR_INTERNAL: no$/m);
    assert.match(text, /^DIFFERENT: \w/m);
    assert.match(text, /^Something is wrong: please report it, with --json\.$/m);
  });
});
