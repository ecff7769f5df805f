'use strict';

// Every length and every start, around all the sizes in which the memory is read: vectors, groups of vectors, tiles,
// pieces. What is around a view is poison: an element too many or too few does not go unnoticed.

const assert = require('node:assert/strict');
const { describe, test } = require('node:test');
const { debug } = require('../helpers/binaries.js');
const { runChild } = require('../helpers/child.js');
const { isas } = require('../helpers/isas.js');
const { VIEWS } = require('../helpers/views.js');

/**
 * In a child process: the sums of all views whose lengths are in `lengths`, which is [from, to], or around so many `bytes`,
 * one element down and up; each at every offset below `offsets`. Prints how many views there were.
 */
async function sumAll(root, { lengths, bytes, offsets }) {
  const { Random } = require(`${root}/__test__/helpers/distributions.js`);
  const { exactSum, round, roundInteger, unitsOf } = require(`${root}/__test__/helpers/exact.js`);
  const { VIEWS, same } = require(`${root}/__test__/helpers/views.js`);
  const { sum } = require(root);
  const random = new Random(7);

  const isFloat = (View) => /Float/.test(View.name);
  const isBig = (View) => /Big/.test(View.name);

  function make(View, length) {
    const elements = new View(new SharedArrayBuffer(length * View.BYTES_PER_ELEMENT));
    const lowest = View.BYTES_PER_ELEMENT === 2 ? -22 : -15;
    for (let i = 0; i < length; i++) {
      if (isBig(View)) elements[i] = random.bits();
      else if (isFloat(View))
        elements[i] = random.sign() * (1 + random.unit()) * 2 ** (random.below(30) + lowest);
      else elements[i] = random.word();
    }
    return elements;
  }

  /** (from, to) -> the exact sum of these elements. Between all `ends` they are added up once, for all views. */
  function sumsBetween(elements, ends) {
    const View = elements.constructor;
    const totals = new Map();
    let [from, total] = [0, 0n];
    for (const end of [...new Set(ends)].sort((a, b) => a - b)) {
      const part = elements.subarray(from, end);
      // Of these few elements of 32 bits every sum is a double.
      total += isFloat(View) ? unitsOf(part) : BigInt(exactSum(part));
      totals.set(end, total);
      from = end;
    }
    return (from, to) => {
      if (from === to && isFloat(View)) return -0;
      const total = totals.get(to) - totals.get(from);
      return isBig(View) ? total : isFloat(View) ? round(total) : roundInteger(total);
    };
  }

  let count = 0;

  /** Short views: each in memory of its own, where all the rest are set bits: NaN, or -1, or the largest there is. */
  async function short(View, [first, last]) {
    const elements = make(View, 1000);
    const expected = sumsBetween(elements, elements.keys());
    const room = Math.ceil((last + offsets + 2) / 64) * 64;
    for (let offset = 0; offset < offsets; offset++) {
      const memory = new View(new SharedArrayBuffer((last + 1) * room * View.BYTES_PER_ELEMENT));
      new Uint8Array(memory.buffer).fill(0xff);
      const calls = [];
      for (let length = first; length <= last; length++) {
        const from = random.below(elements.length - length);
        const view = memory.subarray(length * room + offset, length * room + offset + length);
        view.set(elements.subarray(from, from + length));
        calls.push([sum(view), expected(from, from + length), length]);
      }
      for (const [call, expected, length] of calls) {
        same(await call, expected, `${View.name}, ${length} elements at ${offset}`);
        count++;
      }
    }
  }

  /** Long views: parts of the same elements, with set bits on either side of them. */
  async function long(View) {
    const lengths = bytes.flatMap((bytes) => [-1, 0, 1].map((more) => bytes / View.BYTES_PER_ELEMENT + more));
    const elements = make(View, Math.max(...lengths) + offsets + 1);
    const offsetsAndEnds = [];
    for (let offset = 0; offset < offsets; offset++) {
      offsetsAndEnds.push(offset, ...lengths.map((length) => offset + length));
    }
    const expected = sumsBetween(elements, offsetsAndEnds);
    const [poison] = new View(new Uint8Array(8).fill(0xff).buffer);
    for (let offset = 0; offset < offsets; offset++) {
      for (const length of lengths) {
        const end = offset + length;
        const [before, after] = [elements[offset - 1], elements[end]];
        if (offset > 0) elements[offset - 1] = poison;
        elements[end] = poison;
        same(
          await sum(elements.subarray(offset, end)),
          expected(offset, end),
          `${View.name}, ${length} at ${offset}`,
        );
        if (offset > 0) elements[offset - 1] = before;
        elements[end] = after;
        count++;
      }
    }
  }

  for (const View of VIEWS) {
    if (lengths) await short(View, lengths);
    if (bytes) await long(View);
  }
  console.log(count);
}

const KiB = 1024;
const SHORT = { lengths: [0, 300], offsets: 16 };
/** The sizes of pieces, their multiples, and how views are cut for a few threads. */
const LONG = { bytes: [64, 128, 256, 512, 768].map((size) => size * KiB), offsets: 16 };
const FEW = { bytes: [32, 64, 128, 512].map((size) => size * KiB), offsets: 4 };

const short = VIEWS.length * 301 * 16;

describe('every length from 0 to 300, at every offset from 0 to 15', { concurrency: 2 }, () => {
  for (const { name, env, skip } of isas) {
    test(name, { skip }, () => runChild(sumAll, { args: [SHORT], env }, { stdout: `${short}` }));
  }
  test('debug build', { skip: debug.skip }, () =>
    runChild(sumAll, { args: [SHORT], env: debug.env }, { stdout: `${short}` }),
  );
});

describe('lengths around the boundaries of pieces', { concurrency: 2 }, () => {
  const views = ({ bytes, offsets }) => `${VIEWS.length * bytes.length * 3 * offsets}`;

  for (const [index, { name, env, skip }] of isas.entries()) {
    // The pieces of a view depend on the number of threads: not the same one for all of them.
    const threads = { ALLCORES_THREADS: `${1 + index}` };
    test(`${name}, ${1 + index} threads`, { skip }, () =>
      runChild(sumAll, { args: [LONG], env: { ...env, ...threads } }, { stdout: views(LONG) }),
    );
  }
  test('debug build', { skip: debug.skip }, () =>
    runChild(sumAll, { args: [FEW], env: debug.env }, { stdout: views(FEW) }),
  );
});

test('a view that tracks a growable buffer covers whole elements only', async () => {
  const { sum } = require('../..');
  for (const View of VIEWS) {
    if (View.BYTES_PER_ELEMENT === 1) continue;
    const buffer = new SharedArrayBuffer(4 * View.BYTES_PER_ELEMENT, { maxByteLength: 100 });
    const view = new View(buffer);
    buffer.grow(7 * View.BYTES_PER_ELEMENT + View.BYTES_PER_ELEMENT - 1);
    assert.equal(view.length, 7);
    view.fill(/Big/.test(View.name) ? 3n : 3);
    new Uint8Array(buffer).fill(0xff, 7 * View.BYTES_PER_ELEMENT);
    assert.equal(Number(await sum(view)), 21, View.name);
  }
});
