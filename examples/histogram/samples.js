'use strict';

// Numbers to count: sums of four pseudo-random ones each, from 0 up to 1, always the same.

function samples(num) {
  const values = new Float64Array(new SharedArrayBuffer(8 * num));
  let state = 1;
  const random = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
  for (let i = 0; i < num; i++) values[i] = (random() + random() + random() + random()) / 4;
  return values;
}

module.exports = { samples };
