'use strict';

// Every type of element: its extremes, its empty view, its zeros, and one rounding at the end.

const assert = require('node:assert/strict');
const { describe, test } = require('node:test');
const { sum } = require('../..');
const { exactSum, fromBits } = require('../helpers/exact.js');
const {
  BIGINTS,
  FLOATS,
  Float16Array,
  INTEGERS,
  VIEWS,
  empty,
  noFloat16,
  same,
  shared,
} = require('../helpers/views.js');

/** The sum of these elements: at the beginning of a buffer and elsewhere, by one thread and by all. */
async function sums(View, elements, expected) {
  for (const offset of [0, 1, 3]) {
    const view = shared(View, elements, offset);
    same(await sum(view), expected, `${View.name} at ${offset}`);
    same(await sum(view, { threads: 1 }), expected, `${View.name} at ${offset}, one thread`);
  }
}

/** Lengths that end in the middle of vectors, of tiles and of pieces. */
const LENGTHS = [1, 2, 3, 7, 64, 255, 4095, 4097, 50_001, 300_007];

test('there are twelve types of elements, and all are tested', { skip: noFloat16 }, () => {
  assert.equal(new Set(VIEWS).size, 12);
});

for (const { View, min, max } of INTEGERS) {
  describe(View.name, () => {
    test('all the smallest, all the largest, and both in turn', async () => {
      for (const length of LENGTHS) {
        await sums(View, new View(length).fill(min), min * length + 0);
        await sums(View, new View(length).fill(max), max * length);
        const half = Math.floor(length / 2);
        const both = new View(length).map((_, i) => (i % 2 ? max : min));
        await sums(View, both, min * (length - half) + max * half + 0);
      }
    });

    test('one element', async () => {
      for (const element of new Set([min, min + 1, -1, 0, 1, max - 1, max])) {
        if (element >= min) await sums(View, [element], element);
      }
    });

    test('every element counts, wherever it stands', async () => {
      const view = empty(View, 1000);
      for (let i = 0; i < view.length; i++) {
        view.fill(0)[i] = max;
        same(await sum(view), max, `element ${i}`);
      }
    });

    test('no elements, and elements that cancel, sum to +0', async () => {
      await sums(View, [], 0);
      await sums(View, new View(1000), 0);
      if (min < 0) await sums(View, [-1, 1, -100, 100, min, max, 1], 0);
    });
  });
}

describe('Int8Array', () => {
  test('all values', async () => {
    await sums(
      Int8Array,
      Int8Array.from({ length: 256 }, (_, i) => i),
      -128,
    );
    await sums(
      Uint8Array,
      Uint8Array.from({ length: 256 }, (_, i) => i),
      32_640,
    );
    await sums(
      Uint8ClampedArray,
      Uint8ClampedArray.from({ length: 256 }, (_, i) => i),
      32_640,
    );
  });
});

describe('Uint32Array', () => {
  test('a sum beyond 2^53 is rounded once, ties to even', async () => {
    // 2^21 elements of 2^32 - 1 come close to 2^53; a quarter million more, and not every integer is a double.
    const view = empty(Uint32Array, 2 ** 21 + 2 ** 18).fill(2 ** 32 - 1);
    const exact = () => {
      let [upper, lower] = [0n, 0];
      for (let i = 0; i < view.length; i++) {
        lower += view[i];
        if (lower > 2 ** 52) {
          upper += BigInt(lower);
          lower = 0;
        }
      }
      return upper + BigInt(lower);
    };
    const remainders = new Set();
    for (let i = 0; i < 8; i++) {
      const total = exact();
      assert.ok(total > 2n ** 53n);
      remainders.add(total % 4n);
      const expected = Number(total);
      same(await sum(view), expected, `${total}`);
      same(await sum(view, { threads: 1 }), expected, `${total}`);
      view[view.length - 1 - (i % 3)]--;
    }
    assert.equal(remainders.size, 4, 'ties of both kinds were among them');
    new Int32Array(view.buffer, 0, view.length).fill(-(2 ** 31));
    same(await sum(new Int32Array(view.buffer, 0, view.length)), -(2 ** 31) * view.length);
  });

  test('the same below zero', async () => {
    const view = empty(Int32Array, 2 ** 22 + 2 ** 19).fill(-(2 ** 31));
    const base = -(2n ** 31n) * BigInt(view.length);
    assert.ok(base < -(2n ** 53n));
    for (let plus = 0; plus < 8; plus++) {
      view[view.length - 1] = -(2 ** 31) + plus;
      same(await sum(view), Number(base + BigInt(plus)), `${plus}`);
    }
  });
});

