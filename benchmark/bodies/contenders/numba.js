'use strict';

// The kernels in Python, compiled by Numba, in a virtual environment below target/.

const { spawnSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');
const { say } = require('../../common/benchmark');
const { ask } = require('../../common/machine');
const { target } = require('../../common/prepare');
const { Program } = require('./program');

const programs = path.join(__dirname, '..', 'programs');
const requirements = path.join(programs, 'requirements.txt');
const environment = path.join(target, 'numba');
const python = path.join(environment, process.platform === 'win32' ? 'Scripts/python.exe' : 'bin/python');

let running;

const numba = {
  name: 'numba',
  title: 'Numba',
  why: '`@njit(parallel=True, fastmath=False)` and `prange`',

  async open({ memory }) {
    const why = install();
    if (why !== undefined) return why;
    running = await Program.start(python, [path.join(programs, 'bodies.py')], memory);
    this.why += ` (${await running.ask('about')})`;
    return undefined;
  },

  supports: () => true,
  run: (...args) => running.run(...args),
  output: () => running.output(),
  /** Seconds that the first call of a function takes that is new each time. */
  first: async (number) => Number(await running.ask(`first ${number}`)) / 1e9,
  close: () => running.close(),
};

/** Makes the environment, unless it is there; returns why it cannot be made. */
function install() {
  // Written last: what an interrupted installation has left does not count.
  const stamp = path.join(environment, 'requirements.txt');
  if (fs.existsSync(stamp) && fs.readFileSync(stamp, 'utf8') === fs.readFileSync(requirements, 'utf8')) {
    return undefined;
  }
  const found = ['python3', 'python'].find((name) => ask(name, '--version')?.startsWith('Python 3'));
  if (found === undefined) return 'there is no Python 3';
  say('Installing Numba (pip)');
  const steps = [
    [found, '-m', 'venv', '--clear', environment],
    [python, '-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '-r', requirements],
  ];
  for (const [command, ...args] of steps) {
    const { status, stderr, error } = spawnSync(command, args, { encoding: 'utf8' });
    if (status !== 0) return `${args.slice(0, 3).join(' ')}: ${error?.message ?? lastLine(stderr)}`;
  }
  fs.copyFileSync(requirements, stamp);
  return undefined;
}

function lastLine(text) {
  return text.trim().split('\n').at(-1);
}

module.exports = { numba };
