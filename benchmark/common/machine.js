'use strict';

// What the numbers were measured on.

const { execFileSync } = require('node:child_process');
const fs = require('node:fs');
const os = require('node:os');

const CPU = '/sys/devices/system/cpu/cpu0';

function machine() {
  return {
    cpu: os.cpus()[0]?.model.trim() ?? 'unknown',
    cpus: os.availableParallelism(),
    caches: caches(),
    memory: os.totalmem(),
    system: `${os.type()} ${os.release()} ${os.arch()}`,
    virtual: /^flags.*\bhypervisor\b/m.test(read('/proc/cpuinfo') ?? ''),
    governor: read(`${CPU}/cpufreq/scaling_governor`) ?? 'not readable',
    hugePages: /\[(\w+)\]/.exec(read('/sys/kernel/mm/transparent_hugepage/enabled') ?? '')?.[1] ?? 'unknown',
  };
}

/** Of the first CPU: [{ name: 'L1d', size: '32K', cpus: 1 }] */
function caches() {
  const found = [];
  for (let index = 0; ; index++) {
    const folder = `${CPU}/cache/index${index}`;
    const level = read(`${folder}/level`);
    if (level === undefined) return found;
    const type = read(`${folder}/type`);
    if (type === 'Instruction') continue;
    const shared = read(`${folder}/shared_cpu_list`) ?? '';
    found.push({
      name: `L${level}${type === 'Data' ? 'd' : ''}`,
      size: (read(`${folder}/size`) ?? '?').replace('K', ' KiB'),
      sharedBy: shared,
    });
  }
}

function read(file) {
  try {
    return fs.readFileSync(file, 'utf8').trim();
  } catch {
    return undefined;
  }
}

/** The first line that a command prints, or undefined. */
function ask(command, ...args) {
  try {
    return execFileSync(command, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })
      .trim()
      .split('\n')[0];
  } catch {
    return undefined;
  }
}

/** Several lines for people. */
function describe(m) {
  const sizes = m.caches.map(({ name, size, sharedBy }) => `${name} ${size} (CPUs ${sharedBy})`).join(', ');
  return [
    `CPU: ${m.cpu}, ${m.cpus} for this process${m.virtual ? ', in a virtual machine' : ''}`,
    `Caches of the first CPU: ${sizes || 'unknown'}`,
    `Memory: ${(m.memory / 2 ** 30).toFixed(1)} GiB; transparent huge pages: ${m.hugePages}`,
    `System: ${m.system}; frequency governor: ${m.governor}`,
  ];
}

module.exports = { ask, describe, machine };
