'use strict';

// The Mandelbrot set as plain functions. Both programs use them as they are.

/** How many turns the point takes to leave a large circle, with a fraction that makes the colors smooth; `max` if it stays. */
function turnsAt(cx, cy, max) {
  let x = 0;
  let y = 0;
  for (let turn = 0; turn < max; turn++) {
    if (x * x + y * y > 256) return turn + 5 - Math.log2(Math.log(x * x + y * y));
    [x, y] = [x * x - y * y + cx, 2 * x * y + cy];
  }
  return max;
}

/** One of three channels, 0 to 255, for a number of turns: waves that are slow where turns are many. */
function channel(turns, max, phase) {
  if (turns >= max) return 0;
  return 127.5 - 127.5 * Math.cos(1.8 * Math.log(turns + 1) + phase);
}

/** Where the picture is: its middle, and how much of the plane a pixel is. */
function view(width, height) {
  return { left: -0.7, top: 0, scale: Math.max(3.1 / width, 2.4 / height) };
}

module.exports = { channel, turnsAt, view };
