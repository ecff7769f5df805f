'use strict';

// One call over several machines, from its beginning, which may be where another process was, to its end, which leaves nothing
// behind. What happens to its chunks is in chunks.js.

const { randomBytes } = require('node:crypto');
const { unwatch, watch } = require('../abort');
const { AbortError } = require('../errors');
const { packCheckpoint, unpackCheckpoint } = require('./checkpoint');
const { Chunks } = require('./chunks');
const errors = require('./errors');
const native = require('./native');
const { Progress } = require('./progress');

/** Of our own errors; those of Redis and Postgres have others, or none. */
const CODES = /^(?:ERR_\w+|ABORT_ERR)$/;

/** For a call that is in flight when its cluster is closed. */
const closed = () => new AbortError(new Error('The cluster was closed'));

class Run {
  /** What its jobs are signed for; of a run that goes on, what it was. */
  id = randomBytes(16).toString('hex');
  /** What a checkpoint is found by. */
  name;
  promise;
  isOver = false;
  /** Set by the watch on the signal. */
  watch = undefined;

  #cluster;
  #call;
  #program;
  #chunks;
  #progress;
  #resolve;
  #reject;
  #timers = [];
  /** Whether it is known to the cluster, and may have left something. */
  #isEnrolled = false;
  /** How many positions the last checkpoint had. */
  #saved = -1;
  /** When there was a worker last. */
  #lastSeen = performance.now();
  /** Since when something is refused, and how. */
  #trouble;

  /** `call` is that of readCall with `method` and `empty`, its partial result of nothing; `program` is a Program. */
  constructor(cluster, call, program) {
    this.#cluster = cluster;
    this.#call = call;
    this.#program = program;
    this.name = call.resume ?? this.id;
    this.#chunks = new Chunks(this, cluster, call, program);
    this.#progress = new Progress(call.onProgress, () => this.#state());
    this.promise = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
  }

  #state() {
    const { from, end } = this.#call;
    const { done, lost } = this.#chunks;
    return { done, total: end - from, machines: this.#cluster.machines, lost, run: this.name };
  }

  /** What events of the queue are told to. */
  get chunks() {
    return this.#chunks;
  }

  // --- the beginning ---

  /** Never rejects; `promise` does. */
  async start() {
    const { signal, signalClass } = this.#call;
    try {
      if (signal !== undefined) watch(signal, signalClass, this);
      if (this.#chunks.isDone) return this.finish();
      await this.#prepare();
      if (this.isOver) return;
      this.#progress.begin();
      const { sweep, checkpoint } = this.#cluster.timing;
      // Runs of many clients are not to ask all at once.
      this.#every(sweep * (0.8 + 0.4 * Math.random()), () => this.#sweep());
      this.#every(checkpoint, () => this.#save());
      this.#every(Math.min(sweep, 1000), () => this.#tick());
      this.#chunks.pump();
    } catch (error) {
      if (CODES.test(error?.code)) this.fail(error, { keep: 'named' });
      else this.#refused(error);
    }
  }

  async #prepare() {
    const { blocks, store } = this.#cluster;
    await this.#load();
    if (this.isOver) return;
    await blocks.put(this.#program);
    if (this.isOver) return;
    this.#chunks.open();
    this.#cluster.enroll(this);
    this.#isEnrolled = true;
    await store.unstop(this.id);
    // Before the first chunk: whoever goes on finds its id.
    await this.#save();
    await this.#waitForWorkers();
  }

  /** Goes on where another process was, if there is a checkpoint. */
  async #load() {
    const { secret, store } = this.#cluster;
    const { checkpoint, issued } = await store.loadRun(this.name);
    if (checkpoint === null) return;
    const { run, ...state } = unpackCheckpoint(secret, this.name, checkpoint, this.#program.digest);
    this.id = run;
    this.#chunks.restore(
      state,
      issued.map((text) => text.split('-').map(Number)),
    );
  }

