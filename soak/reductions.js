'use strict';

// Calls that reduce to something other than a sum: the place of the extreme, or of what is found, is known.

const exactly = (expected) => (value) =>
  Object.is(value, expected) ? undefined : `${value} instead of ${expected}`;

const REDUCTIONS = {
  'extremes of a view': [
    4,
    ({ allcores, random }) => {
      const Type = random.pick([Float64Array, Float32Array, Int16Array, Uint8Array, BigInt64Array]);
      const view = allcores.shared(Type, 1 + random.magnitude(100_000));
      const number = Type === BigInt64Array ? BigInt : Number;
      const at = random.integer(0, view.length - 1);
      view.fill(number(50))[at] = number(20);
      const name = random.pick(['min', 'max', 'argMin', 'argMax']);
      const isAlone = view.length === 1;
      const right = {
        min: view[at],
        max: isAlone ? view[at] : number(50),
        argMin: at,
        argMax: at === 0 && !isAlone ? 1 : 0,
      };
      return { start: (options) => allcores[name](view, options), right: exactly(right[name]) };
    },
  ],
  'extremes of a body': [
    3,
    ({ allcores, random }) => {
      const num = 1 + random.magnitude(300_000);
      const at = random.integer(0, num - 1);
      const body = (i, { at }) => -Math.abs(i - at);
      const name = random.pick(['max', 'argMax']);
      return {
        start: (options) => allcores[name](num, body, { ...options, data: { at } }),
        right: exactly(name === 'max' ? -0 : at),
      };
    },
  ],
  count: [
    2,
    ({ allcores, random }) => {
      const [num, step] = [random.magnitude(300_000), random.integer(1, 9)];
      const predicate = (i, { step }) => i % step === 0;
      return {
        start: (options) => allcores.count(num, predicate, { ...options, data: { step } }),
        right: exactly(Math.ceil(num / step)),
      };
    },
  ],
  findIndex: [
    4,
    ({ allcores, random }) => {
      const num = random.magnitude(1_000_000);
      const at = random.magnitude(1_000_000);
      const predicate = (i, { at }) => i >= at;
      return {
        start: (options) => allcores.findIndex(num, predicate, { ...options, data: { at } }),
        right: exactly(at < num ? at : -1),
      };
    },
  ],
  'findIndex in a view': [
    2,
    ({ allcores, random }) => {
      const view = allcores.shared(Int32Array, 1 + random.magnitude(300_000)).fill(7);
      const at = random.integer(0, view.length - 1);
      view.fill(8, at);
      const k = random.pick([8, 9]);
      const predicate = (x, _, { k }) => x === k;
      return {
        start: (options) => allcores.findIndex(view, predicate, { ...options, data: { k } }),
        right: exactly(k === 8 ? at : -1),
      };
    },
  ],
  'mean and variance of a view': [
    4,
    ({ allcores, random }) => {
      const Type = random.pick([Float64Array, Float32Array, Int32Array, Uint16Array, BigInt64Array]);
      const view = allcores.shared(Type, 4 * random.magnitude(40_000));
      // A loop could not tell 1e15 from 1e15 + 2 once it has squared them.
      const base = Type === Float64Array || Type === BigInt64Array ? random.pick([5, 1e15]) : 1000;
      const number = Type === BigInt64Array ? BigInt : Number;
      for (let i = 0; i < view.length; i++) view[i] = number(base + 2 * (i % 4));
      const ddof = random.pick([undefined, 0, 1]);
      if (random.chance(0.5)) {
        return { start: (options) => allcores.mean(view, options), right: exactly(base + 3) };
      }
      return {
        start: (options) => allcores.variance(view, { ...options, ddof }),
        right: exactly((5 * view.length) / (view.length - (ddof ?? 0))),
      };
    },
  ],
  'norm of a view': [
    2,
    ({ allcores, random }) => {
      const root = random.magnitude(300);
      // Squares overflow or underflow, but for the one in the middle.
      const scale = random.pick([2 ** -700, 1, 2 ** 700]);
      const view = allcores.shared(Float64Array, 2 * root * root);
      for (let i = 0; i < view.length; i++) view[i] = scale * (i % 2 ? -3 : 4);
      return { start: (options) => allcores.norm(view, options), right: exactly(5 * root * scale) };
    },
  ],
  dot: [
    4,
    ({ allcores, random }) => {
      const length = 2 + random.magnitude(150_000);
      const [A, B] = [random.pick([Float64Array, Float32Array, Int8Array]), Float64Array];
      const [a, b] = [allcores.shared(A, length), allcores.shared(B, length)];
      let expected = 0;
      for (let i = 0; i < length; i++) {
        a[i] = i % 7;
        b[i] = (i % 5) - 2;
        expected += a[i] * b[i];
      }
      if (A === Float64Array) {
        // Two products that overflow, and cancel.
        const [i, j] = [random.integer(0, (length >> 1) - 1), random.integer(length >> 1, length - 1)];
        expected -= a[i] * b[i] + a[j] * b[j];
        [a[i], b[i], a[j], b[j]] = [1e200, 1e200, -1e200, 1e200];
      }
      return { start: (options) => allcores.dot(a, b, options), right: exactly(expected) };
    },
  ],
  'mean, variance and norm of a body': [
    3,
    ({ allcores, random }) => {
      const [num, step] = [1 + random.magnitude(90_000), random.integer(1, 90)];
      const body = (i, { step }) => i * step;
      const right = {
        mean: (step * (num - 1)) / 2,
        variance: (step * step * (num * num - 1)) / 12,
        // Equal terms: a square root of an integer.
        norm: Math.sqrt(step * step * num),
      };
      const name = random.pick(['mean', 'variance', 'norm']);
      const call = name === 'norm' ? (_, { step }) => step : body;
      return {
        start: (options) => allcores[name](num, call, { ...options, data: { step } }),
        right: exactly(right[name]),
      };
    },
  ],
};

module.exports = { REDUCTIONS };
