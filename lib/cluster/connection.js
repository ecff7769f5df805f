'use strict';

// Where the queue is: what `options.connection` says, and the engine that it names. An engine has the objects of the queue's library, a
// store for what is there besides, and the words for errors:
//
//   name, place                      for errors
//   store                            a RedisStore or a PostgresStore
//   Job, DelayedError, UnrecoverableError
//   queue(name), events(name), worker(name, process, options)
//   endWorker(worker)                without waiting for what it has in hand
//   isThere                          whether it answers, as far as is known
//   watchOutage(milliseconds, onLost)   see below
//   isRefusal(error)                 whether it does not help to try again
//   reasonOf(error)                  what it has refused something for
//   close(milliseconds)

const { isPlainObject } = require('../objects');
const { invalidArgType } = require('../errors');
const { openPostgres, readPostgres } = require('./postgres');
const { openRedis, readRedis } = require('./redis');

const LOOPBACK = /^(?:localhost|127\.\d+\.\d+\.\d+|::1|\[::1\])$/;

const POSTGRES = /^postgres(?:ql)?:/i;

/** `{ isPostgres, place, isExposed, ... }`: without user and password where that is, and whether others can read along. */
function readConnection(connection) {
  const options = typeof connection === 'string' ? { url: connection } : connection;
  if (!isPlainObject(options)) {
    throw invalidArgType(
      'options.connection',
      "a plain object, such as { url: 'redis://host:6379' } or { url: 'postgres://host/database' }",
      connection,
    );
  }
  const { url, postgres } = options;
  if (url !== undefined && typeof url !== 'string') {
    throw invalidArgType('options.connection.url', 'of type string', url);
  }
  const isPostgres = postgres !== undefined || POSTGRES.test(url);
  const { host, isPlain, ...rest } = isPostgres ? readPostgres(options) : readRedis(options);
  return { ...rest, isPostgres, isExposed: isPlain && !LOOPBACK.test(host) };
}

/**
 * Resolves with an engine that answers. Rejects with ERR_CLUSTER_CONNECTION. `onError` is told of errors that connections have
 * later, and live on after.
 */
async function openEngine(connection, options, onError) {
  const { isExposed, isPostgres, place } = connection;
  if (isExposed) {
    const remedy = isPostgres ? '?sslmode=verify-full in the URL' : 'rediss://';
    process.emitWarning(
      `allcores/cluster talks to ${place} without TLS: source, data and results can be read on the way. Use ${remedy}`,
      { code: 'ALLCORES_CLUSTER_PLAINTEXT' },
    );
  }
  return await (isPostgres ? openPostgres : openRedis)(connection, options, onError);
}

module.exports = { openEngine, readConnection };
