'use strict';

// The kernels in C, with OpenMP: compiled for this very processor, without -ffast-math.

const { spawnSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');
const { ask } = require('../../common/machine');
const { program } = require('../../common/prepare');
const { Program } = require('./program');

/** Without contraction `a * b + c` is rounded twice, as in JavaScript; without errno a square root is one instruction. */
const FLAGS = ['-O3', '-march=native', '-fopenmp', '-ffp-contract=off', '-fno-math-errno'];

let running;

const openmp = {
  name: 'openmp',
  title: 'C, OpenMP',
  why: `\`gcc ${FLAGS.join(' ')}\`, \`parallel for\` with \`simd reduction\``,

  async open({ memory }) {
    const version = ask('gcc', '--version');
    if (version === undefined) return 'there is no gcc';
    const binary = program('bodies');
    fs.mkdirSync(path.dirname(binary), { recursive: true });
    const source = path.join(__dirname, '..', 'programs', 'bodies.c');
    const compiled = spawnSync('gcc', [...FLAGS, source, '-o', binary, '-lm'], { encoding: 'utf8' });
    if (compiled.status !== 0) return `gcc: ${compiled.stderr.trim().split('\n')[0]}`;
    running = await Program.start(binary, [], memory);
    this.why += ` (${version})`;
    return undefined;
  },

  supports: () => true,
  run: (...args) => running.run(...args),
  output: () => running.output(),
  close: () => running.close(),
};

module.exports = { openmp };
