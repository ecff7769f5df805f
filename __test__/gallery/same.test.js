'use strict';

// The examples that are there in two forms, with allcores and with worker threads: both compute what plain loops compute.

const assert = require('node:assert/strict');
const fs = require('node:fs');
const { describe, test } = require('node:test');
const { difference } = require('../../examples/common/alike.js');
const {
  GALLERY,
  examples,
  fileOf,
  runProgram,
  runSmall,
  small,
  withPlainLoops,
} = require('../helpers/gallery.js');

test('each folder with both forms is in the gallery', () => {
  const both = fs
    .readdirSync(examples)
    .filter((name) => fs.existsSync(fileOf(name)) && fs.existsSync(fileOf(name, 'before.js')));
  assert.deepEqual(both.sort(), Object.keys(GALLERY).sort());
});

describe('with allcores: the same bits as plain loops', () => {
  for (const name of Object.keys(GALLERY)) {
    test(name, async () => {
      const expected = await runSmall(name, withPlainLoops(fileOf(name)));
      assert.equal(difference(expected, await small(name)), undefined);
    });
  }
});

describe('with worker threads: the same, or near it', () => {
  for (const [name, { near }] of Object.entries(GALLERY)) {
    test(name, async () => {
      const { DEFAULTS } = require(fileOf(name));
      const before = { DEFAULTS, ...require(fileOf(name, 'before.js')) };
      assert.equal(difference(await small(name), await runSmall(name, before), near), undefined);
    });
  }
});

describe('before.js is a program too, and prints and draws the same', () => {
  for (const name of Object.keys(GALLERY)) {
    if (name === 'server') continue;
    test(name, async () => {
      const after = await runProgram(name);
      const before = await runProgram(name, {}, 'before.js');
      // Math.random has other numbers in each run.
      const lines = (text) => (GALLERY[name].near > 1e-3 ? text.replace(/\d\S*/g, '') : text);
      assert.equal(lines(before), lines(after));
    });
  }
});
