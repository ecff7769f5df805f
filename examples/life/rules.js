'use strict';

// Conway's game of life on a torus: one byte for each cell, 1 if it lives. Both programs use it.

/** A third of the cells lives, always the same for a seed. */
function populate(cells, seed) {
  let state = (seed >>> 0) + 1;
  for (let i = 0; i < cells.length; i++) {
    // A generator of Marsaglia's, xorshift32.
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    cells[i] = (state >>> 0) % 3 === 0 ? 1 : 0;
  }
}

/** `trail` is how long ago a cell has lived: 255 now, and less and less from then on. */
function cell(y, x, { from, to, trail, width, height }) {
  const up = ((y + height - 1) % height) * width;
  const here = y * width;
  const down = ((y + 1) % height) * width;
  const left = (x + width - 1) % width;
  const right = (x + 1) % width;
  const neighbors =
    from[up + left] +
    from[up + x] +
    from[up + right] +
    from[here + left] +
    from[here + right] +
    from[down + left] +
    from[down + x] +
    from[down + right];
  const at = here + x;
  const lives = neighbors === 3 || (neighbors === 2 && from[at] === 1);
  to[at] = lives ? 1 : 0;
  trail[at] = lives ? 255 : trail[at] * 0.96;
}

/** Cells are white, their trails blue. */
function color(i, { cells, trail, rgba }) {
  const t = trail[i];
  rgba[4 * i] = cells[i] === 1 ? 255 : t / 5;
  rgba[4 * i + 1] = cells[i] === 1 ? 255 : t / 3;
  rgba[4 * i + 2] = cells[i] === 1 ? 255 : t * 0.7;
  rgba[4 * i + 3] = 255;
}

module.exports = { cell, color, populate };
