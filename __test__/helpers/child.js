'use strict';

// Child processes whose program is a function that stands in the test itself, judged by exact exit code, signal and
// stderr, within a limit of time: a child that hangs is a failure, never a skip.

const assert = require('node:assert/strict');
const { spawn } = require('node:child_process');
const { once } = require('node:events');
const { ROOT } = require('./worker.js');

/** An emulated processor takes longer. */
const LIMIT = Number(process.env.ALLCORES_TEST_LIMIT || 60_000);

/**
 * Starts `node` on `body(root, ...args)`. The function travels as source: it sees its arguments, `require` and the
 * globals, and nothing of what surrounds it here. `env` is added to this process's; undefined removes a variable.
 * `wrap` is a command line to put before node's. `done` resolves with { code, signal, stdout, stderr, ms }.
 */
function startChild(body, { args = [], env = {}, execArgv = [], wrap = [], root = ROOT, ...rest } = {}) {
  const values = [root, ...args].map((value) => JSON.stringify(value)).join(', ');
  return startNode([...execArgv, '-e', `'use strict';(${body})(${values});`], { env, wrap, ...rest });
}

/** The same with node's arguments spelled out. */
function startNode(argv, { env = {}, wrap = [], limit = LIMIT, cwd = ROOT } = {}) {
  const [command, ...commandArgs] = [...wrap, process.execPath, ...argv];
  const environment = { ...process.env, ...env };
  for (const name of Object.keys(env)) if (env[name] === undefined) delete environment[name];
  const began = performance.now();
  const child = spawn(command, commandArgs, { cwd, env: environment, stdio: ['pipe', 'pipe', 'pipe'] });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text) => {
    stderr += text;
  });
  let exited = 0;
  child.once('exit', () => {
    exited = performance.now() - began;
  });
  const timer = setTimeout(() => {
    stderr += `\n(still running after ${limit} ms: killed by the test)`;
    child.kill('SIGKILL');
  }, limit);
  const done = once(child, 'close').then(([code, signal]) => {
    clearTimeout(timer);
    return { code, signal, stdout, stderr, ms: exited };
  });
  return { child, done };
}

/** Runs a child to its end and asserts how it ends: `expected` is { code, signal, stdout, stderr }, exit code 0 and
 * an empty stderr unless it says otherwise. stdout and stderr may be patterns. Resolves with what it printed. */
async function runChild(body, options = {}, expected = {}) {
  const result = await startChild(body, options).done;
  assertEnd(result, expected);
  return result;
}

function assertEnd(result, { code = 0, signal = null, stdout, stderr = '' } = {}) {
  const story = `\ncode ${result.code}, signal ${result.signal}, ${Math.round(result.ms)} ms
--- stdout\n${result.stdout}\n--- stderr\n${result.stderr}`;
  assert.deepEqual(
    { code: result.code, signal: result.signal },
    { code: signal ? null : code, signal },
    story,
  );
  assertText(result.stderr, stderr, `stderr${story}`);
  if (stdout !== undefined) assertText(result.stdout, stdout, `stdout${story}`);
}

function assertText(text, expected, story) {
  if (expected instanceof RegExp) assert.ok(expected.test(text), `${story}\n does not match ${expected}`);
  else assert.equal(text.trim(), expected, story);
}

module.exports = { assertEnd, runChild, startChild, startNode };
