'use strict';

// One call over several machines: from its first chunk to its result, whatever dies on the way. Chunks are computed at least once, and
// merged exactly once: by their range, whose result is the same bits whoever computes it. What events tell is a
// hint, which may be lost, late, doubled or forged: only what is signed counts, and a sweep asks for every chunk that none has told of.

const { randomBytes } = require('node:crypto');
const { AbortError, refusal } = require('../errors');
const { unwatch, watch } = require('../abort');
const { packCheckpoint, unpackCheckpoint } = require('./checkpoint');
const errors = require('./errors');
const { Merged } = require('./merged');
const native = require('./native');
const { Progress } = require('./progress');
const { TRIES, WINDOW } = require('./settings');
const { Sizes } = require('./sizes');
const { Stragglers } = require('./stragglers');
const { Window } = require('./window');
const { Work } = require('./work');

/** Failures that are those of the call: every worker has them. */
const REFUSALS = new Set(['ERR_INVALID_ARG_TYPE', 'ERR_OUT_OF_RANGE', 'ERR_UNSUPPORTED']);
const STALLED_OUT = /stalled more than allowable limit/;
/** Into so many pieces a chunk is cut that takes too long. */
const PIECES = 8;

class Run {
  id = randomBytes(16).toString('hex');
  name;
  promise;
  /** How many chunks had to be done again. */
  lost = 0;

  #cluster;
  #call;
  #program;
  #window;
  #sizes;
  #stragglers;
  #merged;
  #partial;
  #work;
  #progress;
  #settled = false;
  #resolve;
  #reject;
  #timers = [];
  /** Where the last checkpoint was. */
  #saved = -1;
  #lastSeen = performance.now();
  /** Since when Redis refuses, and how. */
  #trouble;

  /** `call` is that of readCall with `method` and `empty`, its partial result of nothing; `program` is a Program. */
  constructor(cluster, call, program) {
    this.#cluster = cluster;
    this.#call = call;
    this.#program = program;
    this.name = call.resume ?? this.id;
    this.#partial = call.empty;
    this.#window = new Window(call.from, call.end);
    this.#sizes = new Sizes(cluster.timing);
    this.#stragglers = new Stragglers(cluster.timing.straggler);
    this.#progress = new Progress(call.onProgress, () => this.#state());
    this.promise = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
  }

  #state() {
    const { from, end } = this.#call;
    const { machines } = this.#cluster;
    return { done: this.#window.merged, total: end - from, machines, lost: this.lost, run: this.name };
  }

