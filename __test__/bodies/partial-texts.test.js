'use strict';

// Texts in the place of functions, as another machine sends them: they are compiled, and never run.

const assert = require('node:assert/strict');
const { test } = require('node:test');
const allcores = require('../..');
const { loadBodies } = require('../../lib/load-bodies.js');
const { rejects } = require('../helpers/rejects.js');
const { throws } = require('../helpers/throws.js');
const { same } = require('../helpers/views.js');

const { Source, finish, partial, textOf } = loadBodies().partials;
const { random } = allcores;

const hex = (bytes) => Buffer.from(bytes).toString('hex');

test('helpers arrive as text, too, and nothing is evaluated', async () => {
  const half = (x) => x / 2;
  const body = (i, { half, table, inner }) => half(i) + table[i % 3] + inner.twice(i);
  const data = { half, table: [1, 2, 3], inner: { twice: (x) => 2 * x } };
  const texts = {
    half: new Source(textOf(half)),
    table: [1, 2, 3],
    inner: { twice: new Source(textOf(data.inner.twice, ['inner', 'twice'])) },
  };
  const expected = await allcores.sumRange(5000, body, { data });
  const bytes = await partial('sumRange', 5000, new Source(textOf(body)), { data: texts }, 0, 5000);
  same(finish('sumRange', bytes), expected);
  assert.equal(hex(await partial('sumRange', 5000, body, { data: texts }, 0, 5000)), hex(bytes));
});

test('the random numbers of this package have a text', async () => {
  const body = (i, { random, seed }) => random(seed, i) < 0.5;
  const other = (i, { rnd, seed }) => rnd(seed, i) < 0.5;
  const expected = await allcores.count(5000, body, { data: { random, seed: 7 } });
  for (const [name, func] of [
    ['random', body],
    ['rnd', other],
  ]) {
    const data = { seed: 7, [name]: new Source(textOf(random, [name])) };
    const bytes = await partial('count', 5000, new Source(textOf(func)), { data }, 0, 5000);
    assert.equal(finish('count', bytes), expected);
  }
});

test('a text that is no function of the language is refused, and never run', async () => {
  for (const text of [
    '',
    'process.exit(3)',
    '(() => process.exit(3))()',
    '() => process.exit(3)',
    "(i) => import('fs')",
    "(i) => require('fs')",
    '(i) => i.constructor',
    '(i) => globalThis',
    '(i) => Math.constructor("return process")()',
    'class A { constructor() { process.exit(3); } }',
    'function f() { [native code] }',
    'i => i;process.exit(3)',
    'i => `\x24{process.exit(3)}`',
    '\ud800',
    '('.repeat(100_000),
    `i => ${'-'.repeat(100_000)}i`,
    `i => ${'('.repeat(50_000)}i${')'.repeat(50_000)}`,
  ]) {
    await rejects(() => partial('sumRange', 10, new Source(text), undefined, 0, 10), 'ERR_UNSUPPORTED');
    const data = { helper: new Source(text) };
    const body = new Source('(i, { helper }) => helper(i)');
    await rejects(() => partial('sumRange', 10, body, { data }, 0, 10), 'ERR_UNSUPPORTED');
  }
});

test('a text is no body of a public call, nor can a program make one', async () => {
  await rejects(() => allcores.sumRange(10, new Source('i => i')), 'ERR_INVALID_ARG_TYPE');
  const forged = Object.create(Source.prototype, { text: { value: 'i => i' } });
  await rejects(() => partial('sumRange', 10, forged, undefined, 0, 10), 'ERR_INVALID_ARG_TYPE', /"body"/);
  await rejects(
    () => partial('count', 10, 'i => i', undefined, 0, 10),
    'ERR_INVALID_ARG_TYPE',
    /"predicate"/,
  );
  await rejects(
    () => partial('sumRange', 10, (i, { h }) => h(i), { data: { h: forged } }, 0, 10),
    'ERR_UNSUPPORTED',
  );
  throws(() => new Source(5), 'ERR_INVALID_ARG_TYPE', /"text"/);
});
