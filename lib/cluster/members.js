'use strict';

// Who is there: workers and clients say so every few seconds, and are forgotten when they do not. Entries of workers are signed,
// since the length of the queue depends on how many there are.

const { isName, parse } = require('./wire');

/** An entry of ours, kept up to date until `leave()`. */
class Membership {
  #store;
  #member;
  #queue;
  #lifetime;
  #timer;

  /** `kind` is 'worker' or 'client'. */
  constructor(store, secret, { id, kind, queue, threads = 0 }, heartbeat) {
    this.#store = store;
    this.#member = JSON.stringify({
      id,
      kind,
      queue,
      threads,
      sig: secret.sign('member', [id, kind, queue, threads]),
    });
    this.#queue = queue;
    this.#lifetime = 3 * heartbeat;
    this.#timer = setInterval(() => this.enter().catch(() => {}), heartbeat);
    this.#timer.unref();
  }

  async enter() {
    await this.#store.enter(this.#member, this.#queue, this.#lifetime);
  }

  async leave() {
    clearInterval(this.#timer);
    await this.#store.leave(this.#member);
  }
}

/** `{ workers, others }`: those that listen to this queue, and how the others are called that workers listen to. */
async function whoIsThere(store, secret, queue) {
  const workers = [];
  const others = new Set();
  for (const text of await store.members()) {
    const { id, kind, queue: theirs, threads, sig } = parse(text) ?? {};
    if (kind !== 'worker' || !isName(id) || !isName(theirs)) continue;
    if (theirs !== queue) others.add(theirs);
    else if (secret.verify('member', [id, kind, queue, threads], sig)) workers.push({ id, threads });
  }
  return { workers, others: [...others] };
}

module.exports = { Membership, whoIsThere };
