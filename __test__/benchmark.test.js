'use strict';

// What the benchmark takes for right is right: its exact sums, its kernels, and what it refuses.

const assert = require('node:assert/strict');
const test = require('node:test');
const { exactSum, toDouble, ulps } = require('../benchmark/common/exact');
const { share } = require('../benchmark/common/elements');
const { generator, unit } = require('../benchmark/common/random');
const { makeMemory } = require('../benchmark/bodies/memory');
const { workloads } = require('../benchmark/bodies/kernels');
const { Reference, writes } = require('../benchmark/bodies/reference');
const { nearestQuotient, nearestRoot } = require('../benchmark/common/rational');
const { Oracle, errorOf } = require('../benchmark/reductions/oracle');
const reductions = require('../benchmark/reductions/workloads');
const { targets } = require('../benchmark/reductions/targets');
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

test('quotients and roots are rounded once', () => {
  assert.equal(nearestQuotient(1n, 3n), 1 / 3);
  assert.equal(nearestQuotient(-7n, 10n), -0.7);
  assert.equal(nearestQuotient(0n, 5n), 0);
  // Ties, to either side, and what is a little more than one.
  assert.equal(nearestQuotient(2n ** 53n + 1n, 1n), 2 ** 53);
  assert.equal(nearestQuotient(2n ** 53n + 3n, 1n), 2 ** 53 + 4);
  assert.equal(nearestQuotient((2n ** 53n + 1n) * 3n ** 100n + 1n, 3n ** 100n), 2 ** 53 + 2);
  assert.equal(nearestRoot(2n, 1n), Math.SQRT2);
  assert.equal(nearestRoot(25n, 16n), 1.25);
  assert.equal(nearestRoot(10n ** 40n, 1n), 1e20);
  assert.equal(nearestRoot((2n ** 53n + 1n) ** 2n, 1n), 2 ** 53);
  assert.equal(nearestRoot((2n ** 53n + 1n) ** 2n + 1n, 1n), 2 ** 53 + 2);
  assert.throws(() => nearestQuotient(1n, 2n ** 1000n), RangeError);
});

/** Some copies of a tile of numbers that are uniform in [0, 1), and a bit. */
function copiesOfTile() {
  const random = generator(9);
  const tile = Float64Array.from({ length: 3000 }, () => unit(random));
  const view = Float64Array.from({ length: 8192 }, (_, i) => tile[i % tile.length]);
  return { tile, view };
}

test('the exact results of reductions are those of all elements one by one', () => {
  const { tile, view } = copiesOfTile();
  const oracle = new Oracle(tile);
  const rounded = reductions.workloads(view.byteLength, 1).filter(({ isRounded }) => isRounded);
  // Of all, and of the first 32 KiB.
  for (const workload of rounded.flatMap((one) => [one, { ...one, bytes: 32_768 }])) {
    if (workload.isCached) continue;
    const [a, b = a] = reductions.arraysOf(workload, view);
    const count = BigInt(a.length);
    const units = (x) => BigInt(x * 2 ** 53);
    let [sum, products] = [0n, 0n];
    for (let i = 0; i < a.length; i++) {
      sum += units(a[i]);
      products += units(a[i]) * units(b[i]);
    }
    const one = 2n ** 53n;
    const expected = {
      mean: nearestQuotient(sum, count * one),
      variance: nearestQuotient(count * products - sum * sum, (count * one) ** 2n),
      norm: nearestRoot(products, one * one),
      dot: nearestQuotient(products, one * one),
    };
    const best = oracle.best(workload, view);
    assert.equal(best, expected[workload.name], workload.title);
    assert.ok(a !== b || workload.name !== 'dot', 'two arrays');
    // The loop is near to it, and who is exact has to have it.
    const loop = workload.loop(...reductions.arraysOf(workload, view));
    assert.ok(errorOf({}, workload, loop, best) < 10_000, workload.title);
    assert.equal(errorOf({ isExact: true }, workload, best, best), 0);
    const next = best * (1 + 2 ** -52);
    assert.throws(() => errorOf({ isExact: true }, workload, next, best), /instead of/);
    assert.throws(() => errorOf({}, workload, best * 1.0001, best), /instead of/);
    assert.throws(() => errorOf({}, workload, Number.NaN, best), /instead of/);
  }
});

test('the two arrays of a dot product differ, and end where the memory does', () => {
  const { view } = copiesOfTile();
  const dot = reductions.workloads(view.byteLength, 1).find(({ name }) => name === 'dot');
  const [a, b] = reductions.arraysOf(dot, view);
  assert.equal(a.length, b.length);
  assert.equal(a.length, view.length / 2 - 512);
  assert.equal(b.byteOffset + b.byteLength, view.byteLength);
  assert.notDeepEqual(a.slice(0, 10), b.slice(0, 10));
});

test('reductions that are not rounded have one right result', () => {
  const { view } = copiesOfTile();
  const found = {
    min: view.reduce((a, b) => Math.min(a, b)),
    max: view.reduce((a, b) => Math.max(a, b)),
    argMin: view.indexOf(view.reduce((a, b) => Math.min(a, b))),
    count: view.filter((x) => x > 0.5).length,
    findIndex: -1,
  };
  const workloads = reductions.workloads(view.byteLength, 1);
  for (const [name, value] of Object.entries(found)) {
    const workload = workloads.find((one) => one.name === name);
    assert.equal(workload.loop(view), value, name);
    assert.equal(errorOf({}, workload, value, value), undefined);
    assert.throws(() => errorOf({}, workload, value + 1, value), /instead of/);
  }
});

test('the targets of reductions are parts of the speed of others in the same rounds', () => {
  const seconds = (time) => ({ seconds: [time, 2 * time, time] });
  const row = (reduction, isCached, times) => ({
    reduction,
    title: reduction,
    isCached,
    entries: Object.fromEntries(Object.entries(times).map(([name, time]) => [name, seconds(time)])),
  });
  const found = targets({
    workloads: [
      row('mean', false, { allcores: 1, roofline: 0.91 }),
      row('variance', false, { allcores: 1, roofline: 0.79 }),
      row('dot', true, { allcores: 1, roofline: 0.39, 'allcores-in-flight': 0.5 }),
      row('count', false, { allcores: 1, roofline: 0.1, 'allcores-sum': 0.96 }),
      row('norm', false, { allcores: 1, roofline: 0.1 }),
      row('min', true, { allcores: 1, roofline: 0.1 }),
    ],
  });
  assert.deepEqual(
    found.map(({ work, target, measured, reached }) => [work, target, measured, reached]),
    [
      ['mean', 0.9, 0.91, true],
      ['variance', 0.8, 0.79, false],
      ['dot', 0.4, 0.39, false],
      ['dot', 0.4, 0.78, true],
      ['count', 1, 0.96, true],
    ],
  );
});

test('what a chunk costs is compared with its target, where there is one', () => {
  const cluster = require('../benchmark/cluster/targets');
  const overhead = [
    [0.1, 1.5],
    [1, 1.019],
    [1, 1.021],
    [10, 1.006],
    [10, 0.99],
  ].map(([chunk, ratio]) => ({ workers: 2, chunk, ratio }));
  const reached = cluster.targets({ overhead }).map((target) => target.reached);
  assert.deepEqual(reached, [true, false, false, true]);
});
