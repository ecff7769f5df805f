'use strict';

// Which positions of a range have been issued, and which are merged. Positions are issued in ascending order, as chunks; a
// chunk is open until its result is merged, once. What was issued by another process, or has been cut in pieces, waits in a
// backlog and is issued first.

class Chunk {
  start;
  end;
  /** Failures so far, those of what it was cut from included; names of workers that had it. */
  tries;
  workers;
  /** id -> Copy: jobs in the queue. */
  copies = new Map();
  /** The number of its next job, which is in the id. */
  nextCopy = 0;
  /** How often a worker did not find its data. */
  missing = 0;
  /** Whether it is to be computed twice, and the first result. */
  isAudited = false;
  first = undefined;

  constructor(start, end, tries = 0, workers = new Set()) {
    this.start = start;
    this.end = end;
    this.tries = tries;
    this.workers = workers;
  }

  get count() {
    return this.end - this.start;
  }
}

class Window {
  #frontier;
  #end;
  /** Chunks to be issued, ascending. */
  #backlog = [];
  /** start -> Chunk. */
  #open = new Map();
  #merged = 0;

  /** Of the positions from `start` to `end`. */
  constructor(start, end) {
    this.#frontier = start;
    this.#end = end;
  }

  get open() {
    return this.#open;
  }

  /** How many positions are merged. */
  get merged() {
    return this.#merged;
  }

  /** How many have not been issued. */
  get remaining() {
    return this.#end - this.#frontier + this.#backlog.reduce((sum, chunk) => sum + chunk.count, 0);
  }

  get isDone() {
    return this.remaining === 0 && this.#open.size === 0;
  }

  /** The next chunk, open from now on, and whether it is new. `size(remaining)` is how long one may be. */
  issue(size) {
    let chunk = this.#backlog.shift();
    const isNew = chunk === undefined;
    if (isNew) {
      const end = this.#frontier + size(this.remaining);
      chunk = new Chunk(this.#frontier, end);
      this.#frontier = end;
    }
    this.#open.set(chunk.start, chunk);
    return { chunk, isNew };
  }

  /** The chunk of this range, if it is open. */
  find({ start, end }) {
    const chunk = this.#open.get(start);
    return chunk?.end === end ? chunk : undefined;
  }

  /** Its result is merged. */
  close(chunk) {
    this.#open.delete(chunk.start);
    this.#merged += chunk.count;
  }

  /** In its place, so many pieces are issued, with the tries that it has had. */
  split(chunk, pieces) {
    this.#open.delete(chunk.start);
    const step = Math.ceil(chunk.count / pieces);
    for (let start = chunk.start; start < chunk.end; start += step) {
      const end = Math.min(chunk.end, start + step);
      this.#backlog.push(new Chunk(start, end, chunk.tries, new Set(chunk.workers)));
    }
  }

  /** Nothing from a position on is wanted any more. Returns the chunks that were open there. */
  cut(position) {
    const dropped = [...this.#open.values()].filter(({ start }) => start >= position);
    for (const { start } of dropped) this.#open.delete(start);
    this.#backlog = this.#backlog.filter(({ start }) => start < position);
    this.#end = this.#frontier;
    return dropped;
  }

  /** For another process: where the frontier is, and what is not merged below it. */
  toJSON() {
    const rest = [...this.#backlog, ...this.#open.values()];
    const ranges = rest.map(({ start, end }) => [start, end]).sort(([a], [b]) => a - b);
    return { frontier: this.#frontier, merged: this.#merged, open: ranges };
  }

  /**
   * Takes over what another process has left, and issues it again. `issued` are ranges that it has issued since, in order; the
   * first that does not follow on ends the list.
   */
  restore({ frontier, merged, open }, issued) {
    this.#merged = merged;
    this.#backlog = open.map(([start, end]) => new Chunk(start, end));
    this.#frontier = frontier;
    for (const [start, end] of issued) {
      if (start !== this.#frontier || !Number.isSafeInteger(end) || end <= start || end > this.#end) break;
      this.#backlog.push(new Chunk(start, end));
      this.#frontier = end;
    }
  }
}

module.exports = { Window };
