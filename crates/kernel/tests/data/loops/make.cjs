'use strict';

// What the loops of this folder make their data with.

const shared = (T, list) => {
  const length = typeof list === 'number' ? list : list.length;
  const view = new T(new SharedArrayBuffer(length * T.BYTES_PER_ELEMENT));
  if (typeof list !== 'number') view.set(list);
  return view;
};

/** Numbers from 0 to 1, the same each time. */
function noise(seed) {
  let s = seed;
  return () => {
    s = (Math.imul(s, 1664525) + 1013904223) >>> 0;
    return s / 4294967296;
  };
}

/** An array of such a type: `next` makes each of its elements. */
const filled = (T, length, next) => {
  const view = shared(T, length);
  for (let k = 0; k < length; k++) view[k] = next(k);
  return view;
};

/** Random numbers from `low` to `high`. */
const random = (T, length, seed, low = 0, high = 1) => {
  const r = noise(seed);
  return filled(T, length, () => low + (high - low) * r());
};

/** RGBA, smooth with some noise. */
const picture = (w, h, seed = 3) => {
  const r = noise(seed);
  return filled(Uint8ClampedArray, w * h * 4, (k) =>
    k % 4 === 3 ? 255 : 120 + 100 * Math.sin(((k >> 2) % w) / 7 + (k % 4)) + 50 * (r() - 0.5),
  );
};

/** The bytes of a text. */
const bytes = (text) => shared(Uint8Array, Buffer.from(text));

module.exports = { bytes, filled, noise, picture, random, shared };
