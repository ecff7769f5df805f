'use strict';

// Points at random in a square, and how many are in the circle. `Math.random` has a state, and no two threads could agree on
// one; what these draw depends on the index alone.

/** Chris Wellons' hash of 32 bits. */
function lowbias32(x) {
  x ^= x >>> 16;
  x = Math.imul(x, 0x7feb352d);
  x ^= x >>> 15;
  x = Math.imul(x, 0x846ca68b);
  x ^= x >>> 16;
  return x >>> 0;
}

const hashed = {
  name: 'hashed',
  title: 'Monte Carlo, a hash',
  call: 'sumRange',
  whole: true,
  counts: [2 ** 23],
  data: () => ({ lowbias32 }),
  body: (i) => {
    const x = lowbias32(2 * i) / 4294967296;
    const y = lowbias32(2 * i + 1) / 4294967296;
    return x * x + y * y < 1;
  },
  loop(from, to) {
    let count = 0;
    for (let i = from; i < to; i++) {
      const x = lowbias32(2 * i) / 4294967296;
      const y = lowbias32(2 * i + 1) / 4294967296;
      if (x * x + y * y < 1) count++;
    }
    return count;
  },
};

const drawn = {
  name: 'drawn',
  title: 'Monte Carlo, random()',
  call: 'sumRange',
  whole: true,
  counts: [2 ** 21],
  // Not before the benchmark runs: the load of allcores reads how many threads there shall be.
  data: () => ({ random: require('../../../index.js').random }),
  body: (i, { random }) => {
    const x = random(1, i);
    const y = random(1, i, 1);
    return x * x + y * y < 1;
  },
  loop(from, to, { random }) {
    let count = 0;
    for (let i = from; i < to; i++) {
      const x = random(1, i);
      const y = random(1, i, 1);
      if (x * x + y * y < 1) count++;
    }
    return count;
  },
};

module.exports = { hashed, drawn };
