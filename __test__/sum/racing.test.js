'use strict';

// Threads that write to the elements, or grow the memory, while they are summed. Each element is read once and whole: the
// result is a sum of values that were there, never of anything else.

const assert = require('node:assert/strict');
const { describe, test } = require('node:test');
const { sum } = require('../..');
const { debug } = require('../helpers/binaries.js');
const { runChild } = require('../helpers/child.js');
const { exactSum } = require('../helpers/exact.js');
const { Gates } = require('../helpers/handshake.js');
const { isas } = require('../helpers/isas.js');
const { scale } = require('../helpers/scale.js');
const { same } = require('../helpers/views.js');
const { runWorker } = require('../helpers/worker.js');

/**
 * In a child process: a worker flips every element between the values `a` and `b`, again and again, while the elements are
 * summed. All elements are one of the two at any time, so a sum is n * a + k * (b - a), with k from 0 to n: any other value
 * has been torn, read twice, or never read. Prints in how many sums both values were met.
 */
async function race(root, races, milliseconds) {
  const assert = require('node:assert/strict');
  const { once } = require('node:events');
  const { Gates, patience } = require(`${root}/__test__/helpers/handshake.js`);
  const { startWorker } = require(`${root}/__test__/helpers/worker.js`);
  const { sum } = require(root);

  for (const { type, length, a, b, atomic } of races) {
    const View = globalThis[type];
    const isBig = /Big/.test(type);
    const values = [a, b].map(isBig ? BigInt : Number);
    const view = new View(new SharedArrayBuffer(length * View.BYTES_PER_ELEMENT)).fill(values[0]);
    const gates = new Gates();
    const writer = startWorker(flip, { view, values, atomic, cells: gates.cells });
    writer.once('error', (error) => {
      throw error;
    });
    await gates.until(0);
    const [low, step] = [values[0], values[1] - values[0]].map(BigInt);
    let [met, count] = [0, 0];
    // For so long, and on until the race was met often enough; a machine that is too busy for that is a failure.
    const [due, patient] = [patience(milliseconds), patience(milliseconds + 30_000)];
    while (due() || (met < 10 && patient())) {
      const results = await Promise.all([sum(view), sum(view, { threads: 1 })]);
      for (const result of results) {
        count++;
        const above = BigInt(result) - low * BigInt(length);
        const k = above / step;
        const what = `${type}, ${atomic ? 'atomic' : 'plain'} stores: ${result}`;
        assert.equal(k * step, above, `${what}: not a sum of ${a}s and ${b}s`);
        assert.ok(k >= 0n && k <= length, `${what}: not between the extremes`);
        if (k > 0n && k < length) met++;
      }
    }
    gates.raise(1);
    await once(writer, 'exit');
    assert.ok(met >= 10, `${type}: of ${count} sums ${met} met both values`);
    const exact = [...view].reduce((total, element) => total + BigInt(element), 0n);
    assert.equal(BigInt(await sum(view)), exact, 'when it is over');
  }
  console.log('done');

  function flip(root, { view, values, atomic, cells }) {
    const { Gates } = require(`${root}/__test__/helpers/handshake.js`);
    const gates = new Gates(cells);
    gates.raise(0);
    for (let round = 1; gates.value(1) === 0; round++) {
      const value = values[round % 2];
      if (atomic) for (let i = 0; i < view.length; i++) Atomics.store(view, i, value);
      else for (let i = 0; i < view.length; i++) view[i] = value;
    }
  }
}

// Halves of the values of 64 bits, put together otherwise, would be a third and a fourth value.
const RACES = [
  // Sums up to 2^53: every one of them is a double.
  { type: 'Float64Array', length: 50_001, a: 1, b: 2 ** 36 + 1 },
  // So far apart that the fast kernel, which has seen one value, cannot take the other: it reads again.
  { type: 'Float64Array', length: 4095, a: -3, b: 2 ** 40 + 5 },
  { type: 'Float32Array', length: 50_001, a: -1, b: 65_537 },
  { type: 'Int32Array', length: 100_003, a: -65_535, b: 2 ** 31 - 65_536 },
  { type: 'Int32Array', length: 100_003, a: -65_535, b: 2 ** 31 - 65_536, atomic: true },
  { type: 'Int16Array', length: 100_003, a: -2, b: 32_513 },
  { type: 'Uint8Array', length: 300_001, a: 3, b: 251 },
  { type: 'Uint8Array', length: 300_001, a: 3, b: 251, atomic: true },
  { type: 'BigInt64Array', length: 50_001, a: '-4294967297', b: '9223372032559808512' },
  { type: 'BigInt64Array', length: 50_001, a: '-4294967297', b: '9223372032559808512', atomic: true },
];

