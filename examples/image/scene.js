'use strict';

// A picture to work on, for those who bring none: balls in the light, on a chessboard.

const { newPicture, readPicture } = require('../common/picture.js');

function scene(width, height) {
  const picture = newPicture(width, height);
  const { rgba } = picture;
  const size = Math.min(width, height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      let shade = (Math.floor((12 * x) / size) + Math.floor((12 * y) / size)) % 2 === 0 ? 70 : 40;
      let tint = 0;
      for (let ball = 0; ball < 5; ball++) {
        const px = (x - width * (0.14 + 0.18 * ball)) / (size * 0.2);
        const py = (y - height * (0.5 + 0.25 * Math.sin(2 * ball))) / (size * 0.2);
        const r = px * px + py * py;
        if (r >= 1) continue;
        shade = 40 + 215 * Math.max(0, Math.sqrt(1 - r) * 0.6 - px * 0.5 - py * 0.6);
        tint = ball + 1;
      }
      const at = 4 * (y * width + x);
      rgba[at] = shade * (tint === 0 || tint % 2 === 1 ? 1 : 0.4);
      rgba[at + 1] = shade * (tint === 0 || tint === 2 || tint === 3 ? 1 : 0.45);
      rgba[at + 2] = shade * (tint === 0 || tint > 3 ? 1 : 0.35);
      rgba[at + 3] = 255;
    }
  }
  return picture;
}

/** The picture in a file, or that one. */
const prepare = ({ in: file, width, height }) => (file ? readPicture(file) : scene(width, height));

module.exports = { prepare };
