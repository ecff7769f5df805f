'use strict';

// What travels between machines: signed, taken apart strictly, and of one form. The forms are pinned: others run other versions.

const assert = require('node:assert/strict');
const { describe, test } = require('node:test');
const fc = require('fast-check');
const { packCheckpoint, unpackCheckpoint } = require('../../lib/cluster/checkpoint.js');
const { Program, readProgram } = require('../../lib/cluster/program.js');
const { Secret } = require('../../lib/cluster/secret.js');
const { LIMITS } = require('../../lib/cluster/settings.js');
const { snapshot } = require('../../lib/cluster/data.js');
const wire = require('../../lib/cluster/wire.js');

const secret = new Secret('a secret of sixteen bytes or more');
const other = new Secret('another one of sixteen bytes or so');
const chunk = {
  run: '0123456789abcdef0123456789abcdef',
  program: 'f'.repeat(64),
  start: 7,
  end: 2 ** 53 - 1,
};
const bytes = new Uint8Array([1, 1, 0, 255]);

describe('the forms', () => {
  test('are these', () => {
    assert.deepEqual(wire.packJob(secret, chunk), {
      v: 1,
      run: chunk.run,
      program: chunk.program,
      start: '7',
      end: '9007199254740991',
      sig: '1mifSJfBggtkGqtMk0wyjU5qoL_paTkYMId_rXjRV8U',
    });
    assert.deepEqual(wire.packResult(secret, chunk, { worker: 'w-1', ms: 1.5, bytes }), {
      v: 1,
      worker: 'w-1',
      ms: 1.5,
      bytes: 'AQEA/w==',
      sig: 'BoQ772vHhw32sf8LMTsyt3q_EmIajYtRPd58DLKJu6U',
    });
    assert.equal(
      wire.packFailure(secret, chunk, { worker: 'w-1', code: 'ERR_OUT_OF_RANGE', message: 'no' }),
      '{"v":1,"worker":"w-1","code":"ERR_OUT_OF_RANGE","message":"no","sig":"j0p7onyuFOhQfPhuve8-PwxJvmA9v9qEf7LpiX9NcD8"}',
    );
    assert.equal(wire.jobId(chunk.run, chunk, 0), `${chunk.run}-7-2gosa7pa2gv`);
    assert.equal(wire.jobId(chunk.run, chunk, 2), `${chunk.run}-7-2gosa7pa2gv~2`);
  });

  test('come back', () => {
    assert.deepEqual(wire.unpackJob(secret, wire.packJob(secret, chunk)), { ...chunk, avoid: '' });
    assert.deepEqual(wire.unpackJob(secret, wire.packJob(secret, chunk, 'w-1')), { ...chunk, avoid: 'w-1' });
    const result = { worker: 'w-1', ms: 0, bytes };
    assert.deepEqual(wire.unpackResult(secret, chunk, wire.packResult(secret, chunk, result)), result);
    const failure = { worker: 'w-1', code: 'ERR_INTERNAL', message: 'é\u0000\n' };
    assert.deepEqual(wire.unpackFailure(secret, chunk, wire.packFailure(secret, chunk, failure)), failure);
    const { run, start, end } = chunk;
    for (const copy of [0, 1, 12]) {
      assert.deepEqual(wire.parseJobId(wire.jobId(run, chunk, copy)), { run, start, end, copy });
    }
  });
});

describe('what is not signed for this', () => {
  const job = wire.packJob(secret, chunk, 'w-1');
  const result = wire.packResult(secret, chunk, { worker: 'w-1', ms: 1.5, bytes });
  const failure = wire.packFailure(secret, chunk, { worker: 'w-1', code: 'ERR_INTERNAL', message: 'no' });
  const VALUES = [
    undefined,
    null,
    0,
    1,
    'x',
    '',
    '8',
    [],
    {},
    Number.NaN,
    true,
    'w-2',
    'AQEA/g==',
    'ERR_OTHER',
  ];

  test('is refused: each property, changed or left out', () => {
    for (const name of Object.keys(job)) {
      for (const value of VALUES) {
        if (value === job[name]) continue;
        assert.equal(wire.unpackJob(secret, { ...job, [name]: value }), undefined, `${name}: ${value}`);
      }
    }
    for (const name of Object.keys(result)) {
      for (const value of VALUES) {
        if (value === result[name]) continue;
        assert.equal(
          wire.unpackResult(secret, chunk, { ...result, [name]: value }),
          undefined,
          `${name}: ${value}`,
        );
      }
    }
    const parsed = JSON.parse(failure);
    for (const name of Object.keys(parsed)) {
      for (const value of VALUES) {
        if (value === parsed[name]) continue;
        const text = JSON.stringify({ ...parsed, [name]: value });
        assert.equal(wire.unpackFailure(secret, chunk, text), undefined, `${name}: ${value}`);
      }
    }
  });

  test('is refused: of another chunk, run, program or secret', () => {
    const others = [
      { ...chunk, start: 8 },
      { ...chunk, end: 8 },
      { ...chunk, run: 'a'.repeat(32) },
      { ...chunk, program: 'a'.repeat(64) },
    ];
    for (const one of others) {
      assert.equal(wire.unpackResult(secret, one, result), undefined);
      assert.equal(wire.unpackFailure(secret, one, failure), undefined);
    }
    assert.equal(wire.unpackJob(other, job), undefined);
    assert.equal(wire.unpackResult(other, chunk, result), undefined);
    assert.equal(wire.unpackFailure(other, chunk, failure), undefined);
    // Nor is one thing another.
    assert.equal(wire.unpackResult(secret, chunk, { ...result, sig: job.sig }), undefined);
  });

  test('anything is taken apart without an error', () => {
    fc.assert(
      fc.property(fc.anything(), (value) => {
        assert.equal(wire.unpackJob(secret, value), undefined);
        assert.equal(wire.unpackResult(secret, chunk, value), undefined);
        assert.equal(wire.unpackFailure(secret, chunk, value), undefined);
        assert.equal(wire.parseJobId(value), undefined);
      }),
      { examples: [[{ toString: [] }]] },
    );
  });
});

