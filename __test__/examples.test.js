'use strict';

// The programs in examples/ are run as a user runs them: as child processes, judged by output and exit code.

const assert = require('node:assert/strict');
const { spawn } = require('node:child_process');
const path = require('node:path');
const test = require('node:test');

const examples = path.join(__dirname, '..', 'examples');

/** Runs a program to its end; resolves with all that can be seen of it from outside. */
function run(program, args = [], env = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [path.join(examples, program), ...args], {
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: 60_000,
    });
    const output = { stdout: '', stderr: '' };
    child.stdout.setEncoding('utf8').on('data', (text) => {
      output.stdout += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text) => {
      output.stderr += text;
    });
    child.on('error', reject);
    child.on('close', (code, signal) => resolve({ ...output, code, signal }));
  });
}

const oracle = (num) => String((num * (num - 1n)) / 2n);

test('fork-and-sum', async (t) => {
  await t.test('adds up to 10000 by default', async () => {
    assert.deepEqual(await run('fork-and-sum/main.js'), {
      stdout: 'main got message: 49995000\n',
      stderr: '',
      code: 0,
      signal: null,
    });
  });

  const right = [
    '0',
    '1',
    '2',
    '10000',
    '92682',
    '100000',
    '2147483648',
    '9007199254740990',
    '9007199254740991',
  ];
  for (const num of right) {
    await t.test(`is exact for ${num}`, async () => {
      assert.deepEqual(await run('fork-and-sum/main.js', [num]), {
        stdout: `main got message: ${oracle(BigInt(num))}\n`,
        stderr: '',
        code: 0,
        signal: null,
      });
    });
  }

  const wrong = [
    'abc',
    '',
    ' ',
    '-1',
    '-0',
    '+1',
    '1.5',
    '1.0',
    '1e3',
    '0x10',
    '10n',
    '1_000',
    '9007199254740992',
  ];
  const wrongSets = [...wrong.map((num) => [num]), ['1', '2'], ['1', ''], ['9'.repeat(400)]];
  for (const args of wrongSets) {
    await t.test(`refuses ${JSON.stringify(args).slice(0, 40)}`, async () => {
      assert.deepEqual(await run('fork-and-sum/main.js', args), {
        stdout: '',
        stderr: 'Usage: main.js [num]\nnum is one integer from 0 to 9007199254740991, in decimal digits.\n',
        code: 1,
        signal: null,
      });
    });
  }

  await t.test('reports a child that dies', async () => {
    const { stdout, stderr, code } = await run('fork-and-sum/main.js', [], { ALLCORES_THREADS: 'none' });
    assert.deepEqual({ stdout, code }, { stdout: '', code: 1 });
    assert.match(stderr, /ALLCORES_THREADS/);
    assert.match(stderr, /^The child ended without an answer \(exit code 1\)\.$/m);
  });
});

test('watch-partials fills the slots and wakes the watcher', async () => {
  const { stdout, stderr, code, signal } = await run('watch-partials/main.js');
  assert.deepEqual(
    { stdout, code, signal },
    {
      stdout: `watcher: the sum is complete\ntotal: ${oracle(10n ** 9n)}\nreduce gives the same: true\n`,
      code: 0,
      signal: null,
    },
  );
  const lines = stderr.trimEnd().split('\r').slice(1);
  assert.equal(lines.at(-1), `[${'#'.repeat(50)}]`);
  for (const line of lines) assert.match(line, /^\[[#.]{50}\]$/);
});
