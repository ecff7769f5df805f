'use strict';

// What the gates of continuous integration are run with (ci/gate): which mutants a sample has, and how a run of tests ends.

const assert = require('node:assert/strict');
const fs = require('node:fs');
const path = require('node:path');
const { describe, test } = require('node:test');
const { readMutants } = require('../ci/gate/mutants.js');
const { run } = require('../ci/gate/run.js');
const { sample } = require('../ci/gate/sample.js');

describe('a sample of mutants', () => {
  const mutants = Array.from({ length: 21 }, (_, index) => ({ name: `m${index}`, files: [`f${index % 7}`] }));

  test('is one of so many neighbors, and all have their turn', () => {
    const seen = new Set();
    for (let turn = 100; turn < 108; turn++) {
      const some = sample(mutants, 8, { turn, changed: [''] });
      assert.ok(some.length === 2 || some.length === 3);
      for (const mutant of some) seen.add(mutant);
    }
    assert.equal(seen.size, mutants.length);
  });

  test('has those of what has changed, but no more of them than half of the others', () => {
    const some = sample(mutants, 8, { turn: 0, changed: ['f3', 'elsewhere'] });
    assert.deepEqual(
      some.map(({ name }) => name),
      ['m0', 'm3', 'm8', 'm10', 'm16'],
    );
    const all = sample(mutants, 8, { turn: 0, changed: mutants.flatMap(({ files }) => files) });
    assert.equal(all.length, 5);
  });

  test('of a few mutants is one, and all have their turn', () => {
    const few = mutants.slice(0, 3);
    const some = [0, 1, 2].map((turn) => sample(few, 8, { turn, changed: [''] }));
    for (const one of some) assert.equal(one.length, 1);
    assert.equal(new Set(some.flat()).size, 3);
    assert.equal(sample(few.slice(0, 1), 8, { turn: 1, changed: ['f0'] }).length, 1);
  });

  test('knows the files of each mutant', () => {
    const folder = path.join(__dirname, '..', 'ci', 'mutants');
    for (const gate of fs.readdirSync(folder)) {
      for (const { name, files, test } of readMutants(path.join(folder, gate), [])) {
        assert.ok(files.length >= 2 && test.length > 0, name);
        for (const file of files)
          assert.ok(fs.existsSync(path.join(__dirname, '..', file)), `${name}: ${file}`);
      }
    }
  });
});

describe('a run of a gate', { skip: process.platform === 'win32' && 'there is no bash' }, () => {
  const shell = (script, ...rest) => run('bash', ['-c', script], {}, ...rest);

  test('has the exit code and all output', async () => {
    const { status, output, isCut } = await shell('echo one; echo two >&2; exit 3', /never/);
    assert.deepEqual([status, output, isCut], [3, 'one\ntwo\n', false]);
  });

  test('ends where the output has what was waited for, with all that it has started', async () => {
    const { status, output, isCut } = await shell('sleep 1000 & echo first; echo found; wait', /found/);
    assert.deepEqual([status, output, isCut], ['SIGKILL', 'first\nfound\n', true]);
  });

  test('ends after its time', async () => {
    const { status, isCut } = await shell('sleep 1000 & wait', undefined, 100);
    assert.deepEqual([status, isCut], ['SIGKILL', false]);
  });
});
