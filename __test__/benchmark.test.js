'use strict';

// What the benchmark takes for right is right: its exact sums, its kernels, and what it refuses.

const assert = require('node:assert/strict');
const test = require('node:test');
const { exactSum, toDouble, ulps } = require('../benchmark/common/exact');
const { share } = require('../benchmark/common/elements');
const { generator } = require('../benchmark/common/random');
const { makeMemory } = require('../benchmark/bodies/memory');
const { workloads } = require('../benchmark/bodies/kernels');
const { Reference, writes } = require('../benchmark/bodies/reference');
const exact = require('./helpers/exact');

const DOUBLES = { exact: false, precision: 2 ** -36 };

const { functions } = require('../benchmark/math/functions');
const real = require('../benchmark/math/real');

/** Doubles of random bits, none of them infinite or NaN. */
function anyDoubles(length) {
  const random = generator(7);
  const words = Uint32Array.from({ length: 2 * length }, () => random());
  return new Float64Array(words.buffer).map((value) => (Number.isFinite(value) ? value / 1024 : 1));
}

test('exact sums are those of the tests', () => {
  const numbers = anyDoubles(10_000);
  for (const length of [1, 2, 3, 100, 10_000]) {
    const part = numbers.subarray(0, length);
    assert.equal(toDouble(exactSum(part)), exact.exactSum(part), `${length} numbers`);
  }
});

test('an error is a distance in units in the last place', () => {
  const units = exactSum(Float64Array.of(1, 2 ** -60));
  assert.equal(ulps(units, 1), 0);
  assert.equal(ulps(units, 1 + 2 ** -52), 1);
  assert.equal(ulps(units, 1 - 2 ** -53), 0.5);
  assert.equal(ulps(-units, 1), 2 ** 53);
  assert.equal(ulps(units, Number.POSITIVE_INFINITY), Number.POSITIVE_INFINITY);
  assert.equal(ulps(0n, 2 ** -1074), 1);
});

test('each loop of a benchmark gives what its body gives, in whatever shares', (t) => {
  const memory = makeMemory();
  t.after(memory.remove);
  for (const workload of workloads({ quick: true })) {
    const { kernel, count } = workload;
    const reference = new Reference(workload, memory);
    const data = kernel.data(memory, count);
    for (const threads of [1, 3]) {
      memory.out.fill(0);
      let value = 0;
      for (let index = 0; index < threads; index++) {
        value += kernel.loop(...share([count].flat()[0], index, threads), data);
      }
      const result = reference.verify(value, memory.out, DOUBLES);
      if (kernel.whole) assert.equal(result.error, 0, workload.title);
      if (writes(kernel)) assert.equal(result.differing, 0, workload.title);
    }
  }
});

test('what is wrong is refused: a term more, an element that was not written, a last bit of an exact contender', (t) => {
  const memory = makeMemory();
  t.after(memory.remove);
  const named = (name) => workloads({ quick: false }).find(({ kernel }) => kernel.name === name);
  const dot = named('dot');
  const reference = new Reference(dot, memory);
  const data = dot.kernel.data(memory, dot.count);
  const sum = dot.kernel.loop(0, dot.count, data);
  assert.ok(reference.verify(sum, undefined, DOUBLES).error > 0);
  assert.throws(() => reference.verify(sum, undefined, { ...DOUBLES, exact: true }), /wrong result/);
  assert.throws(() => reference.verify(sum + 0.25, undefined, DOUBLES), /wrong result/);
  assert.throws(() => reference.verify(Number.NaN, undefined, DOUBLES), /wrong result/);

  const stencil = named('stencil');
  const elements = new Reference(stencil, memory);
  stencil.kernel.loop(0, stencil.count, stencil.kernel.data(memory, stencil.count));
  assert.deepEqual(elements.verify(0, memory.out, { ...DOUBLES, exact: true }), { differing: 0 });
  memory.out[77] *= 1 + 2 ** -52;
  assert.deepEqual(elements.verify(0, memory.out, DOUBLES), { differing: 1 });
  memory.out[78] = 0;
  assert.throws(() => elements.verify(0, memory.out, DOUBLES), /element 78/);
});

test('functions of Math are within two units of what they are said to be', () => {
  const random = generator(5);
  for (const { name, x, y, exact } of functions) {
    if (exact === undefined) continue;
    for (let k = 0; k < 20; k++) {
      const [a, b] = [x(random() / 2 ** 32), y?.(random() / 2 ** 32)];
      const error = real.ulps(exact(a, b), Math[name](a, b));
      assert.ok(error < 2, `${name}(${a}, ${b}): ${error}`);
    }
  }
  // pi and e to more digits than doubles have.
  assert.equal(real.ulps(real.acos(-1), Math.PI).toFixed(4), (1.2246467991473532e-16 / 2 ** -51).toFixed(4));
  assert.equal(real.ulps(real.exp(1), Math.E).toFixed(4), (1.4456468917292502e-16 / 2 ** -51).toFixed(4));
});
