'use strict';

// `options.type` of map: the class of its result.

const assert = require('node:assert/strict');
const { test } = require('node:test');
const { types } = require('node:util');
const vm = require('node:vm');
const { map, shared } = require('../..');
const { rejects } = require('../helpers/rejects.js');
const { VIEWS } = require('../helpers/views.js');

const numbers = VIEWS.filter((View) => !/Big/.test(View.name));

test('the result is of every class, and converted as an assignment converts', async () => {
  const view = shared(Float64Array, [0.25, -1, 300, 2 ** 40, Number.NaN]);
  for (const Type of numbers) {
    const result = await map(view, (x, i) => x + i, { type: Type });
    const expected = new Type(view.length);
    for (let i = 0; i < view.length; i++) expected[i] = view[i] + i;
    assert.ok(types.isSharedArrayBuffer(result.buffer));
    assert.equal(Object.getPrototypeOf(result), Type.prototype);
    assert.deepEqual([...result], [...expected], Type.name);
  }
});

test('without it the class is that of the view', async () => {
  const bytes = shared(Uint8Array, [1, 2, 255]);
  for (const type of [undefined, Uint8Array]) {
    assert.deepEqual(await map(bytes, (x) => x + 1, { type }), shared(Uint8Array, [2, 3, 0]));
  }
  assert.deepEqual(
    await map(bytes, (x) => x / 2, { type: Float32Array }),
    shared(Float32Array, [0.5, 1, 127.5]),
  );
});

test('a class of another realm, and one that is derived', async () => {
  const view = shared(Float64Array, [1, 2]);
  const Other = vm.runInNewContext('Int16Array');
  assert.equal(Object.getPrototypeOf(await map(view, (x) => x, { type: Other })), Other.prototype);
  class Samples extends Float32Array {}
  assert.ok((await map(view, (x) => x, { type: Samples })) instanceof Samples);
});

test('refuses what is no class of arrays of numbers, and both a class and an array', async () => {
  const view = shared(Float64Array, [1, 2]);
  const body = (x) => x;
  for (const type of [null, 'Float32Array', Array, DataView, {}, view, BigInt64Array, BigUint64Array]) {
    await rejects(() => map(view, body, { type }), 'ERR_INVALID_ARG_TYPE', /"options\.type"/, /Float64Array/);
  }
  const into = shared(Float32Array, 2);
  await rejects(() => map(view, body, { type: Float32Array, into }), 'ERR_INVALID_ARG_TYPE', /options\.into/);
  assert.deepEqual([...into], [0, 0]);
});
