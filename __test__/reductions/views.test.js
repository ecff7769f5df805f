'use strict';

// The least and the greatest of every type of elements, and where they are, on every instruction set: compared with Math.min and
// Math.max, element by element.

const assert = require('node:assert/strict');
const { describe, test } = require('node:test');
const { argMax, argMin, max, min } = require('../..');
const { runChild } = require('../helpers/child.js');
const { isas } = require('../helpers/isas.js');
const { rejects } = require('../helpers/rejects.js');
const { VIEWS, same, shared } = require('../helpers/views.js');

/**
 * In a child process: views of every length, at every offset, of elements that are hard to tell apart; with a body that gives
 * the elements themselves, too. Prints how many there were.
 */
async function compareAll(root, lengths) {
  const { Random } = require(`${root}/__test__/helpers/distributions.js`);
  const { VIEWS, same, shared } = require(`${root}/__test__/helpers/views.js`);
  const { argMax, argMin, max, min } = require(root);
  const random = new Random(5);

  const isBigInt = (View) => /Big/.test(View.name);

  /** Few values, of which many are the same: as bits, which have NaN of either sign and any payload. */
  function edges(View) {
    const bits = 8 * View.BYTES_PER_ELEMENT;
    const infinity = { 16: 0x7c00n, 32: 0x7f800000n, 64: 0x7ff0000000000000n }[bits] ?? 0n;
    const top = 1n << BigInt(bits - 1);
    const all = [0n, 1n, 5n, infinity, infinity - 1n, top - 1n, infinity + 1n];
    return all.flatMap((value) => [value, value | top]).map((value) => BigInt.asUintN(bits, value));
  }

  const WORDS = { 1: Uint8Array, 2: Uint16Array, 4: Uint32Array, 8: BigUint64Array };

  function make(View, length, offset) {
    const view = shared(View, new Array(length).fill(isBigInt(View) ? 0n : 0), offset);
    const words = new WORDS[View.BYTES_PER_ELEMENT](view.buffer, view.byteOffset, length);
    const kinds = edges(View);
    // Most of the time without NaN, which is last, and wins.
    const among = random.below(3) === 0 ? kinds.length : 1 + random.below(kinds.length - 4);
    for (let i = 0; i < length; i++) {
      const word = kinds[random.below(among)];
      words[i] = words instanceof BigUint64Array ? word : Number(word);
    }
    return view;
  }

  function expected(view, isMin) {
    if (isBigInt(view.constructor)) {
      let at = view.length === 0 ? -1 : 0;
      for (let i = 1; i < view.length; i++) if (isMin ? view[i] < view[at] : view[i] > view[at]) at = i;
      return { at, value: view[at] };
    }
    let value = isMin ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY;
    for (const x of view) value = isMin ? Math.min(value, x) : Math.max(value, x);
    return { at: view.findIndex((x) => Object.is(x, value)), value };
  }

  async function compare(view, body) {
    for (const isMin of [true, false]) {
      const { at, value } = expected(view, isMin);
      const what = `${view.constructor.name} of ${view.length}, ${isMin ? 'min' : 'max'}: ${view}`;
      same(await (isMin ? argMin : argMax)(view, body), at, `index, ${what}`);
      if (at >= 0 || !isBigInt(view.constructor)) same(await (isMin ? min : max)(view, body), value, what);
    }
  }

  let count = 0;
  for (const View of VIEWS) {
    for (const length of lengths) {
      const view = make(View, length, random.below(9));
      await compare(view);
      if (length % 10 === 7 && !isBigInt(View)) await compare(view, (x) => x);
      count++;
    }
  }
  console.log(count);
}

const SHORT = Array.from({ length: 71 }, (_, length) => length);
const LONG = [255, 256, 257, 511, 4095, 4096, 4097, 16_385, 40_001];

describe('the extremes of views of every length and type', () => {
  for (const { name, env, skip } of isas) {
    test(`kernels for ${name}`, { skip }, async () => {
      const lengths = [...SHORT, ...LONG];
      await runChild(compareAll, { args: [lengths], env }, { stdout: `${lengths.length * VIEWS.length}` });
    });
  }
});

test('the lowest index of equals is found, in whatever piece and on whatever thread', async () => {
  // Pieces of 256 KiB, and tiles of 4 KiB.
  const view = new Float64Array(new SharedArrayBuffer(2 ** 22)).fill(1);
  const { length } = view;
  for (const places of [
    [],
    [0, length - 1],
    [length - 1],
    [511, 512],
    [32_767, 32_768, 65_536],
    [32_768, 300_000],
    [300_001, 300_000],
  ]) {
    for (const value of [0, -0, Number.NaN, -1]) {
      for (const at of places) view[at] = value;
      const lowest = places.length === 0 ? 0 : Math.min(...places);
      assert.equal(await argMin(view), lowest);
      assert.equal(await argMin(view, (x) => x), lowest);
      assert.equal(await argMax(view, (x) => -x), lowest);
      for (const at of places) view[at] = 1;
    }
  }
});

test('no elements: an infinity, -1, and for BigInts a RangeError', async () => {
  for (const View of VIEWS) {
    const none = shared(View, []);
    assert.equal(await argMin(none), -1);
    assert.equal(await argMax(none, { threads: 1 }), -1);
    if (/Big/.test(View.name)) {
      await rejects(() => min(none), 'ERR_OUT_OF_RANGE', /"source"/, /infinity/);
      const { signal } = new AbortController();
      await rejects(() => max(none, { signal }), 'ERR_OUT_OF_RANGE', /"source"/, /infinity/);
    } else {
      same(await min(none), Number.POSITIVE_INFINITY);
      same(await max(none), Number.NEGATIVE_INFINITY);
    }
  }
});

/**
 * In a child process: a worker moves the extreme about, and flips other elements, while it is looked for. Whatever is found was
 * there, and an index is one of the view.
 */
async function race(root) {
  const assert = require('node:assert/strict');
  const { Gates, patience } = require(`${root}/__test__/helpers/handshake.js`);
  const { startWorker } = require(`${root}/__test__/helpers/worker.js`);
  const { argMax, max } = require(root);
  for (const View of [Float64Array, Int32Array, Uint8Array]) {
    const view = new View(new SharedArrayBuffer(60_000 * View.BYTES_PER_ELEMENT)).fill(1);
    const gates = new Gates();
    startWorker(move, { view, cells: gates.cells });
    await gates.until(0);
    const indices = new Set();
    const patient = patience();
    while ((indices.size < 5 || gates.value(1) < 100) && patient()) {
      const [at, value] = await Promise.all([argMax(view), max(view)]);
      assert.ok(Number.isInteger(at) && at >= 0 && at < view.length, `${at}`);
      assert.ok(value === 1 || value === 100, `${value}`);
      indices.add(at);
      gates.raise(1, gates.value(1) + 1);
    }
    assert.ok(indices.size >= 5, 'the extreme was met in few places');
    gates.raise(2);
    await gates.until(3);
  }
  console.log('done');

  function move(root, { view, cells }) {
    const { Gates } = require(`${root}/__test__/helpers/handshake.js`);
    const gates = new Gates(cells);
    gates.raise(0);
    for (let at = 0; gates.value(2) === 0; at = (at + 7919) % view.length) {
      view[at] = 100;
      for (let k = 0; k < 1000; k++) view[(at + k * 31 + 1) % view.length] = 1;
      view[at] = 1;
    }
    gates.raise(3);
  }
}

test('elements that change while they are compared', () => runChild(race, { args: [] }, { stdout: 'done' }));
