'use strict';

// Arrays of objects in options.data: what a body reads of them, that they are read once, and why some properties cannot be used.

const assert = require('node:assert/strict');
const { describe, test } = require('node:test');
const fc = require('fast-check');
const { explain, sumRange } = require('../..');
const { rejects } = require('../helpers/rejects.js');

/** One call of a body, for the index 0. */
const one = (body, data) => sumRange(1, body, { data });

const bodies = [
  { name: 'sun', m: 1, p: { x: 0, y: 0 }, ks: [1, 2], isFixed: true, moons: [{ d: 1 }, { d: 2 }] },
  { name: 'sea', m: 0.5, p: { x: 3, y: 4 }, ks: [3, 4], isFixed: false, moons: [{ d: 3 }, { d: 4 }] },
  { name: 'sky', m: 0.25, p: { x: -6, y: 8 }, ks: [5, 6], isFixed: false, moons: [{ d: 5 }, { d: 6 }] },
];

/** What a loop over these gives: a function and the same function compiled. */
async function agrees(count, body, data, message) {
  let sum = 0;
  for (let i = 0; i < count; i++) sum += +body(i, data);
  assert.equal(await sumRange(count, body, { data }), sum, message ?? body.toString());
}

describe('what a body reads', () => {
  test('properties, by a number, by walking along, and destructured', async () => {
    const data = { bodies };
    await agrees(3, (i, { bodies }) => bodies[i].m * 8 + bodies[i].p.x, data);
    await agrees(3, (i, { bodies }) => bodies[i].ks[i % 2] + bodies[i].ks.length + bodies.length, data);
    await agrees(3, (i, { bodies }) => (bodies[i].isFixed ? 10 : 20) + bodies[i].moons[1].d, data);
    await agrees(
      100,
      (i, { bodies }) => {
        let nearest = bodies[0];
        for (const body of bodies) {
          if (Math.abs(body.p.x - i) < Math.abs(nearest.p.x - i)) nearest = body;
        }
        const {
          m,
          ks: [a],
        } = nearest;
        return m * 4 + a;
      },
      data,
    );
    await agrees(
      50,
      (i, { bodies }) => {
        let potential = 0;
        for (let j = 0; j < bodies.length; j++) {
          const { p, m, moons } = bodies[j];
          for (const { d } of moons) potential += (m * 16) / (p.x * p.x + p.y * p.y + d + i);
        }
        return Math.round(potential * 1024);
      },
      data,
    );
  });

  test('by helpers, by captured names, and in a grid of objects', async () => {
    const grid = [
      [{ alive: true }, { alive: false }],
      [{ alive: true }, { alive: true }],
    ];
    const weight = ({ m, p }) => m * p.y;
    await agrees(3, (i, { bodies, weight }) => weight(bodies[i]), { bodies, weight });
    assert.equal(await sumRange(2, (i) => grid[i][1].alive, { data: { grid } }), 1);
    await agrees(4, (i, { grid }) => (grid[i >> 1][i & 1].alive ? 1 : 0), { grid });
  });

  test('nothing of an empty array', async () => {
    const body = (i, { things }) => {
      let sum = i;
      for (const { x, p } of things) sum += x * p.y;
      for (let k = 0; k < things.length; k++) sum += things[k].x + things[k].p.y + things[k].ks[0];
      return sum;
    };
    await agrees(5, body, { things: [] });
    await agrees(5, body, { things: [{ x: 1, p: { y: 2 }, ks: [3] }] });
    await rejects(() => one((_i, { things }) => things[0].x, { things: [] }), 'ERR_OUT_OF_RANGE', /object/);
  });

  test('no object that there is not', async () => {
    const call = () => sumRange(4, (i, { bodies }) => bodies[i].m, { data: { bodies } });
    await rejects(call, 'ERR_OUT_OF_RANGE', /an object/);
  });

  test('other objects and other numbers of the same shape, without compiling anew', async () => {
    const body = (i, { list }) => list[i].x;
    assert.equal(await sumRange(2, body, { data: { list: [{ x: 1 }, { x: 2 }] } }), 3);
    assert.equal(await sumRange(2, body, { data: { list: [{ x: 5 }, { x: 6 }] } }), 11);
    const list = [{ x: 5 }, { x: 6 }];
    assert.equal(await sumRange(2, body, { data: { list } }), 11);
    list[1].x = 7;
    assert.equal(await sumRange(2, body, { data: { list } }), 12);
    assert.equal(await sumRange(3, body, { data: { list: [...list, { x: 100 }] } }), 112);
  });

  test('each property is read once, getters too', async () => {
    let reads = 0;
    const counted = (x) => ({
      get x() {
        reads++;
        return x;
      },
      y: x,
    });
    const data = { list: [counted(1), counted(2), counted(3)] };
    assert.equal(await sumRange(3, (i, { list }) => list[i].x * list[i].y, { data }), 14);
    assert.equal(reads, 3);
  });

  test('the same as JavaScript reads, in arrays of any shape', async () => {
    const name = fc.constantFrom('a', 'b', 'c', '__proto__', 'length', 'x y');
    const leaf = fc.constantFrom('n', 'b', 'o', 'l', 't');
    const object = (depth) =>
      fc.uniqueArray(fc.tuple(name, depth === 0 ? fc.constantFrom('n', 'b', 't') : leaf, inner(depth)), {
        selector: ([key]) => key,
        minLength: 1,
        maxLength: 3,
      });
    const inner = (depth) => (depth === 0 ? fc.constant([]) : object(depth - 1));
    await fc.assert(
      fc.asyncProperty(object(2), fc.integer({ min: 1, max: 5 }), async (properties, count) => {
        let next = 0;
        const make = (of) =>
          Object.fromEntries(of.map(([key, kind, inner]) => [key, makeValue(kind, inner)]));
        const makeValue = (kind, inner) => {
          if (kind === 'n') return ++next;
          if (kind === 'b') return ++next % 3 === 0;
          if (kind === 'o') return make(inner);
          return kind === 't' ? [++next, ++next] : [make(inner), make(inner)];
        };
        const list = Array.from({ length: count }, () => make(properties));
        const terms = [];
        const look = (of, path) => {
          for (const [key, kind, inner] of of) {
            const at = `${path}[${JSON.stringify(key)}]`;
            if (kind === 'o') look(inner, at);
            else if (kind === 'l') look(inner, `${at}[(i + 1) % 2]`);
            else terms.push(kind === 't' ? `${at}[i % 2]` : `(${at} ? +${at} : 0.5)`);
          }
        };
        look(properties, 'list[i]');
        const source = terms.map((term, k) => `${k + 1} * ${term}`).join(' + ') || '0';
        const body = new Function('i', '{ list }', `return ${source}`);
        await agrees(count, body, { list }, source);
      }),
      { numRuns: 60 },
    );
  });
});

