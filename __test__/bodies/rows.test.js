'use strict';

// Ranges of two and three dimensions: machine code runs long rows by themselves. Each element and each sum is that of the loop.

const assert = require('node:assert/strict');
const { describe, test } = require('node:test');
const { argMin, findIndex, forRange, max, sumRange } = require('../..');
const { shared } = require('../helpers/views.js');

/** Longer and shorter than the shortest row that runs by itself, and than groups of lanes. */
const WIDTHS = [1, 7, 31, 32, 33, 47, 64, 100, 257, 2500];

const FORMS = {
  'the element itself': (y, x, { a, w }) => a[y * w + x] * 2,
  'its neighbors': (y, x, { a, w }) => a[(y - 1) * w + (x + 1)] + a[y * w + x - 1] + a[(y + 1) * w + x],
  'some around it': (y, x, { a, w }) => {
    let sum = 0;
    for (let dy = -1; dy <= 1; dy++) {
      for (let dx = -1; dx <= 1; dx++) sum += a[(y + dy) * w + x + dx] || 0;
    }
    return sum;
  },
  'by integers': (y, x, { a, w }) => a[(y * w + x) | 0] + a[((y << 3) + x) | 0],
  'along a column': (y, x, { a, h }) => a[x * h + y],
  'backwards, and one in two': (y, x, { a, w }) => a[w - 1 - x] + a[2 * x + y],
  'by the row alone': (y, x, { a }) => a[y] * Math.sqrt(y + 1) + (x % (y + 2)),
  'with a number that is no integer': (y, x, { a, s }) => a[y * s + x] || x,
  'with numbers that are too large': (y, x, { a, t }) => a[y * t + x - y * t] || y,
  'in a loop of its own': (y, x, { a, w }) => {
    let steps = 0;
    for (let k = x; k < w && a[k] !== 3; k += y + 1) steps++;
    return steps;
  },
};

for (const Type of [Float64Array, Uint8Array, Int16Array, Float32Array]) {
  describe(`elements of a ${Type.name}`, () => {
    for (const [name, form] of Object.entries(FORMS)) {
      test(name, async () => {
        for (const w of WIDTHS) {
          const h = Math.min(9, Math.ceil(6000 / w));
          const a = shared(
            Type,
            Array.from({ length: w * h }, (_, k) => (k * k) % 251),
          );
          const data = { a, w, h, s: w + 0.5, t: 2 ** 60 };
          const expected = new Float64Array(w * h);
          let [sum, most, least, first] = [0, Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY, -1];
          let at = -1;
          const flat = ([y, x]) => y * w + x;
          for (let y = 0; y < h; y++) {
            for (let x = 0; x < w; x++) {
              const value = form(y, x, data);
              expected[y * w + x] = value;
              sum += value;
              most = Math.max(most, value);
              if (value < least) [least, at] = [value, y * w + x];
              if (first < 0 && value > 100) first = y * w + x;
            }
          }
          const out = shared(Float64Array, new Array(w * h).fill(-1));
          const store = new Function('y', 'x', 'data', 'data.out[y * data.w + x] = data.form(y, x, data)');
          await forRange([h, w], store, { data: { ...data, out, form } });
          assert.deepEqual(out, expected, `${w}`);
          // Sums that no order changes: of quarters, and far from 2^50.
          if (expected.every((value) => Number.isInteger(4 * value))) {
            assert.equal(await sumRange([h, w], form, { data }), sum);
          }
          if (!Number.isNaN(sum)) {
            assert.equal(await max([h, w], form, { data }), most);
            assert.equal(flat(await argMin([h, w], form, { data })), at);
          }
          const isLarge = new Function('y', 'x', 'data', 'return data.form(y, x, data) > 100');
          const found = await findIndex([h, w], isLarge, { data: { ...data, form } });
          assert.equal(found[0] < 0 ? -1 : flat(found), first);
        }
      });
    }
  });
}

test('three dimensions', async () => {
  const [d, h, w] = [3, 5, 70];
  const a = shared(
    Float64Array,
    Array.from({ length: d * h * w }, (_, k) => Math.sin(k)),
  );
  const out = shared(Float64Array, new Array(d * h * w).fill(0));
  const body = (z, y, x, { a, out, h, w }) => {
    const at = (z * h + y) * w + x;
    out[at] = a[at] + 2 * a[at - w] - a[at + h * w] + Math.exp(-z * y) * x;
  };
  await forRange([d, h, w], body, { data: { a, out, h, w } });
  const expected = new Float64Array(d * h * w);
  const data = { a, out: expected, h, w };
  for (let z = 0; z < d; z++) for (let y = 0; y < h; y++) for (let x = 0; x < w; x++) body(z, y, x, data);
  assert.deepEqual(out, expected);
});
