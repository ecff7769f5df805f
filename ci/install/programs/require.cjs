'use strict';

const assert = require('node:assert/strict');
const allcores = require('allcores');

const { explain, forRange, map, random, sum, sumIntoSharedBuffer, sumRange, threads } = allcores;

(async () => {
  assert.ok(threads >= 1);
  assert.equal(await sumRange(10_000), 49_995_000);
  assert.equal(
    await sumIntoSharedBuffer(new BigInt64Array(new SharedArrayBuffer(40)), 100_000),
    4_999_950_000n,
  );
  assert.equal(await sum(new Float64Array(new SharedArrayBuffer(8_000_000)).fill(0.1)), 100_000);
  await assert.rejects(sumRange(-1), { code: 'ERR_OUT_OF_RANGE' });
  const view = new Float64Array(new SharedArrayBuffer(80));
  const store = (i, { view, step }) => {
    view[i] = Math.sin(i * step);
  };
  await forRange(10, store, { data: { view, step: 0.1 } });
  assert.equal(view[9], Math.sin(0.9));
  assert.equal((await map(view, (x, i) => x + random(7, i)))[9], Math.sin(0.9) + random(7, 9));
  await assert.rejects(
    sumRange(5, () => 'text'),
    { code: 'ERR_UNSUPPORTED', name: 'SyntaxError', line: 1 },
  );
  assert.equal(explain((i) => i).checked, true);
  console.log('require: ok');
})();
