'use strict';

// What a body takes while it runs is bounded, whatever it is.

const assert = require('node:assert/strict');
const test = require('node:test');
const { sumRange } = require('../..');
const { functionOf } = require('../helpers/both-ways.js');

const MIB = 2 ** 20;

test('64 arrays of 4096 elements are not there once for each of some hundred indices', async () => {
  const declared = Array.from(
    { length: 64 },
    (_, k) => `const w${k} = new Float64Array(4096); w${k}[i] = i;`,
  );
  const sum = Array.from({ length: 64 }, (_, k) => `w${k}[i] + w${k}[4095]`).join(' + ');
  const body = functionOf(`(i) => { ${declared.join(' ')} return ${sum} }`);
  const before = process.resourceUsage().maxRSS * 1024;
  const total = await sumRange(70, body, { threads: 1 });
  const taken = process.resourceUsage().maxRSS * 1024 - before;
  assert.equal(total, (64 * (69 * 70)) / 2);
  // 64 MiB, and what the function itself takes when it is compared with the body. It would be a GiB.
  assert.ok(taken < 256 * MIB, `${Math.round(taken / MIB)} MiB`);
});
