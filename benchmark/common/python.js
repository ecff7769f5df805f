'use strict';

// Contenders in Python: a virtual environment below target/ for the packages of a requirements.txt.

const { spawnSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');
const { ask } = require('./machine');
const { target } = require('./prepare');

/** `{ python }`, or `{ why }` there is none. The environment is made unless it is there; `say` is told. */
function environment(name, requirements, say) {
  const folder = path.join(target, name);
  const python = path.join(folder, process.platform === 'win32' ? 'Scripts/python.exe' : 'bin/python');
  // Written last: what an interrupted installation has left does not count.
  const stamp = path.join(folder, 'requirements.txt');
  const wanted = fs.readFileSync(requirements, 'utf8');
  if (fs.existsSync(stamp) && fs.readFileSync(stamp, 'utf8') === wanted) return { python };
  const found = ['python3', 'python'].find((name) => ask(name, '--version')?.startsWith('Python 3'));
  if (found === undefined) return { why: 'there is no Python 3' };
  say(`Installing ${wanted.trim().split('\n').join(', ')} (pip)`);
  const steps = [
    [found, '-m', 'venv', '--clear', folder],
    [python, '-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '-r', requirements],
  ];
  for (const [command, ...args] of steps) {
    const { status, stderr, error } = spawnSync(command, args, { encoding: 'utf8' });
    if (status !== 0) return { why: `${args.slice(0, 3).join(' ')}: ${error?.message ?? lastLine(stderr)}` };
  }
  fs.copyFileSync(requirements, stamp);
  return { python };
}

function lastLine(text) {
  return text.trim().split('\n').at(-1);
}

module.exports = { environment };
