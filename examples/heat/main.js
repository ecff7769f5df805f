'use strict';

// Heat spreads on a metal plate: an explicit scheme for the heat equation in two dimensions, drawn to a PNG.
//
//   node examples/heat/main.js [--width 960] [--height 640] [--steps 500] [--speed 0.2] [--out heat.png]
//
// Each step reads one buffer and writes the other. It ends before the next one begins, by `await`: no barrier is needed.

const { forRange, shared, sum } = require('../..'); // in your own program: require('allcores')
const { newPicture, writePicture } = require('../common/picture.js');
const { settings } = require('../common/settings.js');
const { cell, color, heatUp } = require('./plate.js');

const DEFAULTS = { width: 960, height: 640, steps: 500, speed: 0.2, out: 'heat.png' };

async function run({ width, height, steps, speed }) {
  let from = shared(Float64Array, width * height);
  heatUp(from, width, height);
  let to = shared(Float64Array, from);
  for (let step = 0; step < steps; step++) {
    await forRange([height - 2, width - 2], cell, { data: { from, to, width, speed } });
    [from, to] = [to, from];
  }
  return { plate: from };
}

/** `compute` is what the same program has with worker threads, in before.js. */
async function main(compute = run) {
  const { out, ...wanted } = settings(DEFAULTS, { width: [3], height: [3], steps: [0], speed: [0, 0.25] });
  const { plate } = await compute(wanted);
  console.log(`heat after ${wanted.steps} steps: ${(await sum(plate)).toFixed(6)}`);
  const picture = newPicture(wanted.width, wanted.height);
  await forRange(plate.length, color, { data: { plate, rgba: picture.rgba } });
  writePicture(out, picture);
}

module.exports = { DEFAULTS, main, run };
if (require.main === module) main();
