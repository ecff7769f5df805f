'use strict';

// connect(): a cluster, whose calls are those of one machine over all workers that listen to its queue.

const { randomBytes } = require('node:crypto');
const { SentBlocks } = require('./blocks');
const { openEngine } = require('./connection');
const errors = require('./errors');
const { queueName, selfTest } = require('./identity');
const { Jobs } = require('./jobs');
const { Membership, whoIsThere } = require('./members');
const native = require('./native');
const { isGoingOn, noBody, readCall, readConnect } = require('./options');
const { Program } = require('./program');
const { Run, closed } = require('./run');
const { snapshot } = require('./data');
const { within } = require('./waiting');
const { parseJobId } = require('./wire');

/** Events of the queue, and what the chunks of a run do with them. */
const EVENTS = {
  active: (chunks, id, range) => chunks.onActive(id, range),
  completed: (chunks, id, range, { returnvalue }) => chunks.onCompleted(id, range, returnvalue),
  failed: (chunks, id, range, { failedReason }) => chunks.onFailed(id, range, failedReason),
  stalled: (chunks, id, range) => chunks.onStalled(id, range),
};

/** Before events are listened to again. */
const PAUSE = 100;

/** What runs share: the connection, the queue, and who listens to it. */
class Client {
  secret;
  timing;
  queueName;
  store;
  jobs;
  blocks;
  /** How many workers there are, as far as is known. */
  machines = 0;

  #wait;
  #engine;
  #queue;
  #events;
  #membership;
  #stopWatching;
  /** Runs by their id, and what is still to be done for those that are over. */
  #runs = new Map();
  #starting = new Set();
  #endings = new Set();
  #closing;

  constructor({ secret, timing, waitForWorkers }) {
    this.secret = secret;
    this.timing = timing;
    this.#wait = waitForWorkers;
  }

  async open({ connection, prefix }) {
    await selfTest();
    this.queueName = await queueName(this.secret);
    this.#engine = await openEngine(connection, { prefix, timing: this.timing });
    const { name, place, store, Job } = this.#engine;
    this.store = store;
    this.blocks = new SentBlocks(store);
    this.#queue = this.#engine.queue(this.queueName).on('error', () => {});
    this.jobs = new Jobs(this.#queue, Job);
    this.#events = this.#engine.events(this.queueName).on('error', () => this.#listenAgain());
    for (const [event, tell] of Object.entries(EVENTS))
      this.#events.on(event, (args) => this.#dispatch(tell, args));
    this.#stopWatching = this.#engine.watchOutage(this.timing.outage, (cause) => this.#lost(cause));
    const id = `client-${randomBytes(6).toString('hex')}`;
    this.#membership = new Membership(
      this.store,
      this.secret,
      { id, kind: 'client', queue: this.queueName },
      this.timing.heartbeat,
    );
    try {
      await Promise.all([
        this.#membership.enter(),
        this.#queue.waitUntilReady(),
        this.#events.waitUntilReady(),
      ]);
      await this.look();
    } catch (cause) {
      await this.close();
      throw errors.connection(`${name} at ${place} refuses: ${cause.message}`, cause);
    }
    // Nobody but close() waits for that.
    this.#finishLater(this.jobs.janitor());
    return this;
  }

  /** What is no event, and was written by somebody, ends the listening. The next one is listened to; a sweep finds what was missed. */
  #listenAgain() {
    if (this.#closing !== undefined || this.#events.running) return;
    setTimeout(() => {
      if (this.#closing === undefined && !this.#events.running)
        this.#events.run().catch(() => this.#listenAgain());
    }, PAUSE).unref();
  }

  #dispatch(tell, args) {
    const range = parseJobId(args.jobId);
    const run = this.#runs.get(range?.run);
    if (run?.isOver !== false) return;
    try {
      tell(run.chunks, args.jobId, range, args);
    } catch (error) {
      // The queue's library would keep it to itself.
      run.fail(error);
    }
  }

