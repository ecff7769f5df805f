'use strict';

// The jobs of a queue, by their ids: added, looked at, removed. Nothing here lists a queue: that would hold up the others.

const { KEPT } = require('./settings');

class Jobs {
  #queue;
  #Job;

  constructor(queue, Job) {
    this.#queue = queue;
    this.#Job = Job;
  }

  /** A job of an id that is there already is left as it is. */
  async add(id, name, data) {
    await this.#queue.add(name, data, {
      jobId: id,
      attempts: 1,
      stackTraceLimit: 0,
      removeOnComplete: { age: KEPT.job },
      removeOnFail: { age: KEPT.job },
    });
  }

  /** `{ state, value }`: 'gone', 'pending', 'result' with what was returned, or 'failed' with the reason. */
  async look(id) {
    const job = await this.#Job.fromId(this.#queue, id);
    if (job === undefined) return { state: 'gone' };
    if (!job.finishedOn) return { state: 'pending' };
    return job.failedReason
      ? { state: 'failed', value: job.failedReason }
      : { state: 'result', value: job.returnvalue };
  }

  /** Whether it is in one of the lists of the queue. If not, nobody is going to take it. */
  async isListed(id) {
    return (await this.#queue.getJobState(id)) !== 'unknown';
  }

  /** Whether it is gone: a job that a worker has is not. */
  async remove(id) {
    if ((await this.#queue.remove(id)) === 1) return true;
    // On Postgres that may mean that it was gone before.
    return (await this.#Job.fromId(this.#queue, id)) === undefined;
  }

  /** What runs have left that nobody came back for. */
  async janitor() {
    for (const type of ['completed', 'failed', 'wait']) await this.#queue.clean(KEPT.job * 1000, 1000, type);
  }
}

module.exports = { Jobs };
