'use strict';

// A body is compiled once: for the same function, for closures of the same source, and again only for data of another shape.
// What is remembered is bounded.

const assert = require('node:assert/strict');
const { describe, test } = require('node:test');
const allcores = require('../..');
const native = require('../../lib/binding.js');
const { runChild } = require('../helpers/child.js');
const { gc, gcUntil } = require('../helpers/gc.js');

const { forRange, map, sum, sumRange } = allcores;

/** What the native side is asked to compile while `act` runs. */
async function compiledBy(act) {
  const { compile } = native;
  const sources = [];
  native.compile = (...args) => {
    sources.push(args[2]);
    return compile(...args);
  };
  try {
    await act();
  } finally {
    native.compile = compile;
  }
  return sources.length;
}

const f64 = (values) => new Float64Array(new SharedArrayBuffer(8 * values.length)).fill(values[0]);

describe('a body is compiled once', () => {
  test('for one function, whatever the values', async () => {
    const body = (i, { step, flag, view }) => i * step + (flag ? view[0] : 0);
    const count = await compiledBy(async () => {
      for (let k = 0; k < 20; k++) {
        await sumRange(k, body, { data: { step: k / 7, flag: k % 2 === 0, view: f64([k]) } });
      }
    });
    assert.equal(count, 1);
  });

  test('for closures that are made anew for each call, and helpers too', async () => {
    const count = await compiledBy(async () => {
      for (let k = 0; k < 20; k++) {
        const step = k;
        const half = (x) => x / 2;
        assert.equal(await sumRange(3, (i) => half(i * step), { data: { step, half } }), 1.5 * k);
      }
    });
    assert.equal(count, 1);
  });

  test('but again for other names, kinds, dimensions and ways to call', async () => {
    const body = () => 1;
    const view = f64([1, 1]);
    const calls = [
      () => sumRange(2, body),
      () => sumRange(2, body, { data: { a: 1 } }),
      () => sumRange(2, body, { data: { b: 1 } }),
      () => sumRange(2, body, { data: { a: true } }),
      () => sumRange(2, body, { data: { a: [1] } }),
      () => sumRange(2, body, { data: { a: [1, 2] } }),
      () => sumRange(2, body, { data: { a: 'text' } }),
      () => sumRange(2, body, { data: { a: () => 1 } }),
      () => sumRange(2, body, { data: { a: () => 2 } }),
      () => sumRange(2, body, { data: { a: { b: 1 } } }),
    ];
    for (const call of calls) assert.equal(await compiledBy(call), 1);
    assert.equal(await compiledBy(() => forRange(2, (i) => i)), 1);
    const same = (x) => x;
    assert.equal(await compiledBy(() => sumRange(2, same)), 1);
    assert.equal(await compiledBy(() => forRange(2, same)), 1);
    assert.equal(await compiledBy(() => sum(view, same)), 1);
    assert.equal(await compiledBy(() => map(view, same)), 0, 'sum and map are one');
    assert.equal(await compiledBy(() => sum(new Int8Array(view.buffer), same)), 1);
    assert.equal(await compiledBy(() => sumRange([2, 2], same)), 1);
    for (const call of calls.slice(-3)) assert.equal(await compiledBy(call), 0);
  });

  test('names that look like a shape are no shape', async () => {
    const body = (_i, data) => data['a;n0'] + data.n;
    const calls = [
      { 'a;n0': 1, n: 2 },
      { n: 1, 'a;n0': 2 },
    ];
    for (const data of calls) assert.equal(await sumRange(1, body, { data }), 3);
  });
});

