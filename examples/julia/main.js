'use strict';

// Draws a Julia set to a PNG, on every core, with a progress bar.
//
//   node examples/julia/main.js [--width 1920] [--height 1280] [--real=-0.8] [--imaginary 0.156] [--max 1000] [--out julia.png]
//
// The body has loops of its own: each pixel is the mean of 3 x 3 points, so that no edge is jagged.

const { forRange } = require('../..'); // in your own program: require('allcores')
const { newPicture, writePicture } = require('../common/picture.js');
const { progressBar } = require('../common/progress.js');
const { settings } = require('../common/settings.js');
const { pixel, turns, view } = require('./pixel.js');

const DEFAULTS = { width: 1920, height: 1280, real: -0.8, imaginary: 0.156, max: 1000, out: 'julia.png' };

async function run({ width, height, real, imaginary, max }, { onProgress } = {}) {
  const picture = newPicture(width, height);
  const { rgba } = picture;
  const data = { rgba, width, height, real, imaginary, max, scale: view(width, height), turns };
  await forRange([height, width], pixel, { data, onProgress });
  return picture;
}

/** `compute` is what the same program has with worker threads, in before.js. */
async function main(compute = run) {
  const { out, ...wanted } = settings(DEFAULTS);
  const { onProgress, end } = progressBar('Julia');
  const picture = await compute(wanted, { onProgress });
  end();
  writePicture(out, picture);
}

module.exports = { DEFAULTS, main, run };
if (require.main === module) main();
