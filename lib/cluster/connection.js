'use strict';

// Connections to Redis, which are found broken in time and closed in time: the client library by itself tries for ever.

const { isPlainObject } = require('../describe');
const { invalidArgType, outOfRange } = require('../errors');
const errors = require('./errors');

const LOOPBACK = /^(?:localhost|127\.\d+\.\d+\.\d+|::1|\[::1\])$/;

/** What Redis answers to one that it does not know; to try again does not help. */
const REFUSAL = /^(?:WRONGPASS|NOAUTH|NOPERM|ERR AUTH|ERR invalid password|ERR Client sent AUTH)/;

const LONGEST_PAUSE = 2_000;

/** The options of ioredis: `{ url, ... }`, or a URL by itself. */
function readConnection(connection) {
  const options = typeof connection === 'string' ? { url: connection } : connection;
  if (!isPlainObject(options)) {
    throw invalidArgType(
      'options.connection',
      "a plain object, such as { url: 'redis://host:6379' }",
      connection,
    );
  }
  const { url, ...rest } = options;
  if (url !== undefined && typeof url !== 'string') {
    throw invalidArgType('options.connection.url', 'of type string', url);
  }
  if (rest.keyPrefix !== undefined) {
    throw outOfRange('options.connection.keyPrefix', 'left out: use options.prefix', rest.keyPrefix);
  }
  return { url, rest, ...placeOf(url, rest) };
}

/** Where that is, without user and password, and whether others can read along. */
function placeOf(url, rest) {
  let parsed;
  try {
    parsed = url === undefined ? undefined : new URL(/^[a-z]+:\/\//.test(url) ? url : `redis://${url}`);
  } catch {
    throw outOfRange('options.connection.url', "a URL such as 'rediss://host:6379'", '(a text that is none)');
  }
  const host = parsed?.hostname || rest.host || rest.path || 'localhost';
  const port = parsed?.port || rest.port || 6379;
  const isPlain = parsed?.protocol !== 'rediss:' && rest.tls === undefined && rest.path === undefined;
  return { place: rest.path ?? `${host}:${port}`, isExposed: isPlain && !LOOPBACK.test(host) };
}

/** Resolves with a connection that is ready. Rejects with ERR_CLUSTER_CONNECTION. */
async function openConnection(Redis, { url, rest, place, isExposed }, timing) {
  if (isExposed) {
    process.emitWarning(
      `allcores/cluster talks to ${place} without TLS: source, data and results can be read on the way. Use rediss://`,
      { code: 'ALLCORES_CLUSTER_PLAINTEXT' },
    );
  }
  const options = {
    ...rest,
    // Commands wait while Redis is away.
    maxRetriesPerRequest: null,
    retryStrategy: (times) => Math.min(100 * 2 ** Math.min(times, 10), LONGEST_PAUSE),
  };
  const redis = url === undefined ? new Redis(options) : new Redis(url, options);
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
  // Without a listener the library writes every one of them to the console.
  redis.on('error', () => {});
  return redis;
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

/** Calls `onLost(cause)` each time that Redis has been away for so long, until `stop()` is called. */
function watchOutage(redis, milliseconds, onLost) {
  let timer;
  let last;
  const onError = (error) => {
    last = error;
  };
  const onClose = () => {
    timer ??= setTimeout(() => {
      timer = undefined;
      onLost(last);
    }, milliseconds);
  };
  const onReady = () => {
    clearTimeout(timer);
    timer = undefined;
  };
  redis.on('error', onError).on('close', onClose).on('ready', onReady);
  return () => {
    onReady();
    redis.off('error', onError).off('close', onClose).off('ready', onReady);
  };
}

/** Ends a connection, by a command if that is answered in time. */
async function closeConnection(redis, milliseconds) {
  await within(milliseconds, redis.status === 'ready' ? redis.quit() : undefined);
  redis.disconnect();
}

/** Waits for a promise, but no longer than that; whether it has been fulfilled. */
function within(milliseconds, promise) {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(false), milliseconds);
    Promise.resolve(promise)
      .then(
        () => resolve(true),
        () => resolve(false),
      )
      .finally(() => clearTimeout(timer));
  });
}

module.exports = { closeConnection, openConnection, readConnection, watchOutage, within };