  async #waitForWorkers() {
    const deadline = performance.now() + this.#call.waitForWorkers;
    const pause = Math.min(200, this.#cluster.timing.heartbeat / 4);
    while (!this.isOver) {
      const { workers, others } = await this.#cluster.look();
      if (workers.length > 0) break;
      if (performance.now() >= deadline) throw this.#noWorkers(others);
      await new Promise((resolve) => setTimeout(resolve, pause));
    }
    this.#lastSeen = performance.now();
  }

  #noWorkers(others) {
    return errors.noWorkers(this.#call.waitForWorkers, this.#cluster.queueName, others, this.name);
  }

  // --- from time to time ---

  /** One after the other: while the connection is away, none comes to its end. */
  #every(milliseconds, act) {
    let isRunning = false;
    const tick = async () => {
      if (isRunning) return;
      isRunning = true;
      try {
        await act();
      } catch (error) {
        this.troubled(error);
      }
      isRunning = false;
    };
    this.#timers.push(setInterval(tick, milliseconds));
  }

  async #sweep() {
    await this.#chunks.sweep(this.#cluster.timing.sweep);
    const { workers, others } = await this.#cluster.look();
    if (workers.length > 0) this.#lastSeen = performance.now();
    else if (performance.now() - this.#lastSeen > this.#call.waitForWorkers) {
      this.fail(this.#noWorkers(others), { keep: 'always' });
    }
  }

  #tick() {
    const { since, cause } = this.#trouble ?? {};
    if (performance.now() - since > this.#cluster.timing.outage) this.#refused(cause);
    else this.#chunks.pump();
  }

  /**
   * Something was refused: no memory, no permission, a replica. It is tried again with the next sweep, but not for ever. Without
   * an error: something was taken.
   */
  troubled(cause) {
    this.#trouble = cause && (this.#trouble ?? { since: performance.now(), cause });
    if (this.#cluster.engine.isRefusal(cause)) this.#refused(cause);
  }

  #refused(cause) {
    const { engine } = this.#cluster;
    const message = `${engine.name} refuses: ${engine.reasonOf(cause)}`;
    this.fail(errors.connection(message, cause, this.name), { keep: 'always' });
  }

  async #save() {
    if (!this.isOver && this.#chunks.done !== this.#saved) await this.#writeCheckpoint();
  }

  async #writeCheckpoint() {
    const { secret, store } = this.#cluster;
    const { id: run, name } = this;
    const { method } = this.#call;
    const state = { run, program: this.#program.digest, method, ...this.#chunks.state };
    this.#saved = this.#chunks.done;
    await store.saveRun(name, packCheckpoint(secret, name, state));
  }

  // --- the end ---

  finish() {
    if (this.isOver) return;
    const { method, ddof, counts } = this.#call;
    let value;
    try {
      const range = counts.length > 1 ? counts : undefined;
      value = native.partials().finish(method, this.#chunks.partial, { ddof, range });
    } catch (error) {
      return this.fail(error);
    }
    this.#end(false);
    this.#progress.end(true);
    this.#resolve(value);
  }

  /** Called by the watch on the signal. */
  abort(error) {
    this.fail(error, { keep: 'named' });
  }

  /** The cluster is being closed. */
  close() {
    this.abort(closed());
  }

  /** `keep`: whether another process may go on from here: 'never', if the run has a name of the program's ('named'), or 'always'. */
  fail(error, { keep = 'never' } = {}) {
    if (this.isOver) return;
    this.#end(keep === 'always' || (keep === 'named' && this.#call.resume !== undefined));
    this.#progress.end(false);
    this.#reject(error);
  }

  /** What is left there goes in the background; close() of the cluster waits for that. */
  #end(isKept) {
    this.isOver = true;
    unwatch(this);
    for (const timer of this.#timers) clearInterval(timer);
    if (this.#isEnrolled) this.#cluster.dismiss(this, this.#cleanUp(isKept));
  }

  /** If this process dies on the way, whoever goes on with the run finds what it has left. */
  async #cleanUp(isKept) {
    if (isKept) await this.#writeCheckpoint();
    await this.#chunks.end();
    if (!isKept) await this.#cluster.store.dropRun(this.name);
  }
}

module.exports = { Run, closed };
