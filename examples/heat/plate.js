'use strict';

// A metal plate: how it begins, a step of a cell, and how a temperature looks. Both programs use it.

/** Rings and bars that are hot, 1, on a cold plate, 0. */
function heatUp(plate, width, height) {
  const size = Math.min(width, height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const r = Math.hypot(x - width / 2, y - height / 2) / size;
      const isRing = Math.abs(r - 0.33) < 0.04;
      const isCross = Math.abs(Math.abs(x - width / 2) - Math.abs(y - height / 2)) < size / 60 && r < 0.25;
      plate[y * width + x] = isRing || isCross ? 1 : 0;
    }
  }
}

/** A cell takes on some of what its four neighbors have more. The border stays as it is: cells count from 1. */
function cell(y, x, { from, to, width, speed }) {
  const at = (y + 1) * width + x + 1;
  const here = from[at];
  to[at] = here + speed * (from[at - 1] + from[at + 1] + from[at - width] + from[at + width] - 4 * here);
}

/** Black, red, yellow, white. */
function color(i, { plate, rgba }) {
  const t = 3 * Math.sqrt(plate[i]);
  rgba[4 * i] = 255 * t;
  rgba[4 * i + 1] = 255 * (t - 1);
  rgba[4 * i + 2] = 255 * (t - 2);
  rgba[4 * i + 3] = 255;
}

module.exports = { cell, color, heatUp };
