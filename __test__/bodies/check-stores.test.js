'use strict';

// Before a compiled body runs first, it is compared with the function: what both store to arrays, and never to those of the
// program.

const assert = require('node:assert/strict');
const { describe, test } = require('node:test');
const { explain, forRange } = require('../..');
const { opaque } = require('../helpers/opaque.js');
const { rejects } = require('../helpers/rejects.js');
const { FLOATS, INTEGERS, empty } = require('../helpers/views.js');

/** A view of more than 64 KiB, of which the check makes no copy. */
const large = (View) => empty(View, 70_000);

describe('what is stored', () => {
  const offset = opaque(1);
  for (const [what, make] of [
    ['small', (View) => empty(View, 10)],
    ['large', large],
  ]) {
    test(`to a ${what} array: the element, and both values`, async () => {
      const out = make(Float32Array);
      const body = (i, { out }) => {
        out[i + 1] = 0.1 + offset;
      };
      const error = await rejects(
        () => forRange(9, body, { data: { out, offset: 2 } }),
        'ERR_DIFFERS',
        /stores to out\[1\] 1\.10\d+ at index 0, and its compiled form 2\.09/,
      );
      assert.deepEqual([error.index, error.expected, error.actual], [0, Math.fround(1.1), Math.fround(2.1)]);
      assert.ok(out.every((element) => element === 0));
    });

    test(`to a ${what} array: elsewhere`, async () => {
      const out = make(Float64Array);
      const body = (i, { out }) => {
        out[i + offset] = 5;
      };
      await rejects(() => forRange(5, body, { data: { out, offset: 2 } }), 'ERR_DIFFERS', /out\[\d\]/);
      // By the function alone, and by the compiled body alone.
      const never = opaque(false);
      const some = (i, { out }) => {
        if (never || i < 0) out[i] = 5;
      };
      await rejects(
        () => forRange(5, some, { data: { out, never: true } }),
        'ERR_DIFFERS',
        /out\[0\] 0 .*form 5/,
      );
      const always = opaque(true);
      const every = (i, { out }) => {
        if (always) out[i] = 5;
      };
      await rejects(
        () => forRange(5, every, { data: { out, always: false } }),
        'ERR_DIFFERS',
        /out\[0\] 5 .*form 0/,
      );
      assert.ok(out.every((element) => element === 0));
    });

    test(`to a ${what} array, of each type: converted, and seen by what reads it next`, async () => {
      for (const { View } of [...INTEGERS, ...FLOATS]) {
        const out = make(View);
        const values = [0.5, -1.5, 300.7, 70_000.3, Number.NaN];
        const body = (i, { out, values }) => {
          out[i] = values[i];
          out[i] += out[i];
          out[i + 2] = out[i] + out.length;
          out[-1] = out[0.5] = out[out.length] = 3;
        };
        const expected = make(View);
        for (let i = 0; i < 5; i++) body(i, { out: expected, values });
        await forRange(5, body, { data: { out, values }, threads: 1 });
        assert.equal(out.length, expected.length);
        for (let i = 0; i < 2; i++) assert.ok(Object.is(out[i], expected[i]), `${View.name} ${i}`);
      }
    });

    test(`a ${what} array is iterated and measured as it is`, async () => {
      const out = make(Float64Array).fill(2);
      const body = (i, { out }) => {
        let total = 0;
        for (const x of out) total += x;
        out[i] = total === 2 * out.length ? 1 : out[out.length] === undefined ? 3 : 4;
      };
      await forRange(1, body, { data: { out } });
      assert.equal(out[0], 1);
    });
  }

  test('a store beyond the end, or to no index, is none', async () => {
    const out = empty(Float64Array, 4);
    const body = (i, { out }) => {
      out[i + 100] = 1;
      out[i - 100] = 1;
      out[i + 0.5] = 1;
      out[Number.NaN] = 1;
    };
    await forRange(4, body, { data: { out } });
    assert.deepEqual([...out], [0, 0, 0, 0]);
  });
});

