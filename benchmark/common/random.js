'use strict';

// Random numbers for the data of the benchmarks.

/** xoshiro128**: 32 random bits a call, the same in every run. */
function generator(seed) {
  let [a, b, c, d] = [seed, seed ^ 0x9e3779b9, 0x243f6a88, 0xb7e15162];
  const next = () => {
    const mixed = Math.imul(b, 5);
    const result = Math.imul((mixed << 7) | (mixed >>> 25), 9);
    const shifted = b << 9;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= shifted;
    d = (d << 11) | (d >>> 21);
    return result >>> 0;
  };
  for (let i = 0; i < 64; i++) next();
  return next;
}

/** A double of 53 random bits from 0 to 1, 1 excluded. */
function unit(random) {
  return ((random() >>> 5) * 2 ** 26 + (random() >>> 6)) / 2 ** 53;
}

module.exports = { generator, unit };