describe('what it cannot read is refused where it uses it', () => {
  const cyclic = { x: 1 };
  cyclic.self = cyclic;
  class Star {
    m = 1;
  }
  for (const [what, list, says] of [
    ['a string', [{ v: 'text' }], /`list\.v` in `data` is a string; pass a number/],
    ['null', [{ v: null }], /null; leave it out/],
    ['a function', [{ v: () => 1 }], /a function/],
    ['a view', [{ v: new Float64Array(1) }], /a Float64Array/],
    [
      'a number and a string',
      [{ v: 1 }, { v: 'x' }],
      /a number in some objects of the array, and a string in others/,
    ],
    ['a number and an array', [{ v: 1 }, { v: [1] }], /a number in some objects of the array, and an array/],
    ['only in the first', [{ v: 1 }, {}], /a property that only some objects in the array have/],
    ['not in the first', [{}, { v: 1 }], /a property that only some objects in the array have/],
    ['undefined in one', [{ v: 1 }, { v: undefined }, { v: 2 }], /only some objects/],
    ['arrays of two lengths', [{ v: [1] }, { v: [1, 2] }], /arrays of different lengths/],
    ['objects and numbers', [{ v: [{ x: 1 }, 2] }], /an array of objects and numbers/],
    ['objects and arrays', [{ v: [{ x: 1 }, [2]] }], /an array of objects and arrays/],
    ['itself', [{ v: cyclic }], undefined],
    [
      'no property at all',
      [{ w: 1 }],
      /the objects in `list` in `data` have no `v`; give each of them a `v`/,
    ],
  ]) {
    test(what, async () => {
      const others = list.map((object, x) => ({ ...object, x }));
      assert.equal(
        await sumRange(list.length, (i, { list }) => list[i].x, { data: { list: others } }),
        (list.length * (list.length - 1)) / 2,
      );
      const body = says ? (_i, { list }) => list[0].v + 1 : (_i, { list }) => list[0].v.self.x;
      await rejects(() => one(body, { list }), 'ERR_UNSUPPORTED', says ?? /an object that it is in itself/);
    });
  }

  test('objects of a class, and an array of objects and something else', async () => {
    const body = (_i, { list }) => list[0].m;
    await rejects(
      () => one(body, { list: [new Star()] }),
      'ERR_UNSUPPORTED',
      /a Star at \[0\]: pass plain objects/,
    );
    await rejects(() => one(body, { list: [{ m: 1 }, new Star()] }), 'ERR_UNSUPPORTED', /a Star at \[1\]/);
    await rejects(
      () => one(body, { list: [{ m: 1 }, 2] }),
      'ERR_UNSUPPORTED',
      /an array of objects and numbers/,
    );
    await rejects(() => one(body, { list: [{ m: 1 }, null] }), 'ERR_UNSUPPORTED', /null at \[1\]/);
  });

  test('stores, and objects as numbers', async () => {
    for (const body of [
      (_i, { list }) => {
        list[0].m = 5;
        return 1;
      },
      (_i, { list }) => {
        list[0] = list[1];
        return 1;
      },
      (_i, { list }) => list[0] + 1,
      (_i, { list }) => list[0] === list[1],
    ]) {
      await rejects(() => one(body, { list: [{ m: 1 }, { m: 2 }] }), 'ERR_UNSUPPORTED', /./);
    }
  });

  test('objects as deep in each other as may be', async () => {
    const nest = (depth, inner) => (depth === 0 ? inner : { p: nest(depth - 1, inner) });
    const data = nest(31, { list: [nest(31, { x: 5 })] });
    const path = (depth) => '.p'.repeat(depth);
    const body = new Function('i', 'data', `return data${path(31)}.list[0]${path(31)}.x`);
    assert.equal(await one(body, data), 5);
  });

  test('too many properties, quickly', async () => {
    let object = { x: 1 };
    for (let k = 0; k < 30; k++) object = { a: object, b: object };
    await rejects(
      () => one((_i, { list }) => list[0].a.b.x, { list: [object] }),
      'ERR_UNSUPPORTED',
      /more than 10000 properties/,
    );
  });
});

test('explain knows them', () => {
  assert.deepEqual(explain((i, { list }) => list[i].x, { data: { list: [{ x: 1 }] } }).refusals, []);
  assert.equal(explain((i, { list }) => list[i].y * 2, { data: { list: [{ x: 1 }] } }).refusals.length, 1);
});