for (const { View, min, max } of BIGINTS) {
  describe(View.name, () => {
    test('all the smallest, all the largest, and both in turn: beyond 64 bits', async () => {
      for (const length of LENGTHS) {
        const [all, half] = [BigInt(length), BigInt(Math.floor(length / 2))];
        await sums(View, new View(length).fill(min), min * all);
        await sums(View, new View(length).fill(max), max * all);
        const both = new View(length).map((_, i) => (i % 2 ? max : min));
        await sums(View, both, min * (all - half) + max * half);
      }
    });

    test('one element, around every power of two', async () => {
      const view = empty(View, 1);
      for (let bit = 0n; bit < 64n; bit++) {
        for (const element of [2n ** bit - 1n, 2n ** bit, 2n ** bit + 1n, -(2n ** bit) - 1n, -(2n ** bit)]) {
          if (element < min || element > max) continue;
          view[0] = element;
          same(await sum(view), element);
        }
      }
    });

    test('results around every power of two from 2^62 to 2^80, and the carry into the upper half', async () => {
      for (let bit = 62n; bit <= 80n; bit++) {
        for (const nudge of [-1n, 0n, 1n]) {
          const total = 2n ** bit + nudge;
          const [quotient, rest] = [total / max, total % max];
          if (quotient > 300_000n) continue;
          const elements = [...new Array(Number(quotient)).fill(max), rest];
          const view = shared(View, elements);
          same(await sum(view), total, `2^${bit} + ${nudge}`);
          if (min === 0n) continue;
          for (let i = 0; i < view.length; i++) view[i] = -view[i];
          same(await sum(view), -total, `-(2^${bit} + ${nudge})`);
        }
      }
    });

    test('every element counts, wherever it stands', async () => {
      const view = empty(View, 1000);
      for (let i = 0; i < view.length; i++) {
        view.fill(0n)[i] = max;
        same(await sum(view), max, `element ${i}`);
      }
    });

    test('no elements, and elements that cancel, sum to 0n', async () => {
      await sums(View, [], 0n);
      await sums(View, new View(1000), 0n);
      if (min < 0n) await sums(View, [-1n, 1n, min, max, 1n], 0n);
    });
  });
}

