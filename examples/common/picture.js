'use strict';

// Pictures in files: RGBA, a byte for each channel, to PNG and back. pngjs does the work.

const fs = require('node:fs');
const { PNG } = require('pngjs');

/** Writes `rgba` as an opaque PNG, and says so. Its memory may be shared. */
function writePicture(file, { width, height, rgba }) {
  const png = new PNG({ width, height });
  png.data.set(rgba);
  fs.writeFileSync(file, PNG.sync.write(png, { colorType: 2, deflateLevel: 9 }));
  console.log(`${file}: ${width} x ${height}`);
}

/** What is in a PNG file, on shared memory. */
function readPicture(file) {
  const { width, height, data } = PNG.sync.read(fs.readFileSync(file));
  const rgba = new Uint8ClampedArray(new SharedArrayBuffer(data.length));
  rgba.set(data);
  return { width, height, rgba };
}

/** A picture of that size on shared memory, black and transparent. */
function newPicture(width, height) {
  return { width, height, rgba: new Uint8ClampedArray(new SharedArrayBuffer(4 * width * height)) };
}

module.exports = { newPicture, readPicture, writePicture };
