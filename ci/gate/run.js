'use strict';

// Runs the script of a gate, and nothing that it has started outlives it.

const { spawn } = require('node:child_process');

/** Longer than any mutant needs on a busy machine. */
const LIMIT_MS = 900_000;

/**
 * Resolves to `{ status, output, isCut }`. A script that takes too long is killed, and its status is the signal. With `until`, an
 * expression, it is killed as soon as its standard output matches: the rest of the tests would tell nothing more. Then `isCut`.
 */
function run(command, args, options, until, limit = LIMIT_MS) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { ...options, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
    let [stdout, stderr, isCut] = ['', '', false];
    const killAll = () => {
      try {
        process.kill(-child.pid, 'SIGKILL');
      } catch {
        // None of them is left.
      }
    };
    const timer = setTimeout(killAll, limit);
    process.once('exit', killAll);
    child.stdout.setEncoding('utf8').on('data', (text) => {
      stdout += text;
      if (isCut || !until?.test(stdout)) return;
      isCut = true;
      killAll();
    });
    child.stderr.setEncoding('utf8').on('data', (text) => {
      stderr += text;
    });
    child.once('error', reject);
    child.once('close', (code, signal) => {
      clearTimeout(timer);
      process.off('exit', killAll);
      killAll();
      resolve({ status: code ?? signal, output: `${stdout}${stderr}`, isCut });
    });
  });
}

module.exports = { run };
