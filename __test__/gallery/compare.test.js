'use strict';

// compare.js times both forms of an example, and compares their results.

const assert = require('node:assert/strict');
const fs = require('node:fs');
const path = require('node:path');
const { describe, test } = require('node:test');
const { difference } = require('../../examples/common/alike.js');
const { README, filled } = require('../../examples/common/table.js');
const { assertEnd, startNode } = require('../helpers/child.js');
const { examples } = require('../helpers/gallery.js');

describe('compare.js', () => {
  const compare = (...args) => startNode([path.join(examples, 'compare.js'), ...args]).done;

  test('times both forms, and compares their results', async () => {
    const { code, stdout, stderr } = await compare('primes', 'heat', '--quick');
    assert.equal(code, 0, stderr);
    assert.match(stdout, /^\*\*A smoke run: these numbers mean nothing\.\*\*$/m);
    for (const title of ['primes below n', 'heat equation']) {
      assert.match(
        stdout,
        new RegExp(
          `^\\| ${title} +\\|( +\\**[\\d.]+ (m|µ)?s\\** \\| +\\**[\\d.]+ (m|µ)?s\\** \\| +[\\d.]+ × \\|){2}$`,
          'm',
        ),
      );
    }
  });

  test('refuses what it cannot compare, and records of a part', async () => {
    for (const [args, message] of [
      [['fork-and-sum'], /^There is no example "fork-and-sum"\. There are: mandelbrot, /],
      [['--rounds', '0'], /^--rounds must be an integer from 1 on$/m],
      [['--quick', '--record'], /^A record is of all examples, and not quick$/m],
      [['primes', '--record'], /^A record is of all examples, and not quick$/m],
    ]) {
      assertEnd(await compare(...args), { code: 1, stdout: '', stderr: message });
    }
  });

  test('the README has the table of the newest record', () => {
    const text = fs.readFileSync(README, 'utf8');
    assert.match(text, /<!-- times -->\n[\s\S]*<!-- \/times -->/);
    assert.equal(filled(text), text);
  });

  test('results that differ are found', () => {
    const result = () => ({ counts: Int32Array.of(1, 2), sum: 1 });
    assert.equal(difference(result(), result()), undefined);
    assert.equal(difference(result(), { ...result(), sum: 1.1 }, 0.2), undefined);
    assert.equal(difference(result(), { ...result(), sum: 1.1 }, 0.01), 'result.sum: 1 and 1.1');
    assert.equal(
      difference(result(), { ...result(), counts: Int32Array.of(1, 3) }),
      'result.counts.1: 2 and 3',
    );
    assert.equal(difference(0, -0), 'result: 0 and 0');
    assert.equal(difference({ a: 'x' }, { a: 'y' }), 'result.a: x and y');
    assert.equal(difference({ a: 1 }, { a: 1, b: 2 }), 'result: 1 and 2 elements');
  });
});