for (const { View, max, tiny } of FLOATS) {
  describe(View.name, () => {
    const { NaN: nan, POSITIVE_INFINITY: inf, NEGATIVE_INFINITY: minusInf } = Number;

    test('no elements, and negative zeros only, sum to -0; any other zero is +0', async () => {
      await sums(View, [], -0);
      for (const length of LENGTHS) {
        await sums(View, new View(length).fill(-0), -0);
        await sums(View, new View(length), 0);
        // One positive zero, wherever it stands.
        for (const at of new Set([0, length >> 1, length - 1])) {
          const zeros = new View(length).fill(-0);
          zeros[at] = 0;
          await sums(View, zeros, 0);
        }
      }
      await sums(View, [1, -1], 0);
      await sums(View, [-1, 1, -0], 0);
      await sums(View, [-0, tiny, -tiny], 0);
      await sums(View, [-0, tiny], tiny);
    });

    test('NaN, and infinities, wherever they stand', async () => {
      for (const length of LENGTHS) {
        for (const at of new Set([0, length >> 1, length - 1])) {
          const elements = new View(length).fill(1);
          for (const special of [nan, inf, minusInf]) {
            elements[at] = special;
            await sums(View, elements, special);
          }
          if (length === 1) continue;
          elements[at] = inf;
          elements[(at + 1) % length] = minusInf;
          await sums(View, elements, nan);
          elements[(at + 1) % length] = inf;
          await sums(View, elements, inf);
        }
      }
      await sums(View, [max, max, minusInf], minusInf);
      await sums(View, [inf, minusInf, nan], nan);
    });

    test('NaNs of every kind', async () => {
      const view = empty(View, 4).fill(1);
      const bytes = new Uint8Array(view.buffer, view.BYTES_PER_ELEMENT, view.BYTES_PER_ELEMENT);
      const kinds = { Float16Array: [0x7c01, 0xfc01, 0x7fff, 0xfe00] }[View.name] ?? [];
      if (View === Float32Array) kinds.push(0x7f800001, 0xff800001, 0x7fffffff, 0xffc00000);
      if (View === Float64Array)
        kinds.push(0x7ff0000000000001n, 0xfff0000000000001n, 0x7fffffffffffffffn, 0xfff8000000000000n);
      assert.equal(kinds.length, 4);
      for (const kind of kinds) {
        new ({ 2: Uint16Array, 4: Uint32Array, 8: BigUint64Array })[bytes.length](
          view.buffer,
          bytes.byteOffset,
          1,
        )[0] = kind;
        assert.ok(Number.isNaN(view[1]));
        same(await sum(view), nan);
      }
    });

    test('the largest and the smallest', async () => {
      for (const length of LENGTHS) {
        const all = new View(length).fill(max);
        await sums(View, all, exactSum(all));
        await sums(View, new View(length).fill(-max), -exactSum(all));
        await sums(View, new View(length).fill(tiny), tiny * length);
        const both = new View(length).map((_, i) => (i % 2 ? -max : max));
        await sums(View, both, length % 2 ? max : 0);
        both[length - 1] = tiny;
        await sums(View, both, exactSum(both));
      }
    });

    test('every element counts, wherever it stands', async () => {
      const view = empty(View, 1000).fill(-0);
      for (let i = 0; i < view.length; i++) {
        view.fill(-0)[i] = tiny;
        same(await sum(view), tiny, `element ${i}`);
      }
    });

    test('a small number next to a large one that goes away again', async () => {
      await sums(View, [max, tiny, -max], tiny);
      await sums(View, [max, max, tiny, -max, -max], tiny);
      const many = [...new Array(5000).fill(max), tiny, ...new Array(5000).fill(-max)];
      await sums(View, many, tiny);
    });
  });
}

describe('Float64Array', () => {
  const { MAX_VALUE: max, MIN_VALUE: tiny, POSITIVE_INFINITY: inf } = Number;

  test('a sum that overflows on the way is right, if it does not at the end', async () => {
    await sums(Float64Array, [1e308, 1e308, -1e308], 1e308);
    await sums(Float64Array, [max, max, max, -max, -max], max);
    await sums(Float64Array, [max, max], inf);
    await sums(Float64Array, [-max, -max], -inf);
  });

  test('overflow begins half a unit beyond the largest number', async () => {
    const half = 2 ** 970;
    await sums(Float64Array, [max, half], inf);
    await sums(Float64Array, [max, half, -tiny], max);
    await sums(Float64Array, [max, half / 2, half / 2], inf);
    await sums(Float64Array, [-max, -half], -inf);
    await sums(Float64Array, [-max, -half, tiny], -max);
    await sums(Float64Array, [max, fromBits(0x7c8fffffffffffffn)], max);
  });

  test('ties go to even, and the smallest number decides', async () => {
    const two53 = 2 ** 53;
    await sums(Float64Array, [two53, 1], two53);
    await sums(Float64Array, [two53, 1, tiny], two53 + 2);
    await sums(Float64Array, [two53, 1, -tiny], two53);
    await sums(Float64Array, [two53 + 2, 1], two53 + 4);
    await sums(Float64Array, [two53 + 2, 1, -tiny], two53 + 2);
    await sums(Float64Array, [-two53, -1], -two53);
    await sums(Float64Array, [-two53, -1, -tiny], -two53 - 2);
    await sums(Float64Array, [-two53 - 2, -1], -two53 - 4);
    // Below a power of two the doubles are twice as dense.
    await sums(Float64Array, [1, -(2 ** -54)], 1);
    await sums(Float64Array, [1, -(2 ** -54), -tiny], 1 - 2 ** -53);
    await sums(Float64Array, [1, 2 ** -53], 1);
    await sums(Float64Array, [1, 2 ** -53, tiny], 1 + 2 ** -52);
  });

  test('the border of the subnormal numbers', async () => {
    const normal = 2 ** -1022;
    await sums(Float64Array, [normal, -tiny], normal - tiny);
    await sums(Float64Array, [normal - tiny, tiny], normal);
    await sums(Float64Array, [normal / 2, normal / 2], normal);
    await sums(Float64Array, new Float64Array(10_000).fill(normal), normal * 10_000);
    await sums(Float64Array, new Float64Array(10_001).fill(-tiny), -tiny * 10_001);
  });

  test('what loops get wrong', async () => {
    await sums(Float64Array, new Float64Array(10).fill(0.1), 1);
    await sums(Float64Array, new Float64Array(1_000_000).fill(0.1), 100_000);
    await sums(Float64Array, [0.1, 0.2, -0.3], 2.7755575615628914e-17);
    await sums(Float64Array, [1e100, 1, -1e100], 1);
  });
});

