'use strict';

// Every kind of call there is. A trial of an operation is one call with random arguments, and all that is known of how
// it must end:
//
//   start(options)   makes the call; the options may have a signal
//   right(value)     whether that is the answer; `undefined` if it is, or what is wrong
//   aborted(started) the same, once the call has been aborted, before or after it started
//   refusal          the code that it must be refused with
//   contended        it may be refused as busy
//   after()          once it has ended in whatever way: what else is wrong

const { inspect } = require('node:util');
const oracle = require('../__test__/helpers/oracle.js');
const { BODIES } = require('./bodies.js');
const { REDUCTIONS } = require('./reductions.js');
const { REFUSALS } = require('./refusals.js');
const { MIXED, SUMS } = require('./racing.js');

const show = (value) => inspect(value).slice(0, 60);

/** Nothing but this value is right. */
const exactly = (expected) => (value) =>
  Object.is(value, expected) ? undefined : `${show(value)} instead of ${show(expected)}`;

const range = {
  'sumRange(number)': [
    8,
    ({ allcores, random, error }) => {
      const num = random.magnitude(2 ** 53 - 1);
      const right = exactly(Number(oracle.rangeSum(num) + error));
      return { start: (options) => allcores.sumRange(num, options), right };
    },
  ],
  'sumRange(bigint)': [
    8,
    ({ allcores, random, error }) => {
      const num = BigInt(random.magnitude(2 ** 32)) * BigInt(random.magnitude(2 ** 32 - 1));
      const right = exactly(oracle.rangeSum(num) + error);
      return { start: (options) => allcores.sumRange(num, options), right };
    },
  ],
  'sumRange, fifty at once': [
    2,
    ({ allcores, random }) => {
      const first = random.magnitude(2 ** 40);
      const start = async (options) => {
        const calls = Array.from({ length: 50 }, (_, i) => allcores.sumRange(first + i, options));
        const ends = await Promise.allSettled(calls);
        const rejected = ends.find(({ status }) => status === 'rejected');
        if (rejected) throw rejected.reason;
        return ends.map(({ value }) => value);
      };
      const right = (sums) =>
        sums.map((sum, i) => exactly(Number(oracle.rangeSum(first + i)))(sum)).find((what) => what);
      return { start, right };
    },
  ],
};

/** `target` for a call, `view` on the same slots; `given` tells whether num is, or is in the last slot already. */
function filling(target, view, num, given, { allcores }) {
  const flag = view.length - 1;
  const wide = view instanceof BigInt64Array;
  const total = exactly(wide ? oracle.rangeSum(num) : Number(oracle.rangeSum(num)));
  if (!given) view[flag] = wide ? BigInt(num) : num;
  return {
    start: (options) =>
      given
        ? allcores.sumIntoSharedBuffer(target, num, options)
        : allcores.sumIntoSharedBuffer(target, options),
    right(value) {
      // All slots of a short view, some of a long one.
      const step = Math.ceil(flag / 64);
      for (let k = 0; k < flag; k += step) {
        const slot = oracle.partialSum(num, k, flag);
        if (BigInt(view[k]) !== slot)
          return `slot ${k} of ${flag} holds ${view[k]} instead of ${slot}, num ${num}`;
      }
      if (Number(view[flag]) !== 0) return `the flag is ${view[flag]}`;
      return total(value);
    },
  };
}

function fill(world, target, view, most) {
  const num = world.random.magnitude(most);
  const trial = filling(target, view, num, world.random.chance(0.7), world);
  const flag = view.length - 1;
  const before = view[flag];
  const aborted = (started) => {
    const expected = started ? -1 : Number(before);
    return Number(view[flag]) === expected
      ? undefined
      : `aborted with ${view[flag]} in the last slot instead of ${expected}, num ${num}`;
  };
  return { ...trial, aborted };
}

/** What fits an Int32 slot however few there are, and a 64-bit one. */
const [SMALL, LARGE] = [2 ** 16, 2 ** 32];

