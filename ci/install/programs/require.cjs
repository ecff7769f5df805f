'use strict';

const assert = require('node:assert/strict');
const allcores = require('allcores');

const { sum, sumIntoSharedBuffer, sumRange, threads } = allcores;

(async () => {
  assert.ok(threads >= 1);
  assert.equal(await sumRange(10_000), 49_995_000);
  assert.equal(
    await sumIntoSharedBuffer(new BigInt64Array(new SharedArrayBuffer(40)), 100_000),
    4_999_950_000n,
  );
  assert.equal(await sum(new Float64Array(new SharedArrayBuffer(8_000_000)).fill(0.1)), 100_000);
  await assert.rejects(sumRange(-1), { code: 'ERR_OUT_OF_RANGE' });
  console.log('require: ok');
})();
