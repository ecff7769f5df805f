'use strict';

// The threads of this process as the kernel lists them. Linux only: `noTasks` is the reason to skip elsewhere.

const fs = require('node:fs');

const FOLDER = '/proc/self/task';

const noTasks = fs.existsSync(FOLDER) ? false : 'this system does not list its threads in /proc';

/** One entry per thread: { id, name, blockedSignals, runNanoseconds }. */
function tasks() {
  return fs.readdirSync(FOLDER).flatMap((id) => {
    try {
      const read = (file) => fs.readFileSync(`${FOLDER}/${id}/${file}`, 'utf8');
      return {
        id,
        name: read('comm').trim(),
        blockedSignals: BigInt(`0x${read('status').match(/SigBlk:\s*(\w+)/)[1]}`),
        runNanoseconds: Number(read('schedstat').split(' ')[0]),
      };
    } catch {
      return []; // It ended while we looked.
    }
  });
}

/** The threads of the pool. */
function poolTasks() {
  return tasks().filter(({ name }) => /^allcores-\d/.test(name));
}

module.exports = { noTasks, poolTasks, tasks };
