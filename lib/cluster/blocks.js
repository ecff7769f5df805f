'use strict';

// The blocks of programs in the store: a client puts them there and has them stay while it needs them; a worker fetches them once.
// They are named by what is in them, so that nothing else comes under their names.

const { coded } = require('../errors');
const { digestOf, limit, readProgram } = require('./program');
const { BLOCK, KEPT } = require('./settings');

/** The blocks that a client has put there. */
class SentBlocks {
  #store;
  #digests = new Set();
  #timer;

  constructor(store) {
    this.#store = store;
    this.#timer = setInterval(() => this.#keep().catch(() => {}), (KEPT.blob / 4) * 1000);
    this.#timer.unref();
  }

  /** Puts all that a program needs there, or back there. One after the other: they may be large. */
  async put(program) {
    for (const [digest, bytes] of program.blocks) {
      this.#digests.add(digest);
      await this.#store.putBlock(digest, bytes);
    }
  }

  async #keep() {
    for (const digest of this.#digests) await this.#store.keepBlock(digest);
  }

  /** Another client that has sent the same puts it back when a worker asks for it. */
  async close() {
    clearInterval(this.#timer);
    await this.#store.dropBlocks(this.#digests);
  }
}

/** The programs that a worker has: those used last, up to so many bytes. */
class Programs {
  #store;
  #source;
  #limits;
  /** digest -> program, the last used one last. */
  #programs = new Map();
  #size = 0;

  /** `source(text)` is a function for a text. */
  constructor(store, source, limits) {
    this.#store = store;
    this.#source = source;
    this.#limits = limits;
  }

  /** Rejects with CLUSTER_MISSING if a block is not there, with CLUSTER_LIMIT if the program is above the limits. */
  async get(digest) {
    let program = this.#programs.get(digest);
    if (program === undefined) {
      program = await readProgram(digest, (block) => this.#fetch(block), this.#source, this.#limits);
      this.#size += program.size;
    }
    this.#programs.delete(digest);
    this.#programs.set(digest, program);
    this.#shrink();
    return program;
  }

  async #fetch(digest) {
    if ((await this.#store.sizeOfBlock(digest)) > BLOCK) throw limit('a block of its data is too large');
    const bytes = await this.#store.getBlock(digest);
    if (bytes !== null) {
      if (digestOf(bytes) === digest) return bytes;
      // Somebody else has written that. As long as it is there, nobody puts the right one there.
      await this.#store.dropBlocks([digest]);
    }
    throw coded(new Error(`the block ${digest} is not there`), 'CLUSTER_MISSING');
  }

  #shrink() {
    for (const [digest, { size }] of this.#programs) {
      const isEnough = this.#size <= 2 * this.#limits.data && this.#programs.size <= 64;
      if (isEnough || this.#programs.size === 1) return;
      this.#programs.delete(digest);
      this.#size -= size;
    }
  }
}

module.exports = { Programs, SentBlocks };
