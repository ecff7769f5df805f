'use strict';

// Memory that a thread of its own writes to, and grows, all the time; and sums of it, which are right if they are sums of
// values that were there.

const { inspect } = require('node:util');

/** The two values that every element of a flickering view has in turn. Sums of them are exact in any type. */
const [LOW, HIGH] = [3, 8];

const GROWN = 2 ** 21;

/** The memory, for `startMischief` and for every thread that sums. */
function build() {
  const flickering = [Int32Array, Float64Array, Uint8Array].map((View) =>
    new View(new SharedArrayBuffer(2 ** 18)).fill(LOW),
  );
  return {
    flickering,
    /** All ones, but for what has just been added. */
    growing: new SharedArrayBuffer(2 ** 16, { maxByteLength: GROWN }),
    /** The target that many want. */
    wanted: new Int32Array(new SharedArrayBuffer(4 * 500)),
    /** [how many ones there are in `growing`, whether to stop] */
    control: new Int32Array(new SharedArrayBuffer(8)),
  };
}

/** In a worker: writes until it is told to stop. */
function doMischief({ flickering, growing, control }, seconds) {
  const step = Math.ceil((GROWN - growing.byteLength) / (seconds * 20));
  const ones = new Uint8Array(growing).fill(1);
  Atomics.store(control, 0, ones.length);
  for (let round = 0; Atomics.load(control, 1) === 0; round++) {
    // Every stretch of a view is written at a time of its own.
    for (const view of flickering) {
      const length = Math.floor(view.length / 7);
      view.fill(round % 2 ? LOW : HIGH, (round % 7) * length, ((round % 7) + 1) * length);
    }
    if (round % 25 === 0 && growing.byteLength + step <= GROWN) {
      const before = growing.byteLength;
      growing.grow(before + step);
      ones.fill(1, before);
      Atomics.store(control, 0, ones.length);
    }
    Atomics.wait(control, 1, 0, 2);
  }
}

/** Operations, in the form of operations.js. */
const SUMS = {
  'sum of what is being written': [
    3,
    ({ allcores, random, shared }) => {
      const all = random.pick(shared.flickering);
      const view = all.subarray(0, random.integer(1, all.length));
      const right = (value) => {
        const highs = (value - LOW * view.length) / (HIGH - LOW);
        return Number.isInteger(highs) && highs >= 0 && highs <= view.length
          ? undefined
          : `${value} of ${view.length} elements of ${LOW} and ${HIGH}`;
      };
      return { start: (options) => allcores.sum(view, options), right };
    },
  ],
  'sum of what another thread grows': [
    3,
    ({ allcores, shared }) => {
      const view = new Uint8Array(shared.growing);
      let least;
      let most;
      return {
        start(options) {
          least = Atomics.load(shared.control, 0);
          const call = allcores.sum(view, options);
          most = view.length;
          return call;
        },
        right: (value) => (value >= least && value <= most ? undefined : `${value}, not ${least} to ${most}`),
      };
    },
  ],
  'sum of what grows meanwhile': [
    3,
    ({ allcores, random }) => {
      const size = random.integer(1, 2 ** 17);
      const view = new Uint8Array(new SharedArrayBuffer(size, { maxByteLength: 2 ** 19 })).fill(1);
      const start = (options) => {
        const call = allcores.sum(view, options);
        view.buffer.grow(2 ** 19);
        view.fill(1, size);
        return call;
      };
      return { start, right: (value) => (value === size ? undefined : `${value} instead of ${size}`) };
    },
  ],
};

const MIXED = {
  'sum of what is being filled': [
    2,
    ({ allcores, random }) => {
      // The slots go from 0 to their partial sums, the flag from 0 to num to 0.
      const view = new BigInt64Array(new SharedArrayBuffer(8 * random.integer(4096, 50_000)));
      const num = 1_000_000n;
      const total = (num * (num - 1n)) / 2n;
      let filled;
      return {
        start(options) {
          filled = allcores.sumIntoSharedBuffer(view, num);
          return allcores.sum(view, options);
        },
        right: (value) =>
          value >= 0n && value <= total + num ? undefined : `${inspect(value)} while it is filled`,
        async after() {
          const sums = [await filled, await allcores.sum(view)];
          return sums.every((sum) => sum === total) ? undefined : `${inspect(sums)} instead of ${total}`;
        },
      };
    },
  ],
};

module.exports = { MIXED, SUMS, build, doMischief };
