import assert from 'node:assert/strict';
import * as namespace from 'allcores';
import allcores, { sum, sumIntoSharedBuffer, sumRange, threads } from 'allcores';

for (const exported of [allcores, namespace]) {
  assert.equal(exported.sum, sum);
  assert.equal(exported.sumIntoSharedBuffer, sumIntoSharedBuffer);
  assert.equal(exported.sumRange, sumRange);
  assert.equal(exported.threads, threads);
}
assert.equal(await sumRange(10_000), 49_995_000);
assert.equal(await sumRange(10_000, (i) => 2 * i), 99_990_000);
console.log('import: ok');