describe('what is remembered', () => {
  test('is bounded: the latest are known, and the first are compiled again', async () => {
    const make = (k) => new Function('i', `return i + ${k}`);
    const bodies = Array.from({ length: 400 }, (_, k) => make(k));
    assert.equal(await compiledBy(() => Promise.all(bodies.map((body) => sumRange(2, body)))), 400);
    assert.equal(await compiledBy(() => Promise.all(bodies.slice(-100).map((body) => sumRange(2, body)))), 0);
    assert.equal(await compiledBy(() => sumRange(2, make(399))), 0, 'of the same source');
    const again = await compiledBy(() => Promise.all(bodies.map((body) => sumRange(2, body))));
    assert.ok(again >= 144, `${again} of 400 were forgotten`);
  });

  test('is what is used: a body that is called again and again stays', async () => {
    const used = (i) => i * 3 + 12_345;
    await sumRange(2, used);
    const count = await compiledBy(async () => {
      for (let k = 0; k < 600; k++) {
        await sumRange(2, new Function('i', `return i * ${k}`));
        if (k % 50 === 0) await sumRange(2, used);
      }
    });
    assert.equal(count, 600);
  });

  test('is short: long sources make room for each other', async () => {
    const long = (k) => new Function('i', `/* ${'x'.repeat(900_000)} */ return i + ${k}`);
    const bodies = Array.from({ length: 8 }, (_, k) => long(k));
    assert.equal(await compiledBy(() => Promise.all(bodies.map((body) => sumRange(2, body)))), 8);
    assert.ok((await compiledBy(() => sumRange(2, bodies[0]))) === 1);
    assert.equal(await compiledBy(() => sumRange(2, bodies[7])), 0);
  });

  test('of one body for much data is bounded too, and what is asked for again is right', async () => {
    const body = (i, data) => i + data.x;
    const calls = async () => {
      for (let k = 0; k < 20; k++) assert.equal(await sumRange(2, body, { data: { x: 1, [`p${k}`]: 2 } }), 3);
    };
    assert.equal(await compiledBy(calls), 20);
    assert.equal(await compiledBy(() => sumRange(2, body, { data: { x: 1, p19: 2 } })), 0);
    assert.ok((await compiledBy(calls)) > 0);
  });

  test('keeps no function and no array of the program alive', async () => {
    const refs = [];
    const use = async () => {
      const view = f64([1, 2]);
      const table = [1, 2];
      const own = new Float64Array([1, 2]);
      const helper = (x) => x * 2 + 1;
      const body = (i, { view, table, own, helper }) => helper(view[i] + table[i] + own[i]);
      await sumRange(2, body, { data: { view, table, own, helper } });
      await sumRange(2, body, { data: { view, table, own, helper } });
      for (const object of [view, table, own, helper, body]) refs.push(new WeakRef(object));
    };
    await use();
    await sumRange(2, (i) => i);
    assert.ok(await gcUntil(() => refs.every((ref) => ref.deref() === undefined)));
  });
});

test('refusals are not remembered, and cost no memory', async () => {
  const source = 'return [i, "text"]';
  for (let k = 0; k < 3; k++) {
    const count = await compiledBy(() =>
      assert.rejects(sumRange(2, new Function('i', source)), { code: 'ERR_UNSUPPORTED' }),
    );
    assert.equal(count, 1);
  }
  gc();
});

test('a program that only sums does not load what bodies need', async () => {
  await runChild(async (root) => {
    const assert = require('node:assert/strict');
    const loaded = () => Object.keys(require.cache).filter((file) => /lib.bodies/.test(file)).length;
    const { sum, sumRange, sumIntoSharedBuffer } = require(root);
    await sumRange(5, { threads: 1 });
    await sum(new Float64Array(new SharedArrayBuffer(8)));
    await sumIntoSharedBuffer(new SharedArrayBuffer(8), 1);
    await sumRange(-1).catch(() => {});
    assert.equal(loaded(), 0);
    await sumRange(5, (i) => i);
    assert.ok(loaded() > 0);
  });
});

test('what cannot be loaded is ERR_INTERNAL, and says why', async () => {
  await runChild(async (root) => {
    const { forRange, sumRange } = require(root);
    const { rejects } = require(`${root}/__test__/helpers/rejects.js`);
    const Module = require('node:module');
    const { _load: load } = Module;
    Module._load = () => {
      throw new Error('no such file');
    };
    const calls = [() => sumRange(5, (i) => i), () => forRange(5)];
    for (const call of calls) await rejects(call, 'ERR_INTERNAL', /no such file/);
    Module._load = load;
    require('node:assert/strict').equal(await sumRange(5, (i) => i), 10);
  });
});
