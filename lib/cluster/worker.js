'use strict';

// startWorker(): takes chunks from a queue, and computes them on the threads of this process. What is in the queue may be anything: it
// is signed, or refused; it is source text of a language of numbers, compiled and never evaluated; nothing in it names a file,
// a module or a host; and it has limits of size and time.

const { randomBytes } = require('node:crypto');
const os = require('node:os');
const { debuglog } = require('node:util');
const { coded } = require('../errors');
const { Programs } = require('./blocks');
const { openEngine } = require('./connection');
const errors = require('./errors');
const { queueName, selfTest } = require('./identity');
const { Membership } = require('./members');
const native = require('./native');
const { readWorker } = require('./options');
const { KEPT, TRIES } = require('./settings');
const { within } = require('./waiting');
const { packFailure, packResult, parseJobId, unpackJob } = require('./wire');

const debug = debuglog('allcores');

/** So often a job may be left to other workers that nobody takes. */
const PATIENCE = 20;

const UNSIGNED = 'This job is not signed with the secret of this worker';

/** What a failure may be called; anything else is an internal error. */
const CODES = /^(?:ERR_[A-Z_]+|CLUSTER_[A-Z]+)$/;

class ChunkWorker {
  id;
  queueName;

  #options;
  #engine;
  #store;
  #worker;
  #programs;
  #membership;
  /** Of the chunk that is being computed: aborted with what it fails for. */
  #current;
  /** From when the queue has given it a job until the queue has its result. */
  #isBusy = false;
  #closing;

  constructor(options) {
    const name = (options.name ?? `${os.hostname()}-${process.pid}`).replaceAll(/[^\w.@ -]/g, '_');
    // Two of one name are two.
    this.id = `${name.slice(0, 90)}-${randomBytes(3).toString('hex')}`;
    this.#options = options;
  }