describe('elements that flip between two values while they are summed', () => {
  const milliseconds = scale(30);
  for (const { name, env, skip } of isas) {
    test(`kernels for ${name}`, { skip }, () =>
      runChild(race, { args: [RACES, milliseconds], env, limit: 120_000 * scale(1) }, { stdout: 'done' }),
    );
  }

  test('debug build', { skip: debug.skip }, () =>
    runChild(
      race,
      { args: [RACES.slice(0, 4), milliseconds], env: debug.env, limit: 120_000 * scale(1) },
      { stdout: 'done' },
    ),
  );
});

/**
 * In a child process: one element flips, and the others stay as they are. So there are exactly two right results, and
 * both must come up: a third one is that of an element that was read twice, or torn.
 */
async function flipOne(root, flips, rounds) {
  const assert = require('node:assert/strict');
  const { once } = require('node:events');
  const { Gates, patience } = require(`${root}/__test__/helpers/handshake.js`);
  const { exactSum } = require(`${root}/__test__/helpers/exact.js`);
  const { startWorker } = require(`${root}/__test__/helpers/worker.js`);
  const { sum } = require(root);

  for (const { type, length, a, b } of flips) {
    const View = globalThis[type];
    const isBig = /Big/.test(type);
    const values = [a, b].map(isBig ? BigInt : Number);
    const view = new View(new SharedArrayBuffer(length * View.BYTES_PER_ELEMENT)).fill(isBig ? 1n : 1);
    const at = Math.floor(length * 0.6);
    const right = values.map((value) => exactSum(view.with(at, value)));
    const gates = new Gates();
    const writer = startWorker(
      (root, { view, at, values: [a, b], cells }) => {
        const { Gates } = require(`${root}/__test__/helpers/handshake.js`);
        const gates = new Gates(cells);
        view[at] = a;
        gates.raise(0);
        while (gates.value(1) === 0) {
          for (let i = 0; i < 1000; i++) view[at] = i % 2 ? a : b;
        }
      },
      { view, at, values, cells: gates.cells },
    );
    await gates.until(0);
    const results = new Set();
    const patient = patience();
    for (let i = 0; i < rounds || (results.size < 2 && patient()); i++) {
      for (const result of await Promise.all([sum(view), sum(view), sum(view), sum(view)]))
        results.add(result);
    }
    gates.raise(1);
    await once(writer, 'exit');
    const what = `${length} elements of ${type}, one of them ${a} or ${b}`;
    for (const result of results) {
      assert.ok(
        right.some((value) => Object.is(value, result)),
        `${what}: ${result} instead of ${right.join(' or ')}`,
      );
    }
    assert.equal(results.size, 2, `${what}: only ${[...results]} was met`);
  }
  console.log('done');
}

const FLIPS = [
  { type: 'Float64Array', length: 20_000, a: 1, b: 'NaN' },
  { type: 'Float64Array', length: 3000, a: '-Infinity', b: 1 },
  // What is read first says that the fast kernel will do, and what is read next does not.
  { type: 'Float64Array', length: 20_000, a: 1, b: 2 ** 1000 },
  { type: 'Float64Array', length: 300, a: -(2 ** -1000), b: 2 ** 70 },
  { type: 'Float64Array', length: 50, a: -(2 ** 20), b: 2 ** 60 },
  { type: 'Float32Array', length: 3000, a: -3, b: 2 ** 100 },
  { type: 'Int32Array', length: 1000, a: -(2 ** 31), b: 2 ** 31 - 1 },
  { type: 'Uint16Array', length: 1000, a: 0, b: 65_535 },
  { type: 'Uint8Array', length: 1000, a: 0, b: 255 },
  { type: 'BigInt64Array', length: 1000, a: '-9223372032559808513', b: '9223372032559808512' },
];

describe('one element that flips between two values', () => {
  for (const { name, env, skip } of isas) {
    test(`kernels for ${name}`, { skip }, () =>
      runChild(flipOne, { args: [FLIPS, scale(100)], env, limit: 120_000 * scale(1) }, { stdout: 'done' }),
    );
  }
});

