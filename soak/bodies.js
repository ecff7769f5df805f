'use strict';

// Calls with a loop body: closures that are made anew for each call, with numbers, arrays, tables and helpers in data.

const exactly = (expected) => (value) =>
  Object.is(value, expected) ? undefined : `${value} instead of ${expected}`;

/** Σ (i % 7) below num. */
const sumOfSevens = (num) => Math.floor(num / 7) * 21 + ((num % 7) * ((num % 7) - 1)) / 2;

/** Whether the elements are those, of which all are looked at if they are few. */
function elements(view, expected) {
  const step = Math.ceil(view.length / 500);
  for (let i = 0; i < view.length; i += step) {
    if (view[i] !== expected(i))
      return `element ${i} of ${view.length} is ${view[i]} instead of ${expected(i)}`;
  }
  return undefined;
}

const f64 = (length) => new Float64Array(new SharedArrayBuffer(8 * length));

const BODIES = {
  'sumRange with a body': [
    6,
    ({ allcores, random, error }) => {
      const num = random.magnitude(300_000);
      const step = random.integer(1, 1000);
      const body = (i) => (i % 7) * step;
      const right = exactly(sumOfSevens(num) * step + Number(error));
      return { start: (options) => allcores.sumRange(num, body, { ...options, data: { step } }), right };
    },
  ],
  'sumRange of rows and columns': [
    3,
    ({ allcores, random }) => {
      const [rows, columns] = [random.magnitude(300), random.magnitude(300)];
      const table = [random.integer(0, 9), random.integer(0, 9)];
      const half = (x) => x / 2;
      const body = (i, j, { table, half }) => half(i * table[0] + j * table[1]);
      const sum = (n) => (n * (n - 1)) / 2;
      const right = exactly((sum(rows) * columns * table[0] + sum(columns) * rows * table[1]) / 2);
      const data = { table, half };
      return { start: (options) => allcores.sumRange([rows, columns], body, { ...options, data }), right };
    },
  ],
  'sum with a body': [
    4,
    ({ allcores, random, stage }) => {
      const { view, sum } = random.pick(stage.filter(({ view }) => typeof view[0] === 'number'));
      const length = Math.min(random.magnitude(100_000), view.length);
      const begin = random.integer(0, view.length - length);
      const part = view.subarray(begin, begin + length);
      return {
        start: (options) => allcores.sum(part, (x) => x, options),
        right: exactly(sum(begin, begin + length)),
      };
    },
  ],
  map: [
    4,
    ({ allcores, random }) => {
      const view = f64(random.magnitude(100_000)).fill(random.integer(1, 9));
      const offset = random.fraction();
      const body = (x, i, { offset }) => x * i + offset;
      const [first] = view;
      const into = random.chance(0.5) ? f64(view.length) : undefined;
      return {
        start: (options) => allcores.map(view, body, { ...options, data: { offset }, into }),
        right: (result) =>
          into && result !== into ? 'another array' : elements(result, (i) => first * i + offset),
      };
    },
  ],
  forRange: [
    4,
    ({ allcores, random }) => {
      const out = f64(random.magnitude(100_000));
      const step = random.integer(1, 100);
      const body = (i, { out, step }) => {
        out[i] += i * step;
      };
      return {
        start: (options) => allcores.forRange(out.length, body, { ...options, data: { out, step } }),
        right: (value) => (value === undefined ? elements(out, (i) => i * step) : `resolved with ${value}`),
      };
    },
  ],
  'a body that differs': [
    1,
    ({ allcores, random }) => {
      const step = random.integer(1, 100);
      const body = (i) => i * step + 1;
      const start = (options) => allcores.sumRange(100, body, { ...options, data: { step: step + 1 } });
      return { refusal: 'ERR_DIFFERS', start };
    },
  ],
  'a body that takes long': [
    1,
    ({ allcores, random }) => {
      const turns = random.magnitude(2000);
      const body = (i, { turns }) => {
        let x = i;
        for (let k = 0; k < turns; k++) x = (x * 5 + 1) % 1021;
        return x;
      };
      let expected = 0;
      for (let i = 0; i < 2000; i++) expected += body(i, { turns });
      const onProgress = ({ done, total }) => {
        if (!(done <= total)) throw new Error(`${done} of ${total} are done`);
      };
      const data = { turns };
      return {
        start: (options) => allcores.sumRange(2000, body, { ...options, data, onProgress }),
        right: exactly(expected),
      };
    },
  ],
};

module.exports = { BODIES };
