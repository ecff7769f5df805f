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
};

module.exports = { REDUCTIONS };
