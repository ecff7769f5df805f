'use strict';

// Draws the Mandelbrot set to a PNG, on every core, with a progress bar.
//
//   node examples/mandelbrot/main.js [--width 1920] [--height 1280] [--max 2000] [--out mandelbrot.png]
//
// The body is called with two indices for each pixel. The functions it calls are those of escape.js, named in `data`.

const { forRange } = require('../..'); // in your own program: require('allcores')
const { newPicture, writePicture } = require('../common/picture.js');
const { progressBar } = require('../common/progress.js');
const { settings } = require('../common/settings.js');
const { channel, turnsAt, view } = require('./escape.js');

const DEFAULTS = { width: 1920, height: 1280, max: 2000, out: 'mandelbrot.png' };

function pixel(y, x, { rgba, width, height, max, left, top, scale, turnsAt, channel }) {
  const turns = turnsAt(left + (x - width / 2) * scale, top + (y - height / 2) * scale, max);
  const at = 4 * (y * width + x);
  rgba[at] = channel(turns, max, 0);
  rgba[at + 1] = channel(turns, max, 0.7);
  rgba[at + 2] = channel(turns, max, 1.4);
  rgba[at + 3] = 255;
}

async function run({ width, height, max }, { onProgress } = {}) {
  const picture = newPicture(width, height);
  const data = { rgba: picture.rgba, width, height, max, ...view(width, height), turnsAt, channel };
  await forRange([height, width], pixel, { data, onProgress });
  return picture;
}

/** `compute` is what the same program has with worker threads, in before.js. */
async function main(compute = run) {
  const { out, ...wanted } = settings(DEFAULTS);
  const { onProgress, end } = progressBar('Mandelbrot');
  const picture = await compute(wanted, { onProgress });
  end();
  writePicture(out, picture);
}

module.exports = { DEFAULTS, main, run };
if (require.main === module) main();
