'use strict';

// A program that answers each line on its stdin with one line on its stdout.

const { spawn } = require('node:child_process');
const readline = require('node:readline');

class Child {
  #process;
  #waiting = [];
  #ended;

  constructor(command, args) {
    this.#process = spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'] });
    readline.createInterface({ input: this.#process.stdout }).on('line', (line) => {
      const { resolve, reject } = this.#waiting.shift();
      if (line.startsWith('error ')) reject(new Error(`${command}: ${line.slice(6)}`));
      else resolve(line);
    });
    const end = (why) => {
      this.#ended = new Error(`${command} ended: ${why}`);
      for (const { reject } of this.#waiting.splice(0)) reject(this.#ended);
    };
    this.#process.on('error', (error) => end(error.message));
    this.#process.on('exit', (code, signal) => end(signal ?? `exit code ${code}`));
    this.#process.stdin.on('error', () => {});
  }

  /** Sends a line; resolves with the answer. */
  ask(line) {
    if (this.#ended) return Promise.reject(this.#ended);
    return new Promise((resolve, reject) => {
      this.#waiting.push({ resolve, reject });
      this.#process.stdin.write(`${line}\n`);
    });
  }

  close() {
    this.#process.stdin.end();
  }
}

module.exports = { Child };