  /** Never rejects; `promise` does. */
  async start() {
    const { signal, signalClass } = this.#call;
    try {
      if (signal !== undefined) watch(signal, signalClass, this);
      if (this.#window.isDone) return this.#finish();
      await this.#prepare();
      if (this.#settled) return;
      this.#progress.begin();
      const { sweep, checkpoint } = this.#cluster.timing;
      // Runs of many clients are not to ask all at once.
      this.#every(sweep * (0.8 + 0.4 * Math.random()), () => this.#sweep());
      this.#every(checkpoint, () => this.#save());
      this.#every(Math.min(sweep, 1000), () => this.#tick());
      this.#pump();
    } catch (error) {
      this.fail(error, { keep: this.#call.resume !== undefined });
    }
  }

  /** One after the other: while Redis is away, none comes to its end. */
  #every(milliseconds, act) {
    let isRunning = false;
    const tick = async () => {
      if (isRunning) return;
      isRunning = true;
      try {
        await act();
      } catch (error) {
        this.#troubled(error);
      }
      isRunning = false;
    };
    this.#timers.push(setInterval(tick, milliseconds));
  }

  async #prepare() {
    const { secret, store } = this.#cluster;
    const { checkpoint, issued } = await store.loadRun(this.name);
    if (checkpoint !== null) {
      const state = unpackCheckpoint(secret, this.name, checkpoint, this.#program.digest);
      this.id = state.run;
      this.#partial = state.partial;
      this.#window.restore(
        state.window,
        issued.map((text) => text.split('-').map(Number)),
      );
      this.#sizes.restore(state.sizes);
    }
    const { method } = this.#call;
    this.#merged = new Merged();
    this.#work = new Work(this.#cluster, { run: this.id, program: this.#program.digest, method });
    await store.unstop(this.id);
    await this.#cluster.blocks.put(this.#program);
    this.#cluster.enroll(this);
    // Before the first chunk: what is signed for this run names it, whatever happens next.
    await this.#save();
    await this.#waitForWorkers();
  }

  async #waitForWorkers() {
    const deadline = performance.now() + this.#call.waitForWorkers;
    const pause = Math.min(200, this.#cluster.timing.heartbeat / 4);
    while (!this.#settled) {
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

  // --- chunks go out ---

  #pump() {
    if (this.#settled) return;
    const workers = Math.max(1, this.#cluster.machines);
    while (this.#window.remaining > 0 && this.#work.out < WINDOW * workers) {
      const { chunk, isNew } = this.#window.issue((remaining) => this.#sizes.next(remaining, workers));
      chunk.isAudited = Math.random() < this.#call.audit;
      if (isNew) this.#note(chunk);
      this.#send(chunk, '', !isNew);
    }
    if (this.#window.remaining === 0 && this.#work.out < workers) {
      for (const chunk of this.#stragglers.among(this.#window.open.values(), workers - this.#work.out))
        this.#send(chunk);
    }
    if (this.#window.isDone) this.#finish();
  }

  #note({ start, end }) {
    this.#cluster.store.noteIssued(this.name, `${start}-${end}`).catch((error) => this.#troubled(error));
  }

  /** `mayBeThere`: another process may have issued it, and nothing may tell of its end any more. */
  #send(chunk, avoid = '', mayBeThere = false) {
    const copy = this.#work.add(chunk, avoid);
    copy.sent.then(
      () => {
        this.#trouble = undefined;
        if (mayBeThere) this.#look(chunk, copy).catch((error) => this.#troubled(error));
      },
      (error) => this.#troubled(error),
    );
  }

  // --- results come in ---

  /** An event of the queue: a job has ended with this value. */
  onCompleted(id, range, value) {
    if (this.#settled) return;
    const result = this.#work.read(range, value);
    // Anybody may have written the event; the job itself is looked at with the next sweep.
    if (result !== undefined) this.#accept(id, range, result);
  }

  onFailed(id, range, reason) {
    const chunk = this.#window.find(range);
    if (this.#settled || !chunk?.copies.has(id)) return;
    this.#failed(chunk, chunk.copies.get(id), reason).catch((error) => this.#troubled(error));
  }

  onActive(id, range) {
    const copy = this.#window.find(range)?.copies.get(id);
    if (copy !== undefined) copy.started = performance.now();
  }

  /** The worker of a job has died, and the job waits for another one. */
  onStalled(id, range) {
    const chunk = this.#window.find(range);
    if (this.#settled || !chunk?.copies.has(id)) return;
    chunk.copies.get(id).started = undefined;
    this.#again(chunk, 'its worker died each time, or was cut off');
  }

  #accept(id, range, result) {
    const chunk = this.#window.find(range);
    this.#work.drop(id, chunk);
    if (chunk === undefined) return this.#compare(range, this.#merged.of(range), result);
    chunk.workers.add(result.worker);
    this.#sizes.measured(chunk.count, result.ms);
    this.#stragglers.measured(result.ms);
    if (chunk.first !== undefined) {
      // Told of twice.
      if (chunk.first.id === id) return;
      if (!this.#compare(range, chunk.first, result)) return;
    } else if (chunk.isAudited) {
      chunk.first = { ...result, id };
      // By another worker, if there is one.
      if (chunk.copies.size === 0) this.#send(chunk, this.#cluster.machines > 1 ? result.worker : '');
      return;
    }
    this.#merge(chunk, result);
  }

  #merge(chunk, result) {
    const { method } = this.#call;
    const { finish, merge } = native.partials();
    this.#partial = merge(method, this.#partial, result.bytes);
    this.#window.close(chunk);
    this.#merged.add(chunk, result);
    this.#work.leave(chunk);
    if (method === 'findIndex') {
      const found = finish(method, this.#partial);
      if (found >= 0) for (const dropped of this.#window.cut(found + 1)) this.#work.leave(dropped);
    }
    this.#pump();
  }

  /** Whether two results of one range have the same bits. What is not known any more was dropped, and need not be. */
  #compare(range, first, result) {
    if (first === undefined || Buffer.compare(first.bytes, result.bytes) === 0) return true;
    this.fail(errors.bits(range, [first.worker, result.worker], this.name));
    return false;
  }

  // --- chunks that fail, or are gone ---

  async #failed(chunk, copy, reason) {
    this.#work.drop(copy.id, chunk);
    const failure = this.#work.readFailure(chunk, reason);
    if (failure !== undefined) chunk.workers.add(failure.worker);
    switch (failure?.code) {
      case 'CLUSTER_MISSING':
        await this.#cluster.blocks.put(this.#program);
        break;
      case 'CLUSTER_STOPPED':
        break;
      case 'CLUSTER_LIMIT':
        return this.fail(
          errors.chunk(chunk, chunk.tries + 1, [...chunk.workers], failure.message, this.name),
        );
      case 'CLUSTER_TIME':
        if (!this.#again(chunk, failure.message)) return;
        if (chunk.count > 1) {
          this.#work.leave(chunk);
          this.#window.split(chunk, PIECES);
        }
        break;
      default:
        if (REFUSALS.has(failure?.code)) return this.fail(refusal(failure));
        if (STALLED_OUT.test(reason)) chunk.tries = TRIES;
        if (!this.#again(chunk, failure?.message ?? reason)) return;
    }
    if (this.#settled) return;
    if (this.#window.find(chunk) === chunk && chunk.copies.size === 0) this.#send(chunk, chunk.first?.worker);
    this.#pump();
  }

  /** One try more is gone. Whether there is another one. */
  #again(chunk, reason) {
    this.lost++;
    chunk.tries++;
    if (chunk.tries < TRIES) return true;
    const tries = Math.min(chunk.tries, TRIES);
    this.fail(errors.chunk(chunk, tries, [...chunk.workers], reason, this.name));
    return false;
  }

  /** Asks for a job that nothing has told of. */
  async #look(chunk, copy) {
    copy.looked = performance.now();
    const { state, value } = await this.#work.look(copy);
    if (this.#settled || chunk.copies.get(copy.id) !== copy) return;
    if (state === 'gone') {
      this.lost++;
      this.#work.drop(copy.id, chunk);
      this.#send(chunk, chunk.first?.worker);
    } else if (state === 'failed') {
      await this.#failed(chunk, copy, value);
    } else if (state === 'result') {
      const result = this.#work.read(chunk, value);
      if (result !== undefined) this.#accept(copy.id, chunk, result);
      else await this.#failed(chunk, copy, 'its result is not signed with the secret, or is none');
    }
  }

  async #sweep() {
    const { sweep } = this.#cluster.timing;
    const before = performance.now() - sweep;
    const looks = [];
    for (const chunk of this.#window.open.values()) {
      for (const copy of chunk.copies.values()) if (copy.looked < before) looks.push(this.#look(chunk, copy));
    }
    await Promise.all([...looks, this.#work.sweepOut()]);
    if (looks.length > 0) this.#trouble = undefined;
    const { workers, others } = await this.#cluster.look();
    if (workers.length > 0) this.#lastSeen = performance.now();
    else if (performance.now() - this.#lastSeen > this.#call.waitForWorkers) {
      this.fail(this.#noWorkers(others), { keep: true });
    }
  }

  #tick() {
    if (
      this.#trouble !== undefined &&
      performance.now() - this.#trouble.since > this.#cluster.timing.outage
    ) {
      const { cause } = this.#trouble;
      this.fail(errors.connection(`Redis refuses: ${cause.message}`, cause, this.name), { keep: true });
    }
    this.#pump();
  }

  /** Redis has refused something: no memory, no permission, a replica. It is tried again with the next sweep. */
  #troubled(cause) {
    this.#trouble ??= { since: performance.now(), cause };
    if (/^NOPERM/.test(cause?.message)) {
      this.fail(errors.connection(`Redis refuses: ${cause.message}`, cause, this.name), { keep: true });
    }
  }

  // --- the end ---

  async #save() {
    if (this.#settled || this.#window.merged === this.#saved) return;
    await this.#writeCheckpoint();
  }

  async #writeCheckpoint() {
    const { secret, store } = this.#cluster;
    const { merged } = this.#window;
    const checkpoint = packCheckpoint(secret, this.name, {
      run: this.id,
      program: this.#program.digest,
      method: this.#call.method,
      window: this.#window,
      sizes: this.#sizes,
      partial: this.#partial,
    });
    this.#saved = merged;
    await store.saveRun(this.name, checkpoint);
  }

  #finish() {
    if (this.#settled) return;
    const { method, ddof, counts } = this.#call;
    let value;
    try {
      const range = counts.length > 1 ? counts : undefined;
      value = native.partials().finish(method, this.#partial, { ddof, range });
    } catch (error) {
      return this.fail(error);
    }
    this.#end({ keep: false });
    this.#progress.end(true);
    this.#resolve(value);
  }

  /** Called by the watch on the signal. */
  abort(error) {
    this.fail(error, { keep: this.#call.resume !== undefined });
  }

  /** The cluster is being closed. */
  close() {
    this.abort(new AbortError(new Error('The cluster was closed')));
  }

  /** `keep`: another process may go on from here. */
  fail(error, { keep = false } = {}) {
    if (this.#settled) return;
    this.#end({ keep });
    this.#progress.end(false);
    this.#reject(error);
  }

  /** What is left in Redis goes in the background; close() of the cluster waits for that. */
  #end({ keep }) {
    this.#settled = true;
    unwatch(this);
    for (const timer of this.#timers) clearInterval(timer);
    if (this.#work === undefined) return;
    this.#cluster.dismiss(this, this.#cleanUp(keep));
  }

  async #cleanUp(keep) {
    if (keep) await this.#writeCheckpoint();
    else await this.#cluster.store.dropRun(this.name);
    for (const chunk of this.#window.open.values()) this.#work.leave(chunk);
    await this.#work.end();
  }
}

module.exports = { Run };
