'use strict';

// One pixel of a Julia set, as a plain function of its place. Both programs use it as it is.

/** How many turns the point takes to leave a circle, with a fraction that makes the colors smooth. */
function turns(x, y, real, imaginary, max) {
  for (let turn = 0; turn < max; turn++) {
    const square = x * x + y * y;
    if (square > 64) return turn + 3 - Math.log2(Math.log(square));
    [x, y] = [x * x - y * y + real, 2 * x * y + imaginary];
  }
  return max;
}

/** How much of the plane a pixel is. */
const view = (width, height) => Math.max(3.3 / width, 2.2 / height);

function pixel(y, x, { rgba, width, height, real, imaginary, max, scale, turns }) {
  let red = 0;
  let green = 0;
  let blue = 0;
  for (let j = 1; j < 6; j += 2) {
    for (let i = 1; i < 6; i += 2) {
      const px = (x + i / 6 - width / 2) * scale;
      const py = (y + j / 6 - height / 2) * scale;
      const t = Math.sqrt(turns(px, py, real, imaginary, max) / max);
      red += Math.min(1, 3 * t);
      green += Math.max(0, Math.min(1, 3 * t - 0.6));
      blue += 0.15 + 0.85 * Math.sin(Math.PI * t);
    }
  }
  const at = 4 * (y * width + x);
  rgba[at] = (255 * red) / 9;
  rgba[at + 1] = (255 * green) / 9;
  rgba[at + 2] = (255 * blue) / 9;
  rgba[at + 3] = 255;
}

module.exports = { pixel, turns, view };
