'use strict';

// What one thread does in a soak: lanes of calls, one after the other in each, and every answer is judged.

const { getEventListeners } = require('node:events');
const { inspect } = require('node:util');
const { never, somehow } = require('./aborts.js');
const { Board, CODES } = require('./board.js');
const { BREAKAGES } = require('./breakage.js');
const { OPERATIONS } = require('./operations.js');
const { Random } = require('./random.js');
const stage = require('./stage.js');

const NAMES = OPERATIONS.map(({ name }) => name);

class Client {
  /** `complain(text)` is told of whatever is wrong. */
  constructor({ allcores, seed, seat, cells, buffers, shared, broken }, complain) {
    this.board = new Board(NAMES, cells);
    this.seat = seat;
    this.complain = complain;
    this.seed = seed;
    this.count = 0;
    this.sabotage = BREAKAGES[broken];
    /** What a trial knows. */
    this.world = {
      allcores,
      random: new Random(seed),
      stage: stage.open(buffers),
      shared,
      forever: new AbortController().signal,
      error: 0n,
      silent: false,
    };
  }

  /** Calls until `over()`. Resolves when the last one is settled. */
  async run(lanes, over) {
    const lane = async (number) => {
      while (!over()) await this.#call(number);
    };
    await Promise.all(Array.from({ length: lanes }, (_, number) => lane(number)));
  }

  /** How many listeners there are on the signal that is never aborted. */
  listeners() {
    return getEventListeners(this.world.forever, 'abort').length;
  }

  async #call(lane) {
    const { board, seat, world } = this;
    const { random } = world;
    this.count++;
    this.sabotage?.(world, this.count, this);
    const operation = random.weighted(OPERATIONS);
    const number = OPERATIONS.indexOf(operation);
    const trial = operation.trial(world);
    const reason = { why: 'on purpose' };
    const abort =
      random.chance(0.3) && !trial.refusal ? somehow(random, reason) : never(random, world.forever);
    const options = { signal: abort.signal };
    if (random.chance(0.2)) options.threads = random.integer(1, world.allcores.threads);

    board.begin(seat, lane, number);
    const began = performance.now();
    const end = (outcome) => board.end(seat, lane, number, outcome, performance.now() - began);
    let wrong;
    try {
      const call = trial.start(options);
      abort.act();
      const value = await (world.silent ? neverSettled(call) : call);
      end('resolved');
      wrong = abort.must || trial.refusal ? `resolved with ${inspect(value)}` : trial.right(value);
    } catch (error) {
      end(error.code === 'ABORT_ERR' ? 'aborted' : CODES.includes(error.code) ? error.code : 'wrong');
      wrong = this.#judge(error, trial, abort, reason);
    }
    wrong ??= await trial.after?.().catch(inspect);
    const left = abort.leaves?.();
    if (left > 0 && wrong === undefined) wrong = `${left} listeners left on its signal`;
    if (wrong !== undefined) {
      board.count(number, 'wrong');
      this.complain(`${operation.name}: ${wrong}`);
    }
  }

  /** What is wrong with a rejection. */
  #judge(error, trial, { signal, started }, reason) {
    if (trial.refusal)
      return error.code === trial.refusal ? undefined : `${inspect(error)}, not ${trial.refusal}`;
    if (error.code === 'ERR_BUFFER_BUSY' && trial.contended) return undefined;
    if (error.code !== 'ABORT_ERR' || !signal?.aborted) return inspect(error);
    if (error.cause !== signal.reason) return `the cause is ${inspect(error.cause)}`;
    if (error.cause !== reason && error.cause?.name !== 'TimeoutError')
      return `cause ${inspect(error.cause)}`;
    return trial.aborted?.(started);
  }
}

const neverSettled = (call) => call.catch(() => {}).then(() => new Promise(() => {}));

module.exports = { Client, NAMES };
