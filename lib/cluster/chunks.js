'use strict';

// The chunks of a run: issued, and merged exactly once, whatever becomes of their jobs. Chunks are computed at least once; what makes
// a result count is its range, whose result is the same bits whoever computes it. What events tell is a hint, which may be lost, late,
// doubled or forged: only what is signed counts, and a sweep asks for every job that none has told of.

const { refusal } = require('../errors');
const errors = require('./errors');
const { Merged } = require('./merged');
const native = require('./native');
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
/** So often the data of a chunk may be missing, and is sent again. */
const MISSING = 10;
/** What is told of a reason that anybody may have written. */
const LONGEST_REASON = 300;

class Chunks {
  /** How many had to be done again. */
  lost = 0;

  #run;
  #cluster;
  #program;
  #call;
  #window;
  #sizes;
  #stragglers;
  #merged = new Merged();
  #partial;
  #work;
  /** Jobs that another process has left, and that nobody waits for. */
  #left = [];

  /** `run` is the Run: it has `id`, `name`, `isOver`, and is told of the end, of failures and of troubles with the connection. */
  constructor(run, cluster, call, program) {
    this.#run = run;
    this.#cluster = cluster;
    this.#program = program;
    this.#call = call;
    this.#partial = call.empty;
    this.#window = new Window(call.from, call.end);
    this.#sizes = new Sizes(cluster.timing);
    this.#stragglers = new Stragglers(cluster.timing.straggler);
  }

  /** How many positions are merged. */
  get done() {
    return this.#window.merged;
  }

  get isDone() {
    return this.#window.isDone;
  }

  /** The partial result of all that is merged. */
  get partial() {
    return this.#partial;
  }

  /** For a checkpoint. */
  get state() {
    return {
      window: this.#window,
      sizes: this.#sizes,
      partial: this.#partial,
      leaving: this.#work.leaving,
    };
  }

  /** Goes on where another process was; `issued` are the ranges that it has issued since. */
  restore({ window, sizes, partial, leaving }, issued) {
    this.#partial = partial;
    this.#left = leaving;
    this.#window.restore(window, issued);
    this.#sizes.restore(sizes);
    this.#cutAtFound();
  }

