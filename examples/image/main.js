'use strict';

// Blurs a picture, and finds its edges. Without `--in` it is one of its own.
//
//   node examples/image/main.js [--in photo.png] [--width 1920] [--height 1280] [--radius 8] [--blurred blurred.png] [--edges edges.png]
//
// A blur of radius r is two passes of 2 r + 1 weights each. The weights are a plain array: a constant of the body.

const { forRange } = require('../..'); // in your own program: require('allcores')
const { newPicture, writePicture } = require('../common/picture.js');
const { settings } = require('../common/settings.js');
const { blur, gaussian, luma, sobel } = require('./filters.js');
const { prepare } = require('./scene.js');

const DEFAULTS = { in: '', width: 1920, height: 1280, radius: 8, blurred: 'blurred.png', edges: 'edges.png' };

async function run({ radius }, { input }) {
  const { width, height, rgba } = input;
  const [half, blurred, edges] = [0, 1, 2].map(() => newPicture(width, height));
  const weights = gaussian(radius);
  const size = { width, height };
  const across = { ...size, weights, dx: 1, dy: 0, from: rgba, to: half.rgba };
  await forRange([height, width], blur, { data: across });
  const down = { ...size, weights, dx: 0, dy: 1, from: half.rgba, to: blurred.rgba };
  await forRange([height, width], blur, { data: down });
  await forRange([height, width], sobel, { data: { ...size, luma, from: rgba, to: edges.rgba } });
  return { blurred, edges };
}

/** `compute` is what the same program has with worker threads, in before.js. */
async function main(compute = run) {
  const wanted = settings(DEFAULTS);
  const { blurred, edges } = await compute(wanted, { input: prepare(wanted) });
  writePicture(wanted.blurred, blurred);
  writePicture(wanted.edges, edges);
}

module.exports = { DEFAULTS, main, prepare, run };
if (require.main === module) main();