describe('a program', () => {
  const textOf = (func) => Function.prototype.toString.call(func);
  const data = {
    n: -0,
    nan: Number.NaN,
    b: false,
    f: (x) => x + 1,
    table: [
      [1, 2],
      [3, -0],
    ],
    none: [],
    typed: Int16Array.from([1, -2]),
    empty: new Float64Array(0),
    o: { inner: { x: 5e-324 } },
    stars: [
      { m: 1, on: true, p: { x: -0 }, ks: [1, 2], moons: [[{ d: 1 }], [{ d: 2 }]] },
      { m: 2, on: false, p: { x: 3 }, ks: [3, 4], moons: [[{ d: 3 }], [{ d: 4 }]] },
    ],
    named: [{ name: 'left out', x: 1 }],
    left: 'out',
    big: new BigInt64Array(1),
    ragged: [[1], [1, 2]],
    ['__proto__']: 1,
  };
  const call = { method: 'sumRange', counts: [3, 4], from: 0, body: (i, j) => i * j, data: snapshot(data) };
  const fetchFrom = (blocks) => async (digest) => blocks.get(digest);
  const source = (text) => ({ text });

  test('comes back as it was; what has no form is left out', async () => {
    const program = new Program(call, textOf);
    const back = await readProgram(program.digest, fetchFrom(program.blocks), source, LIMITS);
    assert.deepEqual(
      [back.method, back.counts, back.from, back.body],
      ['sumRange', [3, 4], 0, { text: '(i, j) => i * j' }],
    );
    const { left, big, ragged, f, named, ...same } = call.data;
    assert.deepEqual([left, big.length, ragged.length, f(1)], ['out', 1, 2, 2]);
    const { f: helper, named: unnamed, ...rest } = back.data;
    assert.deepEqual([named, unnamed], [[{ name: 'left out', x: 1 }], [{ x: 1 }]]);
    assert.ok(Object.is(rest.stars[0].p.x, -0));
    assert.deepEqual(helper, { text: '(x) => x + 1' });
    assert.deepEqual(Object.entries(rest), Object.entries(same));
    assert.ok(Object.is(back.data.n, -0) && Object.is(back.data.table[1][1], -0));
  });

  test('of equal calls is equal, and of any other is another', () => {
    const digests = [
      call,
      { ...call, method: 'min' },
      { ...call, counts: [4, 3] },
      { ...call, from: 1 },
      { ...call, body: (i, j) => i + j },
      { ...call, data: { ...call.data, n: 0 } },
      { ...call, data: { ...call.data, typed: Int16Array.from([1, -3]) } },
    ].map((one) => new Program(one, textOf).digest);
    assert.equal(new Set(digests).size, digests.length);
    assert.equal(new Program({ ...call, data: snapshot(data) }, textOf).digest, digests[0]);
  });

  test('anything in its place is refused with a code', async () => {
    const json = { v: 1, method: 'sumRange', counts: [3], from: 0, body: '() => 1', data: ['o', []] };
    const read = (value, blocks = new Map()) => {
      const text = Buffer.from(JSON.stringify(value));
      return readProgram('p', async (digest) => (digest === 'p' ? text : blocks.get(digest)), source, LIMITS);
    };
    await read(json);
    const digest = 'a'.repeat(64);
    const block = new Map([[digest, Buffer.alloc(16)]]);
    assert.deepEqual(
      (await read({ ...json, data: ['a', 'Float64Array', 2, [digest]] }, block)).data.length,
      2,
    );
    const list = ['l', [1], [['m', ['t', [2], [digest]]]]];
    assert.deepEqual((await read({ ...json, data: list }, block)).data, [{ m: [0, 0] }]);
    const deep = Array.from({ length: 40 }).reduce((inner) => ['o', [['x', inner]]], ['b', 1]);
    for (const wrong of [
      { ...json, v: 2 },
      { ...json, method: 7 },
      { ...json, counts: [] },
      { ...json, counts: [1, 2, 3, 4] },
      { ...json, counts: [-1] },
      { ...json, counts: [1.5] },
      { ...json, from: '0' },
      { ...json, body: {} },
      { ...json, body: 'x'.repeat(70_000) },
      ...[
        null,
        7,
        ['x'],
        ['n', 'zz'],
        ['n', 7],
        ['f', 7],
        ['o', 7],
        ['o', [[7, ['b', 1]]]],
        ['o', ['x']],
        ['a', 'BigInt64Array', 1, []],
        ['a', 'constructor', 1, []],
        ['a', 'Float64Array', -1, []],
        ['a', 'Float64Array', 3, [digest]],
        ['a', 'Float64Array', 2, [digest, digest]],
        ['a', 'Float64Array', 2, []],
        ['a', 'Float64Array', 2 ** 40, [digest]],
        ['a', 'Float64Array', 2 ** 24, [digest]],
        ['a', 'Float64Array', 2, ['../../etc/passwd']],
        ['a', 'Float64Array', 2, digest],
        ['t', [], []],
        ['t', [2 ** 27, 0], []],
        ['t', [3], [digest]],
        ['t', 'x', []],
        ['l'],
        ['l', [], []],
        ['l', 'x', []],
        ['l', [2], 'x'],
        ['l', [2], ['x']],
        ['l', [2], [[7, ['n', [digest]]]]],
        ['l', [2], [['m', ['x']]]],
        ['l', [2], [['m', ['n', 'x']]]],
        ['l', [3], [['m', ['n', [digest]]]]],
        ['l', [1], [['m', ['t', [3], [digest]]]]],
        ['l', [1], [['m', ['t', [-2], [digest]]]]],
        ['l', [2 ** 20], []],
        ['l', [1], [['m', ['l', [2 ** 20], []]]]],
        ['l', [2 ** 27], [['m', ['n', []]]]],
        ['l', [1], [['m', Array.from({ length: 40 }).reduce((inner) => ['o', [['x', inner]]], ['o', []])]]],
        deep,
      ].map((data) => ({ ...json, data })),
    ]) {
      await assert.rejects(
        read(wrong, block),
        { code: 'CLUSTER_LIMIT' },
        JSON.stringify(wrong).slice(0, 100),
      );
    }
  });
});

