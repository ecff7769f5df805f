'use strict';

// Shared memory of every element type, and what any part of it sums to. Element i of a view is element i % PERIOD of a
// short row, so that the exact sum of a part follows from sums over the row, however long the part is.

const { inUnits, round, roundInteger } = require('../__test__/helpers/exact.js');
const { VIEWS } = require('../__test__/helpers/views.js');

const PERIOD = 251;
const MIB = 2 ** 20;

/** [type, how its numbers are spread, bytes] */
const KINDS = VIEWS.flatMap((View) => {
  const large = ['Uint8Array', 'Int32Array', 'Float64Array', 'BigInt64Array'].includes(View.name);
  const bytes = large ? 8 * MIB : MIB;
  return /Float/.test(View.name)
    ? [
        [View, 'any exponent', MIB],
        [View, 'uniform', bytes],
      ]
    : [[View, 'any', bytes]];
});

/** The memory: one buffer per kind. */
function build(random) {
  return KINDS.map(([View, spread, bytes]) => {
    const view = new View(new SharedArrayBuffer(bytes));
    const row = new View(PERIOD);
    const words = new Uint32Array(Math.ceil(row.byteLength / 4)).map(() => random.bits());
    new Uint8Array(row.buffer).set(new Uint8Array(words.buffer, 0, row.byteLength));
    for (let i = 0; i < PERIOD; i++) {
      if (spread === 'uniform') row[i] = 2 * random.fraction() - 1;
      // Numbers that have a place on a line, and no -0: sums of nothing but those are another test's.
      if (typeof row[i] === 'number' && (!Number.isFinite(row[i]) || row[i] === 0)) row[i] = 1;
    }
    for (let i = 0; i < view.length; i += PERIOD) view.set(row.subarray(0, view.length - i), i);
    return view.buffer;
  });
}

/** What a thread knows of the memory: views, and their sums. */
function open(buffers) {
  return buffers.map((buffer, i) => {
    const [View] = KINDS[i];
    const view = new View(buffer);
    const isFloat = /Float/.test(View.name);
    const sums = [0n];
    for (const element of view.subarray(0, PERIOD)) {
      sums.push(sums.at(-1) + (isFloat ? inUnits(element) : BigInt(element)));
    }
    const upTo = (end) => BigInt(Math.floor(end / PERIOD)) * sums[PERIOD] + sums[end % PERIOD];
    const empty = isFloat ? -0 : 0;
    const isBigInt = /Big/.test(View.name);
    return {
      view,
      /** What the elements from `begin` up to, not including, `end` sum to. */
      sum(begin, end) {
        const exact = upTo(end) - upTo(begin);
        if (isBigInt) return exact;
        if (begin === end) return empty;
        return isFloat ? round(exact) : roundInteger(exact);
      },
    };
  });
}

module.exports = { build, open };
