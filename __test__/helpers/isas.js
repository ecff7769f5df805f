'use strict';

// The instruction sets that kernels are written for. ALLCORES_ISA forces one when the addon is loaded, so each has its
// own child process. Which of them this processor has, the addon says by refusing to load, and the system by its list.

const { spawnSync } = require('node:child_process');
const fs = require('node:fs');
const { ROOT } = require('./worker.js');

const NAMES = ['portable', 'avx2', 'avx512', 'neon'];

/** The processors that have it, and what Linux calls the features that the kernels need. */
const NEEDS = {
  portable: { arch: process.arch, features: [] },
  avx2: { arch: 'x64', features: ['avx2', 'bmi2', 'f16c'] },
  avx512: { arch: 'x64', features: ['avx512f', 'avx512bw', 'avx512dq', 'bmi2', 'f16c'] },
  // NEON is "asimd" there. No list is needed: every arm64 processor that Node runs on has it.
  neon: { arch: 'arm64', features: [] },
};

/** Whether Linux says that the processor has it, and these features; undefined where there is no such list. */
function listed(name, more = []) {
  const { arch } = NEEDS[name];
  const features = [...NEEDS[name].features, ...more];
  if (process.arch !== arch) return false;
  if (features.length === 0) return true;
  if (process.platform !== 'linux') return undefined;
  const flags =
    fs
      .readFileSync('/proc/cpuinfo', 'utf8')
      .match(/^flags\s*:(.*)$/m)?.[1]
      .split(' ') ?? [];
  return features.every((flag) => flags.includes(flag));
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