  /** From here on there are jobs: the run has the id that it keeps. */
  open() {
    const { id } = this.#run;
    this.#work = new Work(this.#cluster, {
      run: id,
      program: this.#program.digest,
      method: this.#call.method,
    });
    this.#work.clear(this.#left);
  }

  // --- chunks go out ---

  /** Issues chunks while there is room, and second copies of those that take long when there is nothing else. */
  pump() {
    if (this.#run.isOver) return;
    const workers = Math.max(1, this.#cluster.machines);
    while (this.#window.remaining > 0 && this.#work.out < WINDOW * workers) {
      const { chunk, isNew } = this.#window.issue((remaining) => this.#sizes.next(remaining, workers));
      chunk.isAudited = Math.random() < this.#call.audit;
      if (isNew) this.#note(chunk);
      this.#send(chunk, '', !isNew);
      if (!isNew) this.#work.forgetCopies(chunk);
    }
    if (this.#window.remaining === 0) this.#helpStragglers(workers);
    if (this.#window.isDone) this.#run.finish();
  }

  #helpStragglers(workers) {
    const late = this.#stragglers.among(this.#window.open.values());
    // Who has a late one may be dead.
    const idle = Math.max(0, workers - this.#work.out + late.length);
    for (const chunk of late.slice(0, idle)) this.#send(chunk);
  }

  #note({ start, end }) {
    const noted = this.#cluster.store.noteIssued(this.#run.name, `${start}-${end}`);
    noted.catch((error) => this.#run.troubled(error));
  }

  /** `mayBeThere`: another process may have issued it, and nothing may tell of its end any more. */
  #send(chunk, avoid = '', mayBeThere = false) {
    const copy = this.#work.add(chunk, avoid);
    copy.sent.then(
      () => {
        this.#run.troubled(undefined);
        if (mayBeThere) this.#look(chunk, copy).catch((error) => this.#run.troubled(error));
      },
      (error) => this.#run.troubled(error),
    );
  }

  // --- what events tell ---

  onActive(id, range) {
    const copy = this.#window.find(range)?.copies.get(id);
    if (copy !== undefined) copy.started = performance.now();
  }

  /** A job has ended with this value. */
  onCompleted(id, range, value) {
    const result = this.#work.read(range, value);
    // If it is not signed, the job itself is looked at with the next sweep.
    if (result !== undefined) this.#accept(id, range, result);
  }

  onFailed(id, range, reason) {
    const chunk = this.#window.find(range);
    if (!chunk?.copies.has(id)) return;
    this.#failed(chunk, chunk.copies.get(id), reason).catch((error) => this.#run.troubled(error));
  }

  /** The worker of a job has died, and the job waits for another one. */
  onStalled(id, range) {
    const chunk = this.#window.find(range);
    if (!chunk?.copies.has(id)) return;
    chunk.copies.get(id).started = undefined;
    this.#again(chunk, 'its worker died each time, or was cut off');
  }

  // --- results come in ---

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
    this.#partial = native.partials().merge(this.#call.method, this.#partial, result.bytes);
    this.#window.close(chunk);
    this.#merged.add(chunk, result);
    this.#work.leave(chunk);
    this.#cutAtFound();
    this.pump();
  }

  /** Above what findIndex has found, nothing is wanted. */
  #cutAtFound() {
    const { method } = this.#call;
    if (method !== 'findIndex') return;
    const found = native.partials().finish(method, this.#partial);
    if (found >= 0) for (const dropped of this.#window.cut(found + 1)) this.#work.leave(dropped);
  }

  /** Whether two results of one range have the same bits. One that is not known any more need not be compared. */
  #compare(range, first, result) {
    if (first === undefined || Buffer.compare(first.bytes, result.bytes) === 0) return true;
    // What is merged may be wrong, too: nobody is to go on from there.
    this.#run.fail(errors.bits(range, [first.worker, result.worker], this.#run.name));
    return false;
  }

  // --- chunks that fail, or are gone ---

  async #failed(chunk, copy, reason) {
    this.#work.drop(copy.id, chunk);
    const failure = this.#work.readFailure(chunk, reason);
    if (failure !== undefined) chunk.workers.add(failure.worker);
    switch (failure?.code) {
      case 'CLUSTER_STOPPED':
        break;
      case 'CLUSTER_MISSING':
        if (++chunk.missing > MISSING) return this.#giveUp(chunk, chunk.missing, failure.message);
        await this.#cluster.blocks.put(this.#program);
        break;
      case 'CLUSTER_LIMIT':
        return this.#giveUp(chunk, chunk.tries + 1, failure.message);
      case 'CLUSTER_TIME':
        if (!this.#again(chunk, failure.message)) return;
        if (chunk.count > 1) {
          this.#work.leave(chunk);
          this.#window.split(chunk, PIECES);
        }
        break;
      default:
        if (REFUSALS.has(failure?.code)) return this.#run.fail(refusal(failure));
        // The queue has counted, too.
        if (STALLED_OUT.test(reason)) chunk.tries = TRIES - 1;
        if (!this.#again(chunk, failure?.message ?? reason)) return;
    }
    if (this.#run.isOver) return;
    if (this.#window.find(chunk) === chunk && chunk.copies.size === 0) this.#send(chunk, chunk.first?.worker);
    this.pump();
  }

  /** One try more is gone. Whether there is another one. */
  #again(chunk, reason) {
    this.lost++;
    chunk.tries++;
    if (chunk.tries < TRIES) return true;
    this.#giveUp(chunk, TRIES, reason);
    return false;
  }

  #giveUp(chunk, tries, reason) {
    const told = `${reason}`.slice(0, LONGEST_REASON);
    this.#run.fail(errors.chunk(chunk, tries, [...chunk.workers], told, this.#run.name), { keep: 'named' });
  }

  /** Asks for a job that nothing has told of. */
  async #look(chunk, copy) {
    copy.looked = performance.now();
    const { state, value } = await this.#work.look(copy);
    if (this.#run.isOver || chunk.copies.get(copy.id) !== copy) return;
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

  /** Looks at every job that was not looked at for so long, and removes what nobody waits for. */
  async sweep(milliseconds) {
    const before = performance.now() - milliseconds;
    const looks = [];
    for (const chunk of this.#window.open.values()) {
      for (const copy of chunk.copies.values()) if (copy.looked < before) looks.push(this.#look(chunk, copy));
    }
    await Promise.all([...looks, this.#work.sweepOut()]);
  }

  /** Nobody waits for any of them; resolves when none is in the queue. */
  async end() {
    for (const chunk of this.#window.open.values()) this.#work.leave(chunk);
    await this.#work.end();
  }
}

module.exports = { Chunks };
