'use strict';

// Two galaxies meet: each star is drawn by every other one. Prints how well the energy is kept, and draws where the stars are to a PNG.
//
//   node examples/n-body/main.js [--num 2000] [--steps 250] [--dt 0.01] [--size 640] [--out n-body.png]
//
// Kick and drift are two calls for each step. A star writes its own elements alone, so that none waits for another one.

const { forRange, shared, sumRange } = require('../..'); // in your own program: require('allcores')
const { newPicture, writePicture } = require('../common/picture.js');
const { settings } = require('../common/settings.js');
const { draw } = require('./draw.js');
const { SOFT, drift, energy, galaxies, kick } = require('./stars.js');

const DEFAULTS = { num: 2000, steps: 250, dt: 0.01, size: 640, out: 'n-body.png' };

async function run({ num, steps, dt }) {
  const [x, y, z, vx, vy, vz] = Array.from({ length: 6 }, () => shared(Float64Array, num));
  const stars = { x, y, z, vx, vy, vz };
  galaxies(stars, num);
  const before = await sumRange(num, energy, { data: { ...stars, num, soft: SOFT } });
  for (let step = 0; step < steps; step++) {
    await forRange(num, kick, { data: { ...stars, num, dt, soft: SOFT } });
    await forRange(num, drift, { data: { ...stars, dt } });
  }
  const after = await sumRange(num, energy, { data: { ...stars, num, soft: SOFT } });
  return { x, y, before, after };
}

/** `compute` is what the same program has with worker threads, in before.js. */
async function main(compute = run) {
  const { out, size, ...wanted } = settings(DEFAULTS, { num: [2], steps: [0] });
  const { x, y, before, after } = await compute(wanted);
  const change = Math.abs(after / before - 1);
  console.log(`energy: ${before.toFixed(6)}, and ${after.toFixed(6)} after ${wanted.steps} steps`);
  console.log(`it has changed by ${(100 * change).toFixed(3)} %`);
  const picture = newPicture(size, size);
  draw(picture, x, y);
  writePicture(out, picture);
}

module.exports = { DEFAULTS, main, run };
if (require.main === module) main();
