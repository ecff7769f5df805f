// The command allcores-worker as a process, whose lines a test reads. None outlives its test.

const { spawn } = require('node:child_process');
const { once } = require('node:events');
const path = require('node:path');
const { createInterface } = require('node:readline');

const COMMAND = path.join(path.dirname(require.resolve('allcores')), 'bin', 'allcores-worker.js');
const LIMIT_MS = 30_000;

class Command {
  lines = [];
  child;
  #exit;
  #waiting = new Set();

  /** `options.env` are variables besides those of this process. */
  constructor(t, args, { env, command = COMMAND } = {}) {
    this.child = spawn(process.execPath, [command, ...args], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, NODE_TEST_CONTEXT: undefined, ALLCORES_THREADS: '1', ...env },
    });
    this.#exit = once(this.child, 'close').then(([code, signal]) => {
      for (const look of this.#waiting) look();
      return code ?? signal;
    });
    for (const stream of [this.child.stdout, this.child.stderr]) {
      createInterface({ input: stream }).on('line', (line) => {
        this.lines.push(line);
        for (const look of this.#waiting) look();
      });
    }
    t.after(async () => {
      this.child.kill('SIGKILL');
      await this.#exit;
    });
  }

  get text() {
    return this.lines.join('\n');
  }

  /** Resolves with the first line that matches. */
  async line(pattern) {
    return await new Promise((resolve, reject) => {
      const settle = (how, value) => {
        clearTimeout(timer);
        this.#waiting.delete(look);
        how(value);
      };
      const timer = setTimeout(() => settle(reject, new Error(`no ${pattern} in ${this.text}`)), LIMIT_MS);
      const look = () => {
        const found = this.lines.find((line) => pattern.test(line));
        if (found !== undefined) settle(resolve, found);
        else if (this.child.exitCode !== null || this.child.signalCode !== null)
          settle(reject, new Error(`it ended without ${pattern}: ${this.text}`));
      };
      this.#waiting.add(look);
      look();
    });
  }

  /** Resolves with exit code or signal. */
  async end(signal) {
    if (signal !== undefined) this.child.kill(signal);
    return await this.#exit;
  }
}

module.exports = { COMMAND, Command };
