'use strict';

// numpy, which computes on one core, and polars, which computes on all, in a Python process of their own.

const path = require('node:path');
const { say } = require('../../common/benchmark');
const { Child } = require('../../common/child');
const { environment } = require('../../common/python');

const programs = path.join(__dirname, '..', 'programs');

/** A library by itself, so that the threads of one do not disturb the other. */
function contender(name, why) {
  let child;
  return {
    name,
    title: name,
    why,

    async open({ threads }) {
      const found = environment('reductions', path.join(programs, 'requirements.txt'), say);
      if (found.why !== undefined) return found.why;
      child = new Child(found.python, [path.join(programs, 'reductions.py'), name, `${threads}`]);
      this.why += ` (${await child.ask('about')})`;
      return undefined;
    },

    async load({ element, tile, bytes }) {
      await child.ask(`load ${element.id} ${bytes} ${tile.file}`);
    },

    supports: () => true,

    async run(workload, untimed, calls) {
      const [nanoseconds, value] = (
        await child.ask(`run ${workload.name} ${workload.bytes} ${untimed} ${calls}`)
      ).split(' ');
      return { seconds: Number(nanoseconds) / 1e9, value: Number(value) };
    },

    close: () => child.close(),
  };
}

const numpy = contender('numpy', '`array.min()` and its like, on one core');
const polars = contender('polars', '`series.min()` and its like, on all cores where it has such code');

module.exports = { numpy, polars };
