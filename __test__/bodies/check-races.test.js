'use strict';

// Before a compiled body runs first, it is compared with the function, though other threads write to its arrays meanwhile:
// what they change in between is no difference.

const assert = require('node:assert/strict');
const { test } = require('node:test');
const { forRange, sum, sumRange } = require('../..');
const native = require('../../lib/binding.js');
const { Gates, patience } = require('../helpers/handshake.js');
const { opaque } = require('../helpers/opaque.js');
const { rejects } = require('../helpers/rejects.js');
const { scale } = require('../helpers/scale.js');
const { startWorker } = require('../helpers/worker.js');

/** While `act` runs, another thread writes to all elements of `view`, two values in turn. */
async function whileWritten(view, act) {
  const gates = new Gates();
  const worker = startWorker(
    (root, { view, cells }) => {
      const { Gates } = require(`${root}/__test__/helpers/handshake.js`);
      const gates = new Gates(cells);
      gates.raise(0);
      for (let k = 0; gates.value(1) === 0; k++) view.fill(k & 1);
    },
    { view, cells: gates.cells },
  );
  try {
    await gates.until(0);
    await act();
  } finally {
    gates.raise(1);
    await worker.terminate();
  }
}

test('elements that change between two reads are no difference, and a real one is found all the same', async () => {
  const view = new Float64Array(new SharedArrayBuffer(8 * 64));
  const { checkBody } = native;
  let asked = 0;
  native.checkBody = (...args) => {
    asked++;
    return checkBody(...args);
  };
  try {
    await whileWritten(view, async () => {
      // A comparison asks twice at the most, unless it looks again.
      let again = 0;
      const patient = patience();
      for (let round = 0; round < scale(300) || (again === 0 && patient()); round++) {
        const before = asked;
        const [first, second] = [round, round + 1];
        // New functions, which are compared.
        await sum(view, (x, i) => x * i, { threads: 1 });
        await sumRange(64, (i, { view }) => view[i] + view[63 - i], { data: { view } });
        const swap = (i, { view }) => {
          const x = view[i];
          view[i] = view[63 - i] + first * 0 + second * 0;
          view[63 - i] = x;
        };
        await forRange(32, swap, { data: { view, first, second } });
        if (asked - before > 6) again++;
      }
      assert.ok(again > 0, 'no comparison met the other thread');
      const offset = opaque(1);
      await rejects(() => sum(view, (_x, i) => i + offset, { data: { offset: 2 } }), 'ERR_DIFFERS');
    });
  } finally {
    native.checkBody = checkBody;
  }
});
