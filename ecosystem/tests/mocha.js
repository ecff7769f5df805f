// The calls once more, as mocha's users write them: without `expect`.

const assert = require('node:assert/strict');
const { describe, it } = require('mocha');
const { sum, sumRange } = require('allcores');

describe('allcores', () => {
  it('sums', async () => {
    assert.equal(await sumRange(10_000), 49_995_000);
    assert.equal(await sum(new Float64Array(new SharedArrayBuffer(80)).fill(0.5)), 5);
  });

  it('rejects', async () => {
    await assert.rejects(sum(new Float64Array(8)), TypeError);
    await assert.rejects(sumRange(10, { signal: AbortSignal.abort() }), { name: 'AbortError' });
  });
});
