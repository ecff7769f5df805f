'use strict';

// What this machine computes with, as a name and as a proof. Workers listen to the queue whose name says which version of the
// wire, of the language and of the functions of `Math` they have, and which secret: others cannot take part. Before its
// first chunk a worker computes what is known, and compares all bits.

const { createHash } = require('node:crypto');
const { coded } = require('../errors');
const { VERSION } = require('../root');
const native = require('./native');
const { WIRE } = require('./wire');

/** Every function of `Math`, the operators, and loops with branches; exact sums cancel and overflow on the way. */
const PROBES = [
  {
    method: 'sumRange',
    text:
      '(i) => { const x = (i - 500.5) / 37; const y = 1 / (1 + x * x); ' +
      'return Math.sin(x) + Math.cos(x) + Math.tan(x) + Math.atan(x) + Math.atan2(x, y) + Math.exp(y) + Math.expm1(x) ' +
      '+ Math.log(y) + Math.log1p(y) + Math.log2(y) + Math.log10(y) + Math.cbrt(x) + Math.sinh(y) + Math.cosh(y) ' +
      '+ Math.tanh(x) + Math.asin(y) + Math.acos(y) + Math.asinh(x) + Math.acosh(1 + y) + Math.atanh(y / 2) ' +
      '+ Math.pow(y, x) + Math.sqrt(y) + Math.hypot(x, y) + Math.fround(x); }',
  },
  {
    method: 'sumRange',
    text: '(i) => (i % 3 === 0 ? 1e300 : i % 3 === 1 ? -1e300 : 1 / (i + 1)) * (i % 2 ? 2 ** 20 : 1 % 0.3)',
  },
  {
    method: 'argMax',
    text: '(i) => { let n = i + 1; let steps = 0; while (n !== 1) { n = n % 2 === 0 ? n / 2 : 3 * n + 1; steps++; } return steps; }',
  },
  { method: 'variance', text: '(i) => Math.imul(i, 2654435761) >>> 3' },
];

const COUNT = 1000;

/** The SHA-256 of the partial results of the probes. */
const KNOWN = '2fe94c3d4833bd437cbec5330551aeb799315e1c166c95ca989c3b821cbf150b';

let digest;

/** Resolves with the digest of what this machine makes of the probes. */
async function digestOfProbes() {
  digest ??= compute();
  return await digest;
}

async function compute() {
  const { partial, Source } = native.partials();
  const hash = createHash('sha256');
  for (const { method, text } of PROBES) {
    hash.update(await partial(method, COUNT, new Source(text), { math: 'portable' }, 0, COUNT));
  }
  return hash.digest('hex');
}

/** Rejects with ERR_INTERNAL on a machine that computes wrong. */
async function selfTest() {
  const actual = await digestOfProbes();
  if (actual === KNOWN) return;
  throw coded(
    new Error(
      `This machine does not compute what it should: the digest of the self-test is ${actual}, not ${KNOWN}. ` +
        'It must not take part in a cluster. If its memory and processor are sound, please report it',
    ),
    'ERR_INTERNAL',
  );
}

/** The name of the queue. The last part is of the secret: it tells those that have another one. */
async function queueName(secret) {
  const language = VERSION.replaceAll(/[^\w.]/g, '_');
  const math = (await digestOfProbes()).slice(0, 8);
  const ours = createHash('sha256').update(secret.sign('queue', [])).digest('hex').slice(0, 8);
  return `allcores-${WIRE}-${language}-${math}-${ours}`;
}

module.exports = { COUNT, PROBES, queueName, selfTest };