const into = {
  'into a SharedArrayBuffer': [
    6,
    (world) => {
      const buffer = new SharedArrayBuffer(4 * (1 + world.random.magnitude(4096)));
      if (buffer.byteLength < 8) return fill(world, ...twoSlots(), SMALL);
      return fill(world, buffer, new Int32Array(buffer), SMALL);
    },
  ],
  'into an Int32Array': [
    6,
    (world) => {
      const view = part(world, Int32Array, world.random.magnitude(100_000));
      return fill(world, view, view, SMALL);
    },
  ],
  'into a BigInt64Array': [
    6,
    (world) => {
      const view = part(world, BigInt64Array, world.random.magnitude(100_000));
      return fill(world, view, view, LARGE);
    },
  ],
  'into millions of slots': [
    0.3,
    (world) => {
      const view = part(world, BigInt64Array, world.random.integer(2 ** 18, 2 ** 20));
      return fill(world, view, view, LARGE);
    },
  ],
  'into a buffer that grows': [
    3,
    (world) => {
      const buffer = new SharedArrayBuffer(256, { maxByteLength: 1 << 16 });
      const trial = fill(world, buffer, new Int32Array(buffer, 0, 64), SMALL);
      return { ...trial, start: (options) => [trial.start(options), buffer.grow(1 << 16)][0] };
    },
  ],
  'into a buffer that many want': [
    4,
    (world) => {
      // Whoever comes next may write there as soon as the promise is settled: only the total is this call's own.
      const num = world.random.magnitude(SMALL);
      const start = (options) => world.allcores.sumIntoSharedBuffer(world.shared.wanted, num, options);
      return { start, right: exactly(Number(oracle.rangeSum(num))), contended: true };
    },
  ],
  'into a busy buffer': [
    2,
    ({ allcores, random }) => {
      const view = new BigInt64Array(new SharedArrayBuffer(8 * 4096));
      const at = 8 * random.integer(0, 4090);
      let first;
      return {
        refusal: 'ERR_BUFFER_BUSY',
        start(options) {
          first = allcores.sumIntoSharedBuffer(view, 10_000_000n);
          return allcores.sumIntoSharedBuffer(new Int32Array(view.buffer, at, 8), 5, options);
        },
        after: async () => exactly(49_999_995_000_000n)(await first),
      };
    },
  ],
};

function twoSlots() {
  const view = new Int32Array(new SharedArrayBuffer(8));
  return [view.buffer, view];
}

/** A view of two slots or more, somewhere in a buffer of its own. */
function part({ random }, View, slots) {
  const size = View.BYTES_PER_ELEMENT;
  const offset = random.integer(0, 20);
  const length = slots + 1;
  return new View(new SharedArrayBuffer((offset + length + 3) * size), offset * size, length);
}

/** `sum` of a part of one of the rows, of up to so many bytes. */
function sumPart({ allcores, random, stage }, most) {
  const { view, sum } = random.pick(stage);
  const length = Math.min(random.magnitude(Math.floor(most / view.BYTES_PER_ELEMENT)), view.length);
  const begin = random.integer(0, view.length - length);
  const end = random.chance(0.02) ? begin : begin + length;
  const part = view.subarray(begin, end);
  return { start: (options) => allcores.sum(part, options), right: exactly(sum(begin, end)) };
}

const sums = {
  'sum of up to 16 KiB': [14, (world) => sumPart(world, 2 ** 14)],
  'sum of up to 8 MiB': [5, (world) => sumPart(world, 2 ** 23)],
  ...SUMS,
};

const refused = {
  'bad input': [
    6,
    (world) => {
      const [refusal, start] = world.random.pick(REFUSALS);
      return { refusal, start: (options) => start(world.allcores, options) };
    },
  ],
};

const OPERATIONS = Object.entries({
  ...range,
  ...into,
  ...sums,
  ...BODIES,
  ...REDUCTIONS,
  ...MIXED,
  ...refused,
}).map(([name, [weight, trial]]) => ({ name, weight, trial }));

module.exports = { OPERATIONS };
