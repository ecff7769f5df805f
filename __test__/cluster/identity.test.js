'use strict';

// The self-test before a worker's first chunk: every engine and instruction set passes, and a machine that computes wrong does not.

const assert = require('node:assert/strict');
const { test } = require('node:test');
const allcores = require('../..');
const { COUNT, PROBES, queueName, selfTest } = require('../../lib/cluster/identity.js');
const native = require('../../lib/cluster/native.js');
const { Secret } = require('../../lib/cluster/secret.js');
const { functionOf } = require('../helpers/both-ways.js');
const { runChild } = require('../helpers/child.js');
const { isas } = require('../helpers/isas.js');

test('the probes come to what their functions come to', async () => {
  const { finish, partial, Source } = native.partials();
  for (const { method, text } of PROBES) {
    const bytes = await partial(method, COUNT, new Source(text), { math: 'portable' }, 0, COUNT);
    const expected = await allcores[method](COUNT, functionOf(text), { math: 'portable' });
    assert.equal(finish(method, bytes), expected, text);
  }
});

const passes = async (root) => {
  await require(`${root}/lib/cluster/identity.js`).selfTest();
  console.log('passed');
};

for (const { name, env, skip } of [
  ...isas,
  { name: 'the interpreter', env: { ALLCORES_ENGINE: 'interpreter' }, skip: false },
  { name: 'one thread', env: { ALLCORES_THREADS: '1' }, skip: false },
]) {
  test(`${name} passes`, { skip }, async () => {
    await runChild(passes, { env }, { stdout: 'passed' });
  });
}

test('a machine that computes wrong does not pass', async () => {
  const wrong = async (root) => {
    const partials = require(`${root}/lib/bodies/partials.js`);
    const { partial } = partials;
    partials.partial = async (...args) => {
      const bytes = await partial(...args);
      bytes[bytes.length - 1] ^= 1;
      return bytes;
    };
    const { code, message } = await require(`${root}/lib/cluster/identity.js`)
      .selfTest()
      .catch((error) => error);
    console.log(code, message.includes('must not take part in a cluster'));
  };
  await runChild(wrong, {}, { stdout: 'ERR_INTERNAL true' });
});

test('the name of the queue says what this is, and tells secrets apart', async () => {
  await selfTest();
  const names = await Promise.all(
    ['a secret of sixteen bytes', 'another secret of it'].map((text) => queueName(new Secret(text))),
  );
  for (const name of names) assert.match(name, /^allcores-1-\d+\.\d+\.\d+\w*-[0-9a-f]{8}-[0-9a-f]{8}$/);
  assert.notEqual(names[0], names[1]);
  assert.equal(await queueName(new Secret(Buffer.from('a secret of sixteen bytes'))), names[0]);
});
