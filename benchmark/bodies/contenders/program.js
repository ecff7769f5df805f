'use strict';

// What the contenders have in common that are programs of their own (../programs): they have their own copy of the arrays.

const fs = require('node:fs');
const path = require('node:path');
const { setTimeout } = require('node:timers/promises');
const { Child } = require('../../common/child');
const { decode } = require('../../sum/decode');
const { LENGTH } = require('../kernels');

/** Milliseconds: so long the threads of OpenMP may spin after a loop, and would disturb whoever comes next. */
const SPIN = 20;

class Program {
  #child;
  #results;

  /** Starts it, and gives it the arrays. */
  static async start(command, args, memory) {
    const program = new Program();
    program.#child = new Child(command, args);
    program.#results = path.join(memory.folder, path.basename(command));
    await program.ask(`load ${LENGTH} ${memory.file}`);
    return program;
  }

  ask(line) {
    return this.#child.ask(line);
  }

  async run({ kernel, count }, threads, untimed, calls) {
    const [n0, n1 = 0] = [count].flat();
    const answer = await this.ask(`run ${kernel.name} ${threads} ${untimed} ${calls} ${n0} ${n1}`);
    const [nanoseconds, bits] = answer.split(' ');
    if (threads > 1) await setTimeout(SPIN);
    return { seconds: Number(nanoseconds) / 1e9, value: decode(bits, true) };
  }

  async output() {
    await this.ask(`save ${this.#results}`);
    const bytes = fs.readFileSync(this.#results);
    return new Float64Array(bytes.buffer, bytes.byteOffset, bytes.length / 8);
  }

  close() {
    this.#child.close();
  }
}

module.exports = { Program };
