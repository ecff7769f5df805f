'use strict';

// Stars as seen from above, from -1.5 to 1.5: a point of light each, which the two galaxies have in different colors.

function draw({ width, height, rgba }, x, y) {
  for (let i = 0; i < width * height; i++) rgba[4 * i + 3] = 255;
  for (let star = 0; star < x.length; star++) {
    const px = Math.floor((x[star] / 3 + 0.5) * width);
    const py = Math.floor((y[star] / 3 + 0.5) * height);
    if (px < 1 || py < 1 || px >= width - 1 || py >= height - 1) continue;
    const [red, blue] = star % 2 === 0 ? [110, 60] : [50, 120];
    for (const [dx, dy, light] of [
      [0, 0, 1.6],
      [1, 0, 0.4],
      [-1, 0, 0.4],
      [0, 1, 0.4],
      [0, -1, 0.4],
    ]) {
      const at = 4 * ((py + dy) * width + px + dx);
      rgba[at] += light * red;
      rgba[at + 1] += light * 75;
      rgba[at + 2] += light * blue;
    }
  }
}

module.exports = { draw };
