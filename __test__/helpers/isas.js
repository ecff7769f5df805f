'use strict';

// The instruction sets that kernels are written for. ALLCORES_ISA forces one when the addon is loaded, so each has its
// own child process. Which of them this processor has, the addon says by refusing to load, and the system by its list.

const { spawnSync } = require('node:child_process');
const fs = require('node:fs');
const { ROOT } = require('./worker.js');

const NAMES = ['portable', 'avx2', 'avx512'];

/** What Linux calls that which the kernels need. */
const NEEDS = {
  portable: [],
  avx2: ['avx2', 'bmi2', 'f16c'],
  avx512: ['avx512f', 'avx512bw', 'avx512dq', 'bmi2', 'f16c'],
};

/** Whether Linux says that the processor has it; undefined where there is no such list. */
function listed(name) {
  if (name === 'portable') return true;
  if (process.platform !== 'linux' || process.arch !== 'x64') return undefined;
  const flags =
    fs
      .readFileSync('/proc/cpuinfo', 'utf8')
      .match(/^flags\s*:(.*)$/m)?.[1]
      .split(' ') ?? [];
  return NEEDS[name].every((flag) => flags.includes(flag));
}

/** Loads the addon with ALLCORES_ISA set: { code, stdout }; the program prints 'loaded', or the class and code. */
function load(name) {
  const program = `
    try { require(${JSON.stringify(ROOT)}); console.log('loaded'); }
    catch (error) { console.log(error.constructor.name, error.code, error.message); }`;
  const env = { ...process.env, ALLCORES_ISA: name };
  const { status, stdout } = spawnSync(process.execPath, ['-e', program], {
    env,
    encoding: 'utf8',
    timeout: 20_000,
  });
  return { code: status, stdout: stdout.trim() };
}

/** { name, env, skip } for each: `env` makes a child use it; `skip` is false, or the reason why it cannot be tested. */
const isas = NAMES.map((name) => ({
  name,
  env: { ALLCORES_ISA: name },
  skip: load(name).stdout === 'loaded' ? false : `this processor has no ${name}`,
}));

module.exports = { isas, listed, load };
