'use strict';

// The queue on Redis. Connections are found broken in time and closed in time: the client library by itself tries for ever.

const { outOfRange } = require('../errors');
const errors = require('./errors');
const { loadPeers } = require('./peers');
const { RedisStore } = require('./redis-store');
const { outageWatch, pauseBefore, within } = require('./waiting');

/** What Redis answers to one that it does not know; to try again does not help. */
const REFUSAL = /^(?:WRONGPASS|NOAUTH|NOPERM|ERR AUTH|ERR invalid password|ERR Client sent AUTH)/;

/** The options of ioredis: `{ url, ... }`. */
function readRedis({ url, ...rest }) {
  if (rest.keyPrefix !== undefined) {
    throw outOfRange('options.connection.keyPrefix', 'left out: use options.prefix', rest.keyPrefix);
  }
  let parsed;
  try {
    parsed = url === undefined ? undefined : new URL(/^[a-z]+:\/\//.test(url) ? url : `redis://${url}`);
  } catch {
    throw outOfRange('options.connection.url', "a URL such as 'rediss://host:6379'", '(a text that is none)');
  }
  const host = parsed?.hostname || rest.host || rest.path || 'localhost';
  const port = parsed?.port || rest.port || 6379;
  const isPlain = parsed?.protocol !== 'rediss:' && rest.tls === undefined && rest.path === undefined;
  return { url, rest, host, place: rest.path ?? `${host}:${port}`, isPlain };
}

class Redis {
  name = 'Redis';
  place;
  store;
  Job;
  DelayedError;
  UnrecoverableError;

  #peers;
  #redis;
  #options;

  constructor(peers, redis, place, prefix) {
    this.#peers = peers;
    this.#redis = redis;
    this.#options = { connection: redis, prefix };
    this.place = place;
    this.store = new RedisStore(redis, prefix);
    ({ DelayedError: this.DelayedError, Job: this.Job, UnrecoverableError: this.UnrecoverableError } = peers);
  }

  queue(name) {
    return new this.#peers.Queue(name, this.#options);
  }

  events(name) {
    return new this.#peers.QueueEvents(name, this.#options);
  }

  worker(name, process, options) {
    return new this.#peers.Worker(name, process, { ...this.#options, ...options });
  }

  async endWorker(worker) {
    await worker.close(true);
  }

  get isThere() {
    return this.#redis.status === 'ready';
  }

  /** Calls `onLost(cause)` each time that Redis has been away for so long, until `stop()` is called. */
  watchOutage(milliseconds, onLost) {
    const redis = this.#redis;
    const { away, back } = outageWatch(milliseconds, onLost);
    let last;
    const onError = (error) => {
      last = error;
    };
    const onClose = () => away(last);
    redis.on('error', onError).on('close', onClose).on('ready', back);
    return () => {
      back();
      redis.off('error', onError).off('close', onClose).off('ready', back);
    };
  }

  isRefusal(error) {
    return /^NOPERM/.test(error?.message);
  }

  reasonOf(error) {
    // A transaction says only that it was discarded; what it was discarded for, is in that.
    return (error.previousErrors?.[0] ?? error).message;
  }

  /** Ends the connection, by a command if that is answered in time. */
  async close(milliseconds) {
    await within(milliseconds, this.isThere ? this.#redis.quit() : undefined);
    this.#redis.disconnect();
  }
}

/** Resolves with an engine that is ready. Rejects with ERR_CLUSTER_CONNECTION. */
async function openRedis({ url, rest, place }, { prefix, timing }) {
  const peers = loadPeers('ioredis');
  const options = {
    ...rest,
    // Commands wait while Redis is away.
    maxRetriesPerRequest: null,
    retryStrategy: pauseBefore,
  };
  const redis = url === undefined ? new peers.Redis(options) : new peers.Redis(url, options);
  let last;
  const keep = (error) => {
    last = error;
  };
  redis.on('error', keep);
  try {
    await ready(redis, timing.connect, () => last);
  } catch (cause) {
    redis.disconnect();
    throw errors.connection(`Redis at ${place} cannot be reached: ${cause.message}`, cause);
  }
  redis.off('error', keep);
  // Without a listener the library writes every one of them to the console. Workers hear of them from the queue.
  redis.on('error', () => {});
  return new Redis(peers, redis, place, prefix);
}

function ready(redis, milliseconds, last) {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(
      () => end(reject, last() ?? new Error(`no answer within ${milliseconds / 1000} s`)),
      milliseconds,
    );
    const onReady = () => end(resolve);
    const onError = (error) => {
      if (REFUSAL.test(error.message)) end(reject, error);
    };
    function end(settle, value) {
      clearTimeout(timer);
      redis.off('ready', onReady);
      redis.off('error', onError);
      settle(value);
    }
    redis.on('ready', onReady);
    redis.on('error', onError);
  });
}

module.exports = { openRedis, readRedis };
