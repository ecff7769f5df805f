'use strict';

// Filters of pictures, RGBA, a byte for each channel: one pixel at a time. Both programs use them. Beyond its edges a picture goes on as
// it ends there.

/** The weights of a Gaussian blur, from the middle outwards and mirrored; their sum is 1. */
function gaussian(radius) {
  const sigma = radius / 2;
  const weights = Array.from({ length: 2 * radius + 1 }, (_, i) =>
    Math.exp(-((i - radius) ** 2) / (2 * sigma ** 2)),
  );
  const sum = weights.reduce((a, b) => a + b);
  return weights.map((weight) => weight / sum);
}

/** Blurs in one direction: `dx` and `dy` are 1 and 0, or 0 and 1. A blur is one of either. */
function blur(y, x, { from, to, width, height, weights, dx, dy }) {
  const radius = (weights.length - 1) / 2;
  let red = 0;
  let green = 0;
  let blue = 0;
  for (let k = 0; k < weights.length; k++) {
    const px = Math.min(Math.max(x + dx * (k - radius), 0), width - 1);
    const py = Math.min(Math.max(y + dy * (k - radius), 0), height - 1);
    const at = 4 * (py * width + px);
    red += weights[k] * from[at];
    green += weights[k] * from[at + 1];
    blue += weights[k] * from[at + 2];
  }
  const at = 4 * (y * width + x);
  to[at] = red;
  to[at + 1] = green;
  to[at + 2] = blue;
  to[at + 3] = from[at + 3];
}

/** How bright a pixel is. */
function luma(from, width, height, x, y) {
  const at = 4 * (Math.min(Math.max(y, 0), height - 1) * width + Math.min(Math.max(x, 0), width - 1));
  return 0.2126 * from[at] + 0.7152 * from[at + 1] + 0.0722 * from[at + 2];
}

/** Sobel's operator: how steep the brightness is. */
function sobel(y, x, { from, to, width, height, luma }) {
  const a = luma(from, width, height, x - 1, y - 1);
  const b = luma(from, width, height, x, y - 1);
  const c = luma(from, width, height, x + 1, y - 1);
  const d = luma(from, width, height, x - 1, y);
  const e = luma(from, width, height, x + 1, y);
  const f = luma(from, width, height, x - 1, y + 1);
  const g = luma(from, width, height, x, y + 1);
  const h = luma(from, width, height, x + 1, y + 1);
  const across = c + 2 * e + h - a - 2 * d - f;
  const down = f + 2 * g + h - a - 2 * b - c;
  const slope = Math.sqrt(across * across + down * down);
  const at = 4 * (y * width + x);
  to[at] = slope;
  to[at + 1] = slope;
  to[at + 2] = slope;
  to[at + 3] = 255;
}

module.exports = { blur, gaussian, luma, sobel };