describe('Float32Array', () => {
  test('the sum is a double: it is rounded to that, not to 32 bits', async () => {
    await sums(Float32Array, [2 ** 24, 1], 2 ** 24 + 1);
    await sums(Float32Array, [1, 2 ** -52], 1 + 2 ** -52);
    await sums(Float32Array, [1, 2 ** -53], 1);
    await sums(Float32Array, [1, 2 ** -53, 2 ** -149], 1 + 2 ** -52);
    const [{ max }] = FLOATS.filter(({ View }) => View === Float32Array);
    await sums(Float32Array, [max, max], 2 * max);
  });
});

describe('Float16Array', { skip: noFloat16 }, () => {
  test('all finite values, and each by itself', async () => {
    const all = empty(Float16Array ?? Float32Array, 2 ** 16);
    new Uint16Array(all.buffer, 0, all.length).forEach((_, i, words) => {
      words[i] = i;
    });
    const finite = all.filter(Number.isFinite);
    assert.equal(finite.length, 2 ** 16 - 2 * 2 ** 10);
    await sums(Float16Array, finite, 0);
    await sums(
      Float16Array,
      finite.filter((element) => element > 0),
      exactSum(finite.filter((element) => element > 0)),
    );
    for (let i = 0; i < all.length; i += 7) same(await sum(all.subarray(i, i + 1)), all[i], `bits ${i}`);
  });

  test('the sum is a double', async () => {
    await sums(Float16Array, [65_504, 2 ** -24], 65_504 + 2 ** -24);
    await sums(Float16Array, new Float16Array(100_000).fill(65_504), 6_550_400_000);
  });
});

describe('Node Buffer', () => {
  test('on a SharedArrayBuffer it is a row of bytes, at any offset', async () => {
    const memory = new SharedArrayBuffer(100_100);
    const all = new Uint8Array(memory).map((_, i) => (i * 7) % 256);
    new Uint8Array(memory).set(all);
    for (const offset of [0, 1, 3, 5, 7, 13, 63]) {
      for (const length of [0, 1, 5, 1000, 99_999]) {
        const buffer = Buffer.from(memory, offset, length);
        let expected = 0;
        for (const byte of all.subarray(offset, offset + length)) expected += byte;
        same(await sum(buffer), expected, `${length} bytes at ${offset}`);
      }
    }
  });
});

describe('empty views', () => {
  for (const View of VIEWS) {
    test(View.name, async () => {
      const zero = { Float: -0, BigIn: 0n, BigUi: 0n }[View.name.slice(0, 5)] ?? 0;
      const size = View.BYTES_PER_ELEMENT;
      const buffer = new SharedArrayBuffer(4 * size);
      new Uint8Array(buffer).fill(0xff);
      for (const view of [
        new View(new SharedArrayBuffer(0)),
        new View(buffer, 0, 0),
        new View(buffer, size, 0),
        new View(buffer, 4 * size),
        new View(buffer).subarray(2, 2),
        new View(new SharedArrayBuffer(0, { maxByteLength: 64 })),
        new View(new WebAssembly.Memory({ initial: 0, maximum: 1, shared: true }).buffer),
      ]) {
        same(await sum(view), zero);
        same(await sum(view, { threads: 1 }), zero);
        // A signal keeps it from being summed at once: a job without a piece.
        same(await sum(view, { signal: new AbortController().signal }), zero);
      }
    });
  }
});
