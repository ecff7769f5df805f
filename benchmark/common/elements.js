'use strict';

// The types of elements that are summed, and the plain loop over each.

const ELEMENTS = {
  f64: { id: 'f64', name: 'Float64', Array: Float64Array, kind: 'float' },
  f32: { id: 'f32', name: 'Float32', Array: Float32Array, kind: 'float' },
  i32: { id: 'i32', name: 'Int32', Array: Int32Array, kind: 'integer' },
  u8: { id: 'u8', name: 'Uint8', Array: Uint8Array, kind: 'integer' },
  i64: { id: 'i64', name: 'BigInt64', Array: BigInt64Array, kind: 'bigint' },
};

const IDS = Object.keys(ELEMENTS);

const loops = new Map();

/**
 * The usual loop: `(view, from, to) => sum`. Each type of element gets a function of its own, as a
 * program with one type of array has: V8 optimizes a loop over two types of arrays for neither.
 *
 * BigInts wrap at 64 bits, unsigned until the end: of several ways to write it, the one that V8 runs fastest. The usual
 * loop, `sum += view[i]`, takes several times as long.
 */
function plainLoop(id) {
  if (!loops.has(id)) {
    const big = ELEMENTS[id].kind === 'bigint';
    const add = big ? 'sum = BigInt.asUintN(64, sum + view[i])' : 'sum += view[i]';
    // The name also keeps V8 from taking one function for the other.
    const source = `return function sum_${id}(view, from, to) {
      let sum = 0${big ? 'n' : ''};
      for (let i = from; i < to; i++) ${add};
      return ${big ? 'BigInt.asIntN(64, sum)' : 'sum'};
    };`;
    loops.set(id, new Function(source)());
  }
  return loops.get(id);
}

/** The bounds of the share that one of several threads sums. */
function share(length, index, threads) {
  return [Math.floor((length * index) / threads), Math.floor((length * (index + 1)) / threads)];
}

/** The sum of partial sums. */
function total(id, parts) {
  return ELEMENTS[id].kind === 'bigint'
    ? BigInt.asIntN(
        64,
        parts.reduce((a, b) => a + b, 0n),
      )
    : parts.reduce((a, b) => a + b, 0);
}

module.exports = { ELEMENTS, IDS, plainLoop, share, total };
