'use strict';

// The jobs that a run has in the queue. A job that nobody needs any more is removed; one that a worker has stays until that is
// done with it, and is removed then.

const native = require('./native');
const { jobId, packJob, unpackFailure, unpackResult } = require('./wire');

/** One, one that was taken for lost, and second ones of both. */
const MOST_COPIES = 4;

class Copy {
  id;
  /** Settles once the queue has it, or has refused it. */
  sent;
  added = performance.now();
  /** When a worker took it, and when it was last looked at. */
  started = undefined;
  looked = performance.now();

  constructor(id) {
    this.id = id;
  }
}

class Work {
  #cluster;
  #run;
  /** Jobs of open chunks. */
  #out = new Set();
  /** Jobs that nobody waits for, and that may still be there: id -> when the queue had it. */
  #leaving = new Map();

  /** `run` is `{ run, program, method }`. */
  constructor(cluster, run) {
    this.#cluster = cluster;
    this.#run = run;
  }

  get out() {
    return this.#out.size;
  }

  /** The ids of jobs that nobody waits for, and that may still be there. */
  get leaving() {
    return [...this.#leaving.keys()];
  }

  /** Removes jobs that another process has left. */
  clear(ids) {
    for (const id of ids) this.drop(id, undefined);
  }

  #signed({ start, end }) {
    const { run, program } = this.#run;
    return { run, program, start, end };
  }

  /** Puts a chunk into the queue, once more if it is there. `avoid` is a worker that is to leave it to others. */
  add(chunk, avoid) {
    const { jobs, secret } = this.#cluster;
    const copy = new Copy(jobId(this.#run.run, chunk, chunk.nextCopy++));
    chunk.copies.set(copy.id, copy);
    this.#out.add(copy.id);
    copy.sent = jobs.add(copy.id, this.#run.method, packJob(secret, this.#signed(chunk), avoid));
    return copy;
  }

  /** Another process may have sent more jobs for this chunk than the first. Nobody waits for them, and their numbers are taken. */
  forgetCopies(chunk) {
    for (let copy = 1; copy < MOST_COPIES; copy++) this.drop(jobId(this.#run.run, chunk, copy), undefined);
    chunk.nextCopy = MOST_COPIES;
  }

  /** The result of a range, if it is signed and one of so many terms; else undefined. */
  read(range, value) {
    const result = unpackResult(this.#cluster.secret, this.#signed(range), value);
    if (result === undefined) return undefined;
    try {
      native.partials().verify(result.bytes, this.#run.method, range.end - range.start, range.start);
    } catch {
      return undefined;
    }
    return result;
  }

  readFailure(range, reason) {
    return unpackFailure(this.#cluster.secret, this.#signed(range), reason);
  }

  async look(copy) {
    const { jobs, timing } = this.#cluster;
    // What was refused is not there; what was not answered yet is waited for.
    const isSent = await copy.sent.then(
      () => true,
      () => false,
    );
    if (!isSent) return { state: 'gone' };
    const seen = await jobs.look(copy.id);
    const isOld = performance.now() - copy.added > 4 * timing.sweep;
    if (seen.state !== 'pending' || !isOld || (await jobs.isListed(copy.id))) return seen;
    // Half of it is there: no worker will take it.
    return { state: 'gone' };
  }

  /** A job is done with, whatever became of it. */
  drop(id, chunk) {
    // Told of twice, it is no longer among the copies.
    if (!this.#leaving.has(id)) this.#leaving.set(id, chunk?.copies.get(id)?.sent);
    chunk?.copies.delete(id);
    this.#out.delete(id);
    this.#remove(id).catch(() => {});
  }

  /** Nobody waits for the jobs of a chunk any more. */
  leave(chunk) {
    for (const id of [...chunk.copies.keys()]) this.drop(id, chunk);
  }

  async #remove(id) {
    // One that another process has sent may come to its end before we have: it would be there again.
    await this.#leaving.get(id)?.catch(() => {});
    if (await this.#cluster.jobs.remove(id)) this.#leaving.delete(id);
  }

  async sweepOut() {
    await Promise.all(this.leaving.map((id) => this.#remove(id)));
  }

  /** Has workers drop what they have of this run, and waits until they did, or have died. */
  async end() {
    const { store, timing } = this.#cluster;
    await this.sweepOut();
    if (this.#leaving.size === 0) return;
    const { run } = this.#run;
    await store.stop(run);
    const deadline = performance.now() + timing.lock + timing.sweep;
    while (this.#leaving.size > 0 && performance.now() < deadline) {
      await new Promise((resolve) => setTimeout(resolve, Math.min(100, timing.poll)));
      await this.sweepOut();
    }
    await store.unstop(run);
  }
}

module.exports = { Work };
