'use strict';

// Conway's game of life on a torus, drawn to a PNG: cells that live, and the trails of those that have.
//
//   node examples/life/main.js [--width 960] [--height 640] [--generations 300] [--seed 1] [--out life.png]

const { count, forRange, shared } = require('../..'); // in your own program: require('allcores')
const { newPicture, writePicture } = require('../common/picture.js');
const { settings } = require('../common/settings.js');
const { cell, color, populate } = require('./rules.js');

const DEFAULTS = { width: 960, height: 640, generations: 300, seed: 1, out: 'life.png' };

async function run({ width, height, generations, seed }) {
  let from = shared(Uint8Array, width * height);
  populate(from, seed);
  let to = shared(Uint8Array, from.length);
  const trail = shared(Uint8Array, from.length);
  for (let generation = 0; generation < generations; generation++) {
    await forRange([height, width], cell, { data: { from, to, trail, width, height } });
    [from, to] = [to, from];
  }
  return { cells: from, trail };
}

/** `compute` is what the same program has with worker threads, in before.js. */
async function main(compute = run) {
  const { out, ...wanted } = settings(DEFAULTS, { generations: [0], seed: [0] });
  const { cells, trail } = await compute(wanted);
  console.log(
    `cells that live in generation ${wanted.generations}: ${await count(cells, (cell) => cell === 1)}`,
  );
  const picture = newPicture(wanted.width, wanted.height);
  await forRange(cells.length, color, { data: { cells, trail, rgba: picture.rgba } });
  writePicture(out, picture);
}

module.exports = { DEFAULTS, main, run };
if (require.main === module) main();