  async open() {
    const { connection, prefix, secret, threads, timing, limits } = this.#options;
    await selfTest();
    this.queueName = await queueName(secret);
    this.#engine = await openEngine(connection, { prefix, timing }, (error) => this.#report(error));
    const { name, place, store } = this.#engine;
    this.#store = store;
    const { Source } = native.partials();
    this.#programs = new Programs(store, (text) => new Source(text), limits);
    this.#worker = this.#engine.worker(this.queueName, (job, token) => this.#process(job, token), {
      name: this.id,
      autorun: false,
      concurrency: 1,
      lockDuration: timing.lock,
      stalledInterval: timing.sweep,
      // The first death of a worker, and so many more.
      maxStalledCount: TRIES - 1,
      runRetryDelay: Math.min(1000, timing.sweep),
      removeOnComplete: { age: KEPT.job },
      removeOnFail: { age: KEPT.job },
    });
    this.#worker.on('error', (error) => this.#report(error));
    // Somebody else has the chunk by now, or is going to.
    this.#worker.on('lockRenewalFailed', () =>
      this.#stop('CLUSTER_STOPPED', 'the chunk is no longer that of this worker'),
    );
    const member = { id: this.id, kind: 'worker', queue: this.queueName, threads };
    this.#membership = new Membership(store, secret, member, timing.heartbeat);
    try {
      await Promise.all([this.#worker.waitUntilReady(), this.#membership.enter()]);
    } catch (cause) {
      await this.close({ force: true });
      throw errors.connection(`${name} at ${place} refuses: ${cause.message}`, cause);
    }
    this.#worker.run().catch((error) => this.#report(error));
    return this;
  }

  #report(error) {
    debug('worker %s: %s', this.id, error.message);
    this.#options.onError?.(error);
  }

  /** What the queue calls for each job. Returns a result, or throws a failure; both are signed. */
  async #process(job, token) {
    this.#isBusy = true;
    this.#watchDelivery(job);
    const { secret } = this.#options;
    const chunk = unpackJob(secret, job.data);
    const named = parseJobId(job.id);
    const isWhole =
      chunk !== undefined &&
      named?.run === chunk.run &&
      named.start === chunk.start &&
      named.end === chunk.end;
    // Whatever the job says of how often it is to be tried.
    if (!isWhole) throw withoutStack(new this.#engine.UnrecoverableError(UNSIGNED));
    if (chunk.avoid === this.id && job.attemptsStarted < PATIENCE) await this.#leaveToOthers(job, token);
    try {
      const { bytes, ms } = await this.#compute(chunk);
      return packResult(secret, chunk, { worker: this.id, ms, bytes });
    } catch (error) {
      const code = CODES.test(error?.code) ? error.code : 'ERR_INTERNAL';
      const failure = { worker: this.id, code, message: `${error?.message}` };
      throw withoutStack(new Error(packFailure(secret, chunk, failure)));
    }
  }

  /** No event tells of a result that the queue refuses while the worker is closing. */
  #watchDelivery(job) {
    const [complete, fail] = [job.moveToCompleted, job.moveToFailed];
    job.moveToCompleted = async (...args) => {
      // If that fails, it is tried again, or comes to the other.
      const next = await complete.apply(job, args);
      this.#isBusy = false;
      return next;
    };
    job.moveToFailed = async (...args) => {
      try {
        return await fail.apply(job, args);
      } finally {
        this.#isBusy = false;
      }
    };
  }

  async #leaveToOthers(job, token) {
    await job.moveToDelayed(Date.now() + Math.min(500, this.#options.timing.sweep), token);
    // That is all that the queue is going to say of it.
    this.#isBusy = false;
    throw new this.#engine.DelayedError();
  }

  /** `{ bytes, ms }`: the partial result, and how long it took. */
  async #compute(chunk) {
    const { limits, threads, timing } = this.#options;
    const { seconds } = limits;
    const controller = new AbortController();
    this.#current = controller;
    const late = `it takes longer than the ${seconds} s that this worker lets a chunk take`;
    const timer = setTimeout(() => this.#stop('CLUSTER_TIME', late), seconds * 1000);
    const poll = setInterval(() => this.#poll(chunk.run), timing.poll);
    try {
      if (this.#closing !== undefined) throw failure('CLUSTER_STOPPED', 'its worker was closed');
      if (await this.#store.isStopped(chunk.run)) throw failure('CLUSTER_STOPPED', 'its run has ended');
      const { method, counts, from, body, data } = await this.#programs.get(chunk.program);
      const range = counts.length === 1 ? counts[0] : counts;
      const options = { data, from, math: 'portable', threads, signal: controller.signal };
      const began = performance.now();
      const bytes = await native.partials().partial(method, range, body, options, chunk.start, chunk.end);
      return { bytes, ms: performance.now() - began };
    } catch (error) {
      throw controller.signal.aborted ? controller.signal.reason : error;
    } finally {
      clearTimeout(timer);
      clearInterval(poll);
      this.#current = undefined;
    }
  }

  #poll(run) {
    const stop = (isStopped) => isStopped && this.#stop('CLUSTER_STOPPED', 'its run has ended');
    this.#store.isStopped(run).then(stop, () => {});
  }

  #stop(code, message) {
    this.#current?.abort(failure(code, message));
  }

  /** Finishes its chunk; with `force` gives it back at once. */
  close({ force = false } = {}) {
    if (force) this.#stop('CLUSTER_STOPPED', 'its worker was closed');
    this.#closing ??= this.#close();
    return this.#closing;
  }

  /** The queue's own close() waits without limit, above all while there is no connection. */
  async #close() {
    const { close } = this.#options.timing;
    const isThere = () => this.#engine.isThere;
    // No client is to wait for it any more.
    if (isThere()) await within(close, this.#membership.leave());
    await within(close, this.#worker.pause(true));
    await this.#finishChunk(isThere);
    await within(close, this.#engine.endWorker(this.#worker));
    if (isThere()) await within(close, this.#store.sweepOut(this.queueName));
    await this.#engine.close(close);
  }

  /** Waits until the queue has the result of the chunk in hand, but not for a connection that is away. */
  async #finishChunk(isThere) {
    const { limits, timing } = this.#options;
    const deadline = performance.now() + limits.seconds * 1000 + timing.close;
    let seen = performance.now();
    // The queue may have given it another one with its answer to the last result: that shows a moment later.
    for (let idle = 0; idle < 2 && performance.now() < deadline; idle = this.#isBusy ? 0 : idle + 1) {
      if (isThere()) seen = performance.now();
      else if (performance.now() - seen > timing.close) break;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    this.#stop('CLUSTER_STOPPED', 'its worker was closed');
  }
}

const failure = (code, message) => coded(new Error(message), code);

/** What fails goes into the queue, where the paths of this machine have no place. */
function withoutStack(error) {
  error.stack = error.message;
  return error;
}

async function startWorker(options) {
  const worker = new ChunkWorker(readWorker(options, native.allcores().threads));
  await worker.open();
  const asyncDispose = Symbol.asyncDispose ?? Symbol.for('nodejs.asyncDispose');
  return Object.freeze({
    id: worker.id,
    queue: worker.queueName,
    close: (closing) => worker.close(closing),
    [asyncDispose]: () => worker.close(),
  });
}

module.exports = { startWorker };
