'use strict';

// The bytes of partial results, from anywhere: they are read as what they are, or refused.

const assert = require('node:assert/strict');
const { test } = require('node:test');
const allcores = require('../..');
const { loadBodies } = require('../../lib/load-bodies.js');
const { Random } = require('../helpers/distributions.js');
const { throws } = require('../helpers/throws.js');
const { same } = require('../helpers/views.js');

const { METHODS, finish, merge, partial, verify } = loadBodies().partials;

const hex = (bytes) => Buffer.from(bytes).toString('hex');
const isIndex = (method) => method === 'findIndex' || method.startsWith('arg');

const body = (i) => (i - 50) / 3;

test('bytes are a Uint8Array, on any memory', async () => {
  for (const bytes of [
    undefined,
    null,
    'text',
    [1],
    new Uint16Array(10),
    new DataView(new ArrayBuffer(10)),
    {},
  ]) {
    throws(() => merge('sumRange', bytes, bytes), 'ERR_INVALID_ARG_TYPE', /"a"/);
    throws(() => finish('sumRange', bytes), 'ERR_INVALID_ARG_TYPE', /"bytes"/);
    throws(() => verify(bytes, 'sumRange', 1), 'ERR_INVALID_ARG_TYPE', /"bytes"/);
  }
  const bytes = await partial('sumRange', 100, body, undefined, 0, 100);
  const on = new Uint8Array(new SharedArrayBuffer(bytes.length + 3), 3);
  on.set(bytes);
  assert.equal(
    hex(merge('sumRange', Buffer.from(bytes), await partial('sumRange', 100, body, {}, 5, 5))),
    hex(bytes),
  );
  same(finish('sumRange', on), await allcores.sumRange(100, body));
});

test('bytes are refused if they are of another method, version or number of terms', async () => {
  const bytes = await partial('argMin', 100, body, undefined, 10, 30);
  verify(bytes, 'argMin', 20);
  verify(bytes, 'argMin', 20n, 10n);
  throws(() => verify(bytes, 'argMax', 20), 'ERR_OUT_OF_RANGE', /partial result of argMax/, /of argMin/);
  throws(() => verify(bytes, 'argMin', 21), 'ERR_OUT_OF_RANGE', /21 terms/, /Received 20/);
  throws(() => verify(bytes, 'argMin', 20, 11), 'ERR_OUT_OF_RANGE', /from 11 on/, /Received 10/);
  throws(() => verify(bytes, 'argMin', -1), 'ERR_OUT_OF_RANGE', /"terms"/);
  throws(() => finish('min', bytes), 'ERR_OUT_OF_RANGE');
  throws(() => merge('argMin', bytes, new Uint8Array(10)), 'ERR_OUT_OF_RANGE', /"b"/, /version 0/);
  throws(() => finish('argMin', Uint8Array.of(2, ...bytes.subarray(1))), 'ERR_OUT_OF_RANGE', /version 2/);
  throws(() => finish('argMin', new Uint8Array(2 ** 20).fill(1)), 'ERR_OUT_OF_RANGE');
});

test('bytes are read as what they are, or refused: one sequence for each value', async () => {
  const rng = new Random(5);
  for (const method of METHODS) {
    const empty = await partial(method, 100, body, undefined, 0, 0);
    const bytes = await partial(method, 100, body, undefined, 3, 97);
    let read = 0;
    for (let k = 0; k < 2000; k++) {
      const changed = Uint8Array.from(bytes);
      for (let n = rng.below(3); n >= 0; n--)
        changed[rng.below(changed.length)] = rng.below(2) ? rng.below(256) : rng.below(3);
      const cut = rng.below(8) === 0 ? changed.subarray(0, rng.below(changed.length)) : changed;
      let merged;
      try {
        merged = merge(method, cut, empty);
      } catch (error) {
        assert.equal(error.code, 'ERR_OUT_OF_RANGE');
        throws(() => finish(method, cut), 'ERR_OUT_OF_RANGE');
        continue;
      }
      read++;
      assert.equal(hex(merged), hex(cut));
      const value = finish(method, cut);
      assert.equal(typeof value, 'number');
      if (isIndex(method)) assert.ok(Number.isSafeInteger(value) && value >= -1);
    }
    assert.ok(read > 0, method);
  }
});

test('bytes of more terms than there can be are not merged', () => {
  const half = Uint8Array.of(1, 2, 0, 0, 0, 0, 0, 0, 16, 0, 7, 0, 0, 0, 0, 0, 0, 0);
  const all = merge('count', half, half);
  assert.equal(finish('count', all), 14);
  verify(all, 'count', 2 ** 53);
  throws(
    () => merge('count', all, Uint8Array.of(1, 2, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)),
    'ERR_OUT_OF_RANGE',
    /"b"/,
  );
});

test('bytes of version 1 stay what they are', async () => {
  const body = (i) => (i - 2) * 1.5;
  const pinned = {
    sumRange: '010104000000000000000001000103000000',
    count: '010204000000000000000300000000000000',
    min: '0103040000000000000000000000000008c0',
    max: '01040400000000000000000000000000f83f',
    argMin: '0105040000000000000000000000000008c00000000000000000',
    argMax: '01060400000000000000000000000000f83f0300000000000000',
    findIndex: '010704000000000000000000000000000000',
    mean: '010804000000000000000001000103000000',
    variance: '01090400000000000000000100010300000000ff02000000800d000000',
    norm: '010a04000000000000000000ff02000000800d000000',
  };
  for (const method of METHODS) {
    assert.equal(hex(await partial(method, 4, body, undefined, 0, 4)), pinned[method], method);
  }
});