test('a checkpoint is of one run, one call and one secret', () => {
  const state = {
    run: chunk.run,
    program: chunk.program,
    method: 'sumRange',
    window: { frontier: 5, merged: 3, open: [[1, 3]] },
    sizes: [1.5, 2],
    leaving: [`${chunk.run}-1-2~1`],
    partial: bytes,
  };
  const checkpoint = packCheckpoint(secret, 'name', state);
  assert.deepEqual(unpackCheckpoint(secret, 'name', checkpoint, chunk.program), state);
  for (const [key, name, text, program, message] of [
    [other, 'name', checkpoint, chunk.program, /not signed/],
    [secret, 'other', checkpoint, chunk.program, /not signed/],
    [secret, 'name', checkpoint.replace('merged', 'nerged'), chunk.program, /not signed/],
    [secret, 'name', '7', chunk.program, /not signed/],
    [secret, 'name', '', chunk.program, /not signed/],
    [secret, 'name', checkpoint, 'a'.repeat(64), /another call/],
  ]) {
    assert.throws(() => unpackCheckpoint(key, name, text, program), { code: 'ERR_OUT_OF_RANGE', message });
  }
});

describe('data is read once, and copied', () => {
  test('getters run once; arrays are of memory of their own', () => {
    let reads = 0;
    const typed = new Float64Array(new SharedArrayBuffer(16));
    const row = [1, 2];
    const data = {
      get x() {
        return ++reads;
      },
      typed,
      row,
      nested: { row },
    };
    const copy = snapshot(data);
    typed[0] = 5;
    row[0] = 5;
    assert.deepEqual([copy.x, reads, copy.typed[0], copy.row[0], copy.nested.row[0]], [1, 1, 0, 1, 1]);
    assert.ok(copy.typed.buffer instanceof ArrayBuffer);
    assert.equal(snapshot(undefined), undefined);
  });

  test('what is in itself, or there many times, is so in the copy', () => {
    const data = {};
    data.data = data;
    data.list = [data];
    const copy = snapshot(data);
    assert.ok(copy !== data && copy.data === copy && copy.list[0] === copy);
    let twice = { x: 1 };
    for (let depth = 0; depth < 30; depth++) twice = { a: twice, b: twice };
    const { a, b } = snapshot(twice);
    assert.ok(a === b);
    assert.equal(snapshot(undefined), undefined);
  });
});