describe('the memory of the program', () => {
  /** Bodies that write to what they read, so that a store of the check would show. */
  const increment = (i, { out }) => {
    out[i] += 1;
    out[out.length - 1] += 0;
  };

  for (const [what, make] of [
    ['small', () => empty(Float64Array, 100)],
    ['large', () => large(Float64Array)],
  ]) {
    test(`a ${what} array is not written to by the check`, async () => {
      const out = make();
      await forRange(100, increment, { data: { out } });
      assert.ok(out.subarray(0, 99).every((element) => element === 1));
      const offset = opaque(1);
      const wrong = (i, { out }) => {
        out[i] += offset;
      };
      await rejects(() => forRange(100, wrong, { data: { out, offset: 2 } }), 'ERR_DIFFERS');
      assert.ok(out.subarray(0, 99).every((element) => element === 1));
    });
  }

  test('with Atomics: exact counts, and none of them the check’s', async () => {
    const bins = empty(Int32Array, 4);
    const body = (i, { bins }) => {
      Atomics.add(bins, i & 3, 1);
    };
    for (let call = 1; call <= 3; call++) {
      await forRange(4000, body, { data: { bins } });
      assert.deepEqual([...bins], new Array(4).fill(1000 * call));
    }
    const offset = opaque(1);
    const wrong = (i, { bins }) => {
      Atomics.add(bins, i & 3, offset);
    };
    await rejects(() => forRange(4000, wrong, { data: { bins, offset: 2 } }), 'ERR_DIFFERS', /bins\[\d\]/);
    assert.deepEqual([...bins], new Array(4).fill(3000));
  });

  test('with Atomics on a large array the body runs unchecked', async () => {
    const bins = large(Int32Array);
    const body = (i, { bins }) => {
      Atomics.add(bins, i & 3, 1);
    };
    assert.match(explain(body, { data: { bins } }).unchecked, /Atomics.*bins/);
    await forRange(4000, body, { data: { bins } });
    assert.deepEqual([...bins.subarray(0, 5)], [1000, 1000, 1000, 1000, 0]);
  });

  test('with Atomics, however the name is written', async () => {
    const bins = large(Int32Array);
    const escaped = new Function('return (i, { bins }) => { \\u0041tomics.add(bins, i & 3, 1) }')();
    assert.match(explain(escaped, { data: { bins } }).unchecked, /Atomics.*bins/);
    await forRange(4000, escaped, { data: { bins } });
    assert.deepEqual([...bins.subarray(0, 5)], [1000, 1000, 1000, 1000, 0]);
    const mentioned = (i, { bins }) => {
      // No Atomics: each index has an element of its own.
      bins[i] = i;
    };
    assert.equal(explain(mentioned, { data: { bins } }).unchecked, undefined);
  });

  test('that a body writes to and takes by name: it runs unchecked, and writes once', async () => {
    const out = empty(Float64Array, 100);
    const body = (i) => {
      out[i] += 1;
    };
    const { checked, unchecked } = explain(body, { data: { out } });
    assert.equal(checked, false);
    assert.match(unchecked, /stores to out.*surroundings/);
    await forRange(100, body, { data: { out } });
    assert.ok(out.every((element) => element === 1));
  });

  test('two names of one array', async () => {
    const out = empty(Float64Array, 10);
    const body = (i, { a, b }) => {
      a[i] = i;
      b[i] = a[i] + b[i] + 1;
    };
    await forRange(10, body, { data: { a: out, b: out } });
    const expected = new Float64Array(10);
    for (let i = 0; i < 10; i++) body(i, { a: expected, b: expected });
    assert.deepEqual([...out], [...expected]);
  });

  test('keeps what it was given, and writes to it later: nothing happens', async () => {
    let kept;
    const out = large(Float64Array);
    const keep = (array) => {
      kept = array;
      return 0;
    };
    const body = (i, { out }) => {
      out[i] = keep(out) + 1;
    };
    const { length } = out;
    await forRange(length, body, { data: { out, keep: (array) => array.length * 0 } });
    kept[0] = 99;
    assert.equal(Reflect.defineProperty(kept, 1, { value: 99 }), false);
    assert.ok(out.every((element) => element === 1));
  });
});
