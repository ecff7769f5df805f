'use strict';

// How many CPUs there are, how many of them this process may use, and so why the pool has as many threads as it has.

const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');

/** `threads` is the size of the pool, undefined if there is none. `root` is where the files of the system are, and `cpus` how many CPUs it has. */
function describeProcessors(threads, root = '/', cpus = os.cpus().length) {
  const facts = {
    size: threads,
    cpus,
    affinity: affinity(root),
    quota: quota(root),
    variable: process.env.ALLCORES_THREADS || undefined,
  };
  return { ...facts, why: reason(facts) };
}

function reason({ size, cpus, affinity, quota, variable }) {
  if (variable !== undefined) return `ALLCORES_THREADS is ${variable}`;
  const allowed = affinity?.count ?? cpus;
  if (quota !== undefined && quota.cpus < allowed) {
    const share = Number(quota.cpus.toFixed(2));
    return `a quota allows the time of ${share} ${share === 1 ? 'CPU' : 'CPUs'} (${quota.file})`;
  }
  if (allowed < cpus) return `of ${cpus} CPUs, this process may run on ${affinity.list}`;
  if (size !== undefined && size !== cpus) return 'as many CPUs as the system says that this process may use';
  return 'one for each CPU';
}

/** The CPUs that this process may run on, where the system tells: Linux. */
function affinity(root) {
  const list = /Cpus_allowed_list:\s*(\S+)/.exec(read(path.posix.join(root, 'proc/self/status')) ?? '')?.[1];
  if (list === undefined) return undefined;
  const count = list.split(',').reduce((sum, range) => {
    const [from, to = from] = range.split('-').map(Number);
    return sum + to - from + 1;
  }, 0);
  return { list, count };
}

/** The least of all quotas on CPU time of the control groups that this process is in, in CPUs, and the file that has it. */
function quota(root) {
  let least;
  for (const line of (read(path.posix.join(root, 'proc/self/cgroup')) ?? '').split('\n').filter(Boolean)) {
    const [, controllers, folder] = /^\d+:([^:]*):(.*)$/.exec(line) ?? [];
    if (controllers === undefined || (controllers !== '' && !controllers.split(',').includes('cpu')))
      continue;
    const top = path.posix.join(root, controllers === '' ? 'sys/fs/cgroup' : 'sys/fs/cgroup/cpu');
    for (let at = path.posix.join(top, folder); at.startsWith(top); at = path.posix.dirname(at)) {
      const found = quotaIn(at);
      if (found !== undefined && !(found.cpus >= least?.cpus)) least = found;
    }
  }
  return least;
}

/** In both versions of control groups: so much time in each period. */
function quotaIn(folder) {
  const newer = path.posix.join(folder, 'cpu.max');
  const [time, period] = (read(newer) ?? '').split(/\s/).map(Number);
  if (time > 0 && period > 0) return { cpus: time / period, file: newer };
  const older = path.posix.join(folder, 'cpu.cfs_quota_us');
  const [microseconds, each] = [read(older), read(path.posix.join(folder, 'cpu.cfs_period_us'))].map(Number);
  return microseconds > 0 && each > 0 ? { cpus: microseconds / each, file: older } : undefined;
}

function read(file) {
  try {
    return fs.readFileSync(file, 'utf8').trim();
  } catch {
    return undefined;
  }
}

module.exports = { describeProcessors };
