'use strict';

// Stores whose index is no number of an element: they do nothing. For all but `undefined` that is JavaScript's meaning; docs/bodies.md
// says what the difference is.

const assert = require('node:assert/strict');
const { test } = require('node:test');
const { forRange, sumRange } = require('../..');
const { rejects } = require('../helpers/rejects.js');
const { shared } = require('../helpers/views.js');

const run = async (body) => {
  const out = shared(Float64Array, [0, 0, 0, 0]);
  const next = shared(Int32Array, [2, 3]);
  await forRange(6, body, { data: { out, next } });
  assert.deepEqual(Object.keys(out), ['0', '1', '2', '3']);
  return [...out];
};

test('a store at an index that turns out to be undefined does nothing', async () => {
  const assign = (i, { out, next }) => {
    out[next[i]] = 1;
  };
  assert.deepEqual(await run(assign), [0, 0, 1, 1]);
  const count = (i, { out, next }) => {
    out[next[i]]++;
  };
  assert.deepEqual(await run(count), [0, 0, 1, 1]);
  const unset = (i, { out }) => {
    let k;
    if (i === 1) k = 3;
    out[k] = 5;
  };
  assert.deepEqual(await run(unset), [0, 0, 0, 5]);
});

test('so does one at NaN, beyond the ends, or between two elements; -0 is 0', async () => {
  const body = (i, { out, next }) => {
    out[Number.NaN] = 1;
    out[next[i] / 0] = 2;
    out[i + 0.5] = 3;
    out[-1 - i] = 4;
    out[4 + i] = 5;
    out[2 ** 53 * (i + 1)] = 6;
    out[-i * 0] = 7;
  };
  assert.deepEqual(await run(body), [7, 0, 0, 0]);
});

test('a store that can only be at undefined is refused, and so is one at a boolean or null', async () => {
  for (const body of [
    (_i, { out }) => {
      out[undefined] = 1;
    },
    (i, { out }) => {
      out[i > 2] = 1;
    },
    (_i, { out }) => {
      out[null] = 1;
    },
  ]) {
    await rejects(() => run(body), 'ERR_UNSUPPORTED', /is used as an index/);
  }
});

test('what is stored at undefined and read back is found where it is compared', async () => {
  const out = shared(Float64Array, [0, 0]);
  const next = shared(Int32Array, [1]);
  const body = (i, { out, next }) => {
    out[next[i]] = i;
    return out[next[i]] >= 0;
  };
  await rejects(() => sumRange(6, body, { data: { out, next } }), 'ERR_DIFFERS');
  assert.deepEqual([...out], [0, 0]);
});
