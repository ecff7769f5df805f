'use strict';

// The kernels in Python, compiled by Numba, in a virtual environment below target/.

const path = require('node:path');
const { say } = require('../../common/benchmark');
const { environment } = require('../../common/python');
const { Program } = require('./program');

const programs = path.join(__dirname, '..', 'programs');
const requirements = path.join(programs, 'requirements.txt');
let running;

const numba = {
  name: 'numba',
  title: 'Numba',
  why: '`@njit(parallel=True, fastmath=False)` and `prange`',

  async open({ memory }) {
    const { python, why } = environment('numba', requirements, say);
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

module.exports = { numba };