  #lost(cause) {
    const { name, place } = this.#engine;
    const message = `${name} at ${place} has been away for ${this.timing.outage / 1000} s`;
    for (const run of this.#all()) {
      run.fail(errors.connection(message, cause, run.name), { keep: 'always' });
    }
  }

  #all() {
    return new Set([...this.#starting, ...this.#runs.values()]);
  }

  /** Redis or Postgres. */
  get engine() {
    return this.#engine;
  }

  /** `{ workers, others }` now. */
  async look() {
    const seen = await whoIsThere(this.store, this.secret, this.queueName);
    this.machines = seen.workers.length;
    return seen;
  }

  enroll(run) {
    this.#runs.set(run.id, run);
  }

  /** `ending` is what is still to be done for the run. */
  dismiss(run, ending) {
    if (this.#runs.get(run.id) === run) this.#runs.delete(run.id);
    this.#finishLater(ending);
  }

  #finishLater(ending) {
    const done = ending.catch(() => {}).finally(() => this.#endings.delete(done));
    this.#endings.add(done);
  }

  /** A call of one of the methods. Everything that can be refused is, before a byte is sent. */
  async call(method, range, body, options) {
    if (typeof body !== 'function') throw noBody(method, body);
    const call = { method, ...readCall(method, range, options, this.#wait) };
    if (this.#closing !== undefined) throw errors.connection('The cluster is closed');
    const { partial, textOf } = native.partials();
    const data = snapshot(call.data);
    const { counts, ddof, from, math } = call;
    const source = counts.length === 1 ? counts[0] : counts;
    const checked = { data, from, math, ...(method === 'variance' && { ddof }) };
    call.empty = await partial(method, source, body, checked, call.from, call.from).catch((error) => {
      throw errors.ofManyMachines(error);
    });
    if (this.#closing !== undefined) throw closed();
    const program = new Program({ method, counts, from, body, data }, textOf);
    for (const { name } of this.#all()) if (name === call.resume) throw isGoingOn(name);
    const run = new Run(this, call, program);
    this.#starting.add(run);
    // Not awaited: an abort settles the promise before.
    run.start().finally(() => this.#starting.delete(run));
    return await run.promise;
  }

  /** Ends all runs, and leaves nothing there but checkpoints of runs that have a name. */
  close() {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close() {
    for (const run of this.#all()) run.close();
    const { close, lock, sweep } = this.timing;
    const isThere = () => this.#engine.isThere;
    while (this.#endings.size > 0 && isThere()) {
      if (!(await within(lock + sweep + close, Promise.all(this.#endings)))) break;
    }
    this.#stopWatching();
    if (isThere()) await within(close, this.#leave());
    await within(close, this.#events.close());
    await within(close, this.#queue.close());
    await this.#engine.close(close);
  }

  async #leave() {
    await this.#membership.leave();
    await this.blocks.close();
    await this.store.sweepOut(this.queueName);
  }
}

const asyncDispose = Symbol.asyncDispose ?? Symbol.for('nodejs.asyncDispose');

/** The public object. Its functions need no `this`. */
function clusterOf(client) {
  const cluster = {
    queue: client.queueName,
    workers: async () => (await client.look()).workers,
    close: () => client.close(),
    [asyncDispose]: () => client.close(),
  };
  for (const method of native.partials().METHODS) {
    cluster[method] = (range, body, options) => client.call(method, range, body, options);
  }
  const { sumRange } = cluster;
  // Without a body there is nothing to distribute.
  cluster.sumRange = (num, body, options) =>
    typeof body === 'function'
      ? sumRange(num, body, options)
      : native.allcores().sumRange(num, body, options);
  return Object.freeze(cluster);
}

async function connect(options) {
  const read = readConnect(options);
  return clusterOf(await new Client(read).open(read));
}

module.exports = { connect };
