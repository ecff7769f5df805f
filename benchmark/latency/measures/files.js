'use strict';

// Reading a file while all threads work: libuv's threads want a core too.

const fs = require('node:fs/promises');
const { keepBusy } = require('../busy');
const { check } = require('../check');
const { now } = require('../../common/timed');
const { notAbove, rowOf } = require('../targets');

const IDLE = 'fs.readFile, nothing else to do';
const BUSY = 'fs.readFile, all threads at work';

const files = {
  name: 'files',
  title: 'fs.readFile while all threads work',
  text: 'A small file that is in the cache of the system, read with `fs.promises.readFile` again and again.',
  headline: [{ what: BUSY, text: 'fs.readFile meanwhile' }],

  async turn(pool, { memory, seconds }) {
    const idle = await read(seconds / 4);
    const end = await keepBusy(pool, memory, 2 * pool.width);
    const busy = await read(seconds);
    await end();
    return { idle, busy };
  },

  async measure({ inTurns, hosts, options, tally }) {
    const { bytes, seconds } = options;
    await inTurns(hosts, options.longRounds, async (host, round) => {
      const contender = host.contender.name;
      const { idle, busy } = await host.turn('files', { bytes, seconds });
      tally.add({ what: IDLE, contender }, round, idle);
      tally.add({ what: BUSY, contender }, round, busy);
    });
  },

  targets(rows) {
    return [notAbove(rowOf(rows, BUSY, 'workers'), 'worker_threads')];
  },
};

async function read(seconds) {
  const { size } = await fs.stat(__filename);
  const times = [];
  const start = now();
  do {
    const before = now();
    const content = await fs.readFile(__filename);
    times.push(now() - before);
    check(content.length, size);
  } while (now() - start < seconds);
  return times;
}

module.exports = files;
