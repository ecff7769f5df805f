'use strict';

// A fresh process that runs one program to its end, with the moments at which it began and ended.

const { spawn } = require('node:child_process');
const { now } = require('./timed');

/**
 * Runs `node script argument`, the argument as JSON. Resolves with { began, ended, answer }: seconds of the system's
 * clock, which all processes share, and what the program wrote to stdout, JSON. `ended` is undefined if it was still
 * running `limit` seconds after it had written, and was killed.
 */
function runFresh(script, argument, { env = {}, flags = [], limit = 60 } = {}) {
  return new Promise((resolve, reject) => {
    const began = now();
    const child = spawn(process.execPath, [...flags, script, JSON.stringify(argument)], {
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let [text, ended, timer, killed] = ['', undefined, undefined, false];
    child.stdout.setEncoding('utf8').on('data', (part) => {
      text += part;
      timer ??= setTimeout(() => {
        killed = true;
        child.kill('SIGKILL');
      }, limit * 1000);
    });
    child.on('error', reject);
    child.on('exit', () => {
      ended = now();
    });
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      const fail = (why) => reject(new Error(`${script} ${JSON.stringify(argument)}: ${why}`));
      if (!killed && code !== 0) return fail(`ended with ${signal ?? `exit code ${code}`}`);
      try {
        resolve({ began, ended: killed ? undefined : ended, answer: JSON.parse(text) });
      } catch {
        fail(`wrote ${JSON.stringify(text)}`);
      }
    });
  });
}

module.exports = { runFresh };
