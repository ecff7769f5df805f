'use strict';

// What is always true of sum(view), as properties for fast-check. They run in the test's own process and, for each
// instruction set, in a child.

const fc = require('fast-check');
const { fill, namesFor, Random } = require('./distributions.js');
const { bitsOf, exactSum, fromBits } = require('./exact.js');
const { ROOT } = require('./worker.js');
const { BIGINTS, FLOATS, INTEGERS, empty, same, shared } = require('./views.js');

const TYPES = [...FLOATS, ...INTEGERS, ...BIGINTS];

/** Doubles come up as often as all the other floats, and floats as often as all integers. */
const type = fc.oneof(
  { weight: 2, arbitrary: fc.constant(FLOATS.at(-1)) },
  { weight: 2, arbitrary: fc.constantFrom(...FLOATS) },
  { weight: 3, arbitrary: fc.constantFrom(...INTEGERS, ...BIGINTS) },
);

const length = fc.oneof(
  fc.integer({ min: 0, max: 300 }),
  fc.integer({ min: 0, max: 10_000 }),
  fc.integer({ min: 0, max: 70_000 }),
);

/** A view: its type, and all that its elements depend on. `of` narrows the types. */
const data = (of = type) =>
  of.chain((one) =>
    fc.record({
      View: fc.constant(one.View.name),
      name: fc.constantFrom(...namesFor(one)),
      length,
      offset: fc.nat(40),
      seed: fc.nat(2 ** 31),
    }),
  );

function make({ View, name, length, offset, seed }) {
  const one = TYPES.find((type) => type.View.name === View);
  return fill(empty(one.View, length, offset), name, one, seed);
}

const negative = (value) => (value === 0n ? value : -value);

/** (sum, threads) -> what fast-check asserts. */
const PROPERTIES = {
  'the sum is exact, rounded once, for every number of threads': ({ sum, threads }) =>
    fc.asyncProperty(data(), fc.integer({ min: 1, max: threads }), async (what, count) => {
      const view = make(what);
      const expected = exactSum(view);
      same(await sum(view), expected);
      same(await sum(view, { threads: count }), expected, `sum with ${count} threads`);
      same(await sum(view, { threads: 1 }), expected, 'sum with one thread');
    }),

  'the order of the elements does not matter': ({ sum }) =>
    fc.asyncProperty(data(), fc.nat(2 ** 31), async (what, seed) => {
      const view = make(what);
      const before = await sum(view);
      new Random(seed).shuffle(view);
      same(await sum(view), before, 'shuffled');
      same(await sum(view.reverse()), before, 'reversed');
      same(await sum(view.sort()), before, 'sorted');
    }),

  'a part of a view sums up as a copy of it': ({ sum }) =>
    fc.asyncProperty(data(), fc.nat(70_000), fc.nat(70_000), async (what, a, b) => {
      const view = make(what);
      const part = view.subarray(Math.min(a, b), Math.max(a, b));
      same(await sum(part), await sum(shared(part.constructor, part)));
    }),

  'the parts of a view of BigInts sum up to the whole': ({ sum }) =>
    fc.asyncProperty(data(fc.constantFrom(...BIGINTS)), fc.nat(70_000), async (what, at) => {
      const view = make(what);
      const parts = await Promise.all([sum(view.subarray(0, at)), sum(view.subarray(at))]);
      same(parts[0] + parts[1], await sum(view));
    }),

  'the parts of a view of integers sum up to the whole': ({ sum }) =>
    fc.asyncProperty(data(fc.constantFrom(...INTEGERS)), fc.nat(70_000), async (what, at) => {
      const view = make(what);
      const parts = await Promise.all([sum(view.subarray(0, at)), sum(view.subarray(at))]);
      // 70,000 elements of 32 bits stay far below 2^53.
      same(parts[0] + parts[1], await sum(view));
    }),

  'the negated elements have the negated sum': ({ sum }) =>
    fc.asyncProperty(data(fc.constantFrom(...FLOATS)), async (what) => {
      const view = make(what);
      const before = await sum(view);
      for (let i = 0; i < view.length; i++) view[i] = -view[i];
      // No zero is negated: the sum is -0 of negative zeros only, and +0 otherwise.
      const after = await sum(view);
      if (before === 0) same(after, exactSum(view));
      else same(after, -before);
    }),

  'a tie is decided by the smallest number of all, wherever it is': ({ sum, threads }) =>
    fc.asyncProperty(
      data(fc.constant(FLOATS.at(-1))),
      fc.double({ min: 2 ** -900, max: 2 ** 1000, noNaN: true }),
      fc.constantFrom(-1, 0, 1),
      async (what, near, nudge) => {
        // Everything cancels but a number, half of its unit in the last place, and the smallest number there is.
        const half = make(what).map((element) => (Number.isFinite(element) ? element : 1));
        const random = new Random(what.seed);
        const tie = [near, (fromBits(bitsOf(near) + 1n) - near) / 2, nudge * Number.MIN_VALUE];
        const view = shared(
          Float64Array,
          random.shuffle([...half, ...half.map((element) => -element), ...tie]),
        );
        const odd = bitsOf(near) & 1n;
        const expected = nudge > 0 || (nudge === 0 && odd) ? fromBits(bitsOf(near) + 1n) : near;
        same(await sum(view), expected);
        same(await sum(view, { threads: 1 + random.below(threads) }), expected);
        same(exactSum(view), expected, 'the oracle');
      },
    ),

  'what is not in the view does not count, and the view is not written': ({ sum }) =>
    fc.asyncProperty(data(), async (what) => {
      const view = make(what);
      const before = view.slice();
      const all = new Uint8Array(view.buffer);
      const expected = exactSum(view);
      const poison = all.slice().fill(0xff);
      all.subarray(0, view.byteOffset).fill(0xff);
      all.subarray(view.byteOffset + view.byteLength).fill(0xff);
      poison.set(new Uint8Array(view.buffer, view.byteOffset, view.byteLength), view.byteOffset);
      same(await sum(view), expected);
      if (Buffer.compare(all, poison) !== 0) throw new Error('the memory has changed');
      if (before.some((element, i) => !Object.is(element, view[i])))
        throw new Error('an element has changed');
    }),

  'the negated BigInts have the negated sum': ({ sum }) =>
    fc.asyncProperty(data(fc.constant(BIGINTS[0])), async (what) => {
      // The smallest BigInt has no opposite of 64 bits.
      const view = make(what).map((element) => (element === -(2n ** 63n) ? 0n : element));
      const negated = shared(BigInt64Array, view.map(negative));
      same(await sum(negated), -(await sum(shared(BigInt64Array, view))));
    }),
};

/** Asserts one property, with so many runs. A failure names its seed and path, and how to run it again. */
function check(name, runs, addon = require(ROOT)) {
  const seed = process.env.ALLCORES_TEST_SEED;
  return fc.assert(PROPERTIES[name](addon), {
    numRuns: runs,
    ...(seed === undefined ? {} : { seed: Number(seed) }),
  });
}

module.exports = { PROPERTIES: Object.keys(PROPERTIES), check, data, make };
