'use strict';

// A run comes to its end, and to the exact result, whatever a queue does with its jobs and however little events tell. The queue is
// one in memory that random decisions play with; no chunk gets a second copy for being late, so that nothing hides what a sweep does not do.

const assert = require('node:assert/strict');
const { randomBytes } = require('node:crypto');
const { test } = require('node:test');
const fc = require('fast-check');
const allcores = require('../..');
const { Chunks } = require('../../lib/cluster/chunks.js');
const native = require('../../lib/cluster/native.js');
const { Secret } = require('../../lib/cluster/secret.js');
const { TIMING } = require('../../lib/cluster/settings.js');
const { packFailure, packResult, parseJobId } = require('../../lib/cluster/wire.js');

const COUNT = 20_000;
const body = (k) => (k % 3 === 0 ? 1 / (k + 1) : -Math.sqrt(k));
const secret = new Secret('a secret of sixteen bytes or more');
const program = { digest: 'f'.repeat(64) };

/** Jobs that wait or have ended, and no others: id -> { state, value }. */
class Jobs {
  all = new Map();

  async add(id) {
    if (!this.all.has(id)) this.all.set(id, { state: 'pending' });
  }

  async look(id) {
    return this.all.get(id) ?? { state: 'gone' };
  }

  async isListed(id) {
    return this.all.has(id);
  }

  async remove(id) {
    this.all.delete(id);
    return true;
  }

  get pending() {
    return [...this.all].filter(([, { state }]) => state === 'pending').map(([id]) => id);
  }
}

/** What a worker makes of a job that has this body. */
async function compute(run, { start, end }, body) {
  const bytes = await native.partials().partial('sumRange', COUNT, body, {}, start, end);
  return packResult(secret, { run, program: program.digest, start, end }, { worker: 'w-1', ms: 1, bytes });
}

/** Plays a run to its end. A decision is `{ kind, which }`; when there are no more, the sweep alone tells what becomes of jobs. `audit` is the share of chunks that are computed twice. */
async function play(decisions, audit = 0) {
  const jobs = new Jobs();
  const cluster = {
    blocks: { put: async () => {} },
    jobs,
    machines: 2,
    secret,
    store: { noteIssued: async () => {}, stop: async () => {}, unstop: async () => {} },
    timing: { ...TIMING, straggler: Number.POSITIVE_INFINITY },
  };
  const run = {
    id: randomBytes(16).toString('hex'),
    isOver: false,
    error: undefined,
    finish: () => (run.isOver = true),
    fail: (error) => Object.assign(run, { isOver: true, error }),
    troubled: (error) => assert.equal(error, undefined),
  };
  run.name = run.id;
  const empty = await native.partials().partial('sumRange', COUNT, body, {}, 0, 0);
  const call = { method: 'sumRange', from: 0, end: COUNT, empty, audit };
  const chunks = new Chunks(run, cluster, call, program);
  chunks.open();
  chunks.pump();

  const acts = {
    async ends(id) {
      const value = await compute(run.id, parseJobId(id), body);
      if (jobs.all.has(id)) jobs.all.set(id, { state: 'result', value });
      return value;
    },
    async endsAndIsToldOf(id) {
      const value = await acts.ends(id);
      chunks.onCompleted(id, parseJobId(id), value);
    },
    async isToldOfTwice(id) {
      const value = await acts.ends(id);
      for (let times = 0; times < 2; times++) chunks.onCompleted(id, parseJobId(id), value);
    },
    async isToldOfWrongly(id) {
      await acts.endsAndIsToldOf(id);
      chunks.onCompleted(id, parseJobId(id), await compute(run.id, parseJobId(id), (k) => k));
    },
    isTaken: (id) => chunks.onActive(id, parseJobId(id)),
    isLost: (id) => jobs.all.delete(id),
    allAreLost: () => jobs.all.clear(),
    isForged: (id) =>
      chunks.onCompleted(id, parseJobId(id), { v: 1, worker: 'w-1', ms: 1, bytes: '', sig: '' }),
    isStopped(id) {
      const { start, end } = parseJobId(id);
      const chunk = { run: run.id, program: program.digest, start, end };
      const failure = { worker: 'w-1', code: 'CLUSTER_STOPPED', message: 'stopped' };
      if (jobs.all.has(id)) jobs.all.set(id, { state: 'failed', value: packFailure(secret, chunk, failure) });
    },
    sweeps: () => chunks.sweep(-1),
  };
  const turn = async () => await new Promise((resolve) => setImmediate(resolve));
  for (const { kind, which } of decisions) {
    await turn();
    const { pending } = jobs;
    if (run.isOver) break;
    if (pending.length > 0) await acts[kind](pending[which % pending.length]);
  }
  // Each sweep finds all that has become of jobs, and what it issues ends.
  for (let rounds = 0; !run.isOver; rounds++) {
    assert.ok(rounds < 200, `${chunks.done} of ${COUNT} positions after ${rounds} sweeps`);
    await turn();
    for (const id of jobs.pending) await acts.ends(id);
    await acts.sweeps();
  }
  if (run.error !== undefined) throw run.error;
  await chunks.end();
  assert.deepEqual([...jobs.all.keys()], []);
  return native.partials().finish('sumRange', chunks.partial, {});
}

const KINDS = [
  'ends',
  'endsAndIsToldOf',
  'isToldOfTwice',
  'isTaken',
  'isLost',
  'allAreLost',
  'isForged',
  'isStopped',
  'sweeps',
];

test('a run whose jobs are all lost once comes to its end', async () => {
  const lost = [
    { kind: 'endsAndIsToldOf', which: 0 },
    { kind: 'allAreLost', which: 0 },
  ];
  assert.equal(await play(lost), await allcores.sumRange(COUNT, body));
});

test('two results of one chunk that differ are an error', async () => {
  await assert.rejects(play([{ kind: 'isToldOfWrongly', which: 0 }]), { code: 'ERR_CLUSTER_BITS' });
});

test('a run comes to its end, whatever becomes of its jobs', async () => {
  const expected = await allcores.sumRange(COUNT, body);
  const decisions = fc.array(fc.record({ kind: fc.constantFrom(...KINDS), which: fc.nat(20) }), {
    maxLength: 60,
  });
  await fc.assert(
    fc.asyncProperty(decisions, async (decisions) => {
      assert.equal(await play(decisions, 0.2), expected);
    }),
    { numRuns: 60 },
  );
});