test('a view whose elements move: none is counted that never was there', async () => {
  // The worker rotates a row of different numbers. Whatever a sum meets, it lies between all of the smallest and all of
  // the largest, and is an integer.
  const length = 10_000;
  const view = new Float64Array(new SharedArrayBuffer(8 * length)).map((_, i) => i);
  const shared = new Float64Array(new SharedArrayBuffer(8 * length));
  shared.set(view);
  const gates = new Gates();
  const writer = runWorker(
    (root, { shared, cells }) => {
      const { Gates } = require(`${root}/__test__/helpers/handshake.js`);
      const gates = new Gates(cells);
      gates.raise(0);
      while (gates.value(1) === 0) {
        const first = shared[0];
        shared.copyWithin(0, 1);
        shared[shared.length - 1] = first;
      }
    },
    { shared, cells: gates.cells },
  );
  await gates.until(0);
  const total = (length * (length - 1)) / 2;
  const results = new Set();
  for (let i = 0; i < scale(1000); i++) {
    const result = await sum(shared);
    assert.ok(Number.isInteger(result) && result > 0 && result < length * length, `${result}`);
    results.add(result);
  }
  gates.raise(1);
  await writer;
  assert.ok(results.size > 1, 'no sum met the elements on the move');
  same(await sum(shared), exactSum(shared));
  same(await sum(shared), total);
});

describe('memory that grows while it is summed', () => {
  test('a growable buffer: the length at the call counts', async () => {
    for (const View of [Float64Array, Int32Array, Uint8Array, BigInt64Array]) {
      const size = View.BYTES_PER_ELEMENT;
      const one = /Big/.test(View.name) ? 1n : 1;
      for (const length of [0, 1, 1000, 2 ** 20]) {
        const buffer = new SharedArrayBuffer(length * size, { maxByteLength: 2 * (length + 1) * size });
        const view = new View(buffer).fill(one);
        const call = sum(view);
        buffer.grow(2 * (length + 1) * size);
        view.subarray(length).fill(one);
        const empty = View === Float64Array ? -0 : 0;
        same(Number(await call), Number(one) * length || (View === BigInt64Array ? 0 : empty), View.name);
        same(Number(await sum(view)), 2 * (length + 1), View.name);
      }
    }
  });

  test('grown by a worker, again and again: every sum is that of a length there was', async () => {
    const max = 2 ** 22;
    const buffer = new SharedArrayBuffer(8, { maxByteLength: max });
    const view = new Float64Array(buffer);
    const fixed = new Float64Array(buffer, 0, 1);
    const gates = new Gates();
    const grower = runWorker(
      (root, { buffer, max, cells }) => {
        const { Gates, spin, spinUntil } = require(`${root}/__test__/helpers/handshake.js`);
        const view = new Float64Array(buffer);
        const gates = new Gates(cells);
        view.fill(1);
        gates.raise(0);
        for (let bytes = 8; bytes <= max; bytes += 2 ** 14) {
          buffer.grow(bytes);
          view.fill(1);
          spin(0.5);
          // However seldom the other thread runs, it meets this length.
          const sums = gates.value(2);
          if (bytes % (max / 8) === 8) spinUntil(() => gates.value(2) > sums + 1, 'a sum of this length');
        }
        buffer.grow(max);
        view.fill(1);
        gates.raise(1);
      },
      { buffer, max, cells: gates.cells },
    );
    await gates.until(0);
    const results = new Set();
    while (gates.value(1) === 0) {
      const before = view.length;
      const call = sum(view);
      const after = view.length;
      const result = await call;
      // New elements are 0 until they are 1.
      assert.ok(
        Number.isInteger(result) && result >= 1 && result <= after,
        `${result} of ${before} to ${after}`,
      );
      assert.equal(await sum(fixed), 1);
      results.add(result);
      gates.raise(2, gates.value(2) + 1);
    }
    await grower;
    assert.ok(results.size > 3, `${results.size} lengths were met`);
    assert.equal(await sum(view), max / 8);
  });

  test('WebAssembly memory', async () => {
    const PAGE = 65_536;
    const memory = new WebAssembly.Memory({ initial: 256, maximum: 1024, shared: true });
    const old = new Uint32Array(memory.buffer).fill(1);
    const odd = new Uint8Array(memory.buffer, 3, 999);
    const call = sum(old);
    memory.grow(256);
    const grown = new Uint32Array(memory.buffer).fill(2);
    const result = await call;
    const length = (256 * PAGE) / 4;
    assert.ok(result >= length && result <= 2 * length, `${result}`);
    assert.equal(old.length, length);
    assert.equal(await sum(old), 2 * length);
    assert.equal(await sum(grown), 4 * length);
    assert.equal(await sum(odd), exactSum(odd));
    for (let pages = 512; pages < 1024; pages += 64) {
      const calls = [sum(old), sum(new Uint32Array(memory.buffer))];
      memory.grow(64);
      assert.deepEqual(await Promise.all(calls), [2 * length, 4 * length]);
    }
  });
});
