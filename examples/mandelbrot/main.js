'use strict';

// Draws the Mandelbrot set as text. The body is called with two indices, y and x, for each character of the picture, on every core;
// what it works on is passed in `data`.

const { forRange } = require('../..');

const WIDTH = 78;
const HEIGHT = 32;
const MAX = 1000;
/** From few turns to many. */
const SHADES = ' .:-=+*%#@';

/** How many turns a point takes to leave the circle. */
function turns(cx, cy, max) {
  let x = 0;
  let y = 0;
  let count = 0;
  while (count < max && x * x + y * y <= 4) {
    [x, y] = [x * x - y * y + cx, 2 * x * y + cy];
    count++;
  }
  return count;
}

function body(y, x, { picture, width, height, max, turns }) {
  picture[y * width + x] = turns((x / width) * 3 - 2.2, (y / height) * 2.4 - 1.2, max);
}

async function main() {
  const picture = new Uint16Array(new SharedArrayBuffer(2 * WIDTH * HEIGHT));
  const data = { picture, width: WIDTH, height: HEIGHT, max: MAX, turns };
  await forRange([HEIGHT, WIDTH], body, { data });

  for (let y = 0; y < HEIGHT; y++) {
    const row = picture.subarray(y * WIDTH, (y + 1) * WIDTH);
    console.log(Array.from(row, shade).join('').trimEnd());
  }
}

function shade(count) {
  return count === MAX
    ? SHADES.at(-1)
    : SHADES[Math.min(Math.floor(Math.log2(count + 1)), SHADES.length - 2)];
}

main();
