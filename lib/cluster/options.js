'use strict';

// Arguments and options of connect(), startWorker() and the calls of a cluster, each read once.

const { countsOf, isRange } = require('../bodies/arguments');
const { isPlainObject } = require('../objects');
const { invalidArgType, outOfRange } = require('../errors');
const { classOf } = require('../signals');
const { readConnection } = require('./connection');
const { Secret } = require('./secret');
const { LIMITS, TIMING } = require('./settings');
const { isName } = require('./wire');

const MAX = 2 ** 53 - 1;
const PREFIX = /^[\w{}.-]{1,64}$/;
/** On Postgres it is the name of a schema. */
const SCHEMA = /^[A-Za-z_]\w{0,62}$/;
const RUN_NAME = /^[\w.-]{1,64}$/;
const DEFAULT_WAIT = 30_000;

/** What both sides need: `{ connection, secret, prefix, timing }`. */
function readCommon(options) {
  if (!isPlainObject(options))
    throw invalidArgType('options', 'a plain object with connection and secret', options);
  const { connection, secret, prefix = 'allcores', timing } = options;
  if (typeof prefix !== 'string') throw invalidArgType('options.prefix', 'of type string', prefix);
  if (!PREFIX.test(prefix))
    throw outOfRange('options.prefix', 'up to 64 letters, digits and _ . - { }', prefix);
  const read = readConnection(connection);
  if (read.isPostgres && !SCHEMA.test(prefix))
    throw outOfRange('options.prefix', 'the name of a schema: up to 63 letters, digits and _', prefix);
  return {
    connection: read,
    secret: new Secret(secret),
    prefix,
    timing: { ...TIMING, ...timing },
  };
}

function readConnect(options) {
  const common = readCommon(options);
  return { ...common, waitForWorkers: milliseconds('waitForWorkers', options.waitForWorkers, DEFAULT_WAIT) };
}

function readWorker(options, threads) {
  const common = readCommon(options);
  const { name, limits = {}, onError } = options;
  if (name !== undefined && !isName(name)) {
    throw typeof name === 'string'
      ? outOfRange('options.name', 'up to 100 letters, digits, spaces and _ . - @', name)
      : invalidArgType('options.name', 'of type string', name);
  }
  if (!isPlainObject(limits)) throw invalidArgType('options.limits', 'a plain object', limits);
  if (onError !== undefined && typeof onError !== 'function') {
    throw invalidArgType('options.onError', 'of type function', onError);
  }
  return {
    ...common,
    name,
    onError,
    threads: integer('options.threads', options.threads, threads, 1, threads),
    limits: {
      source: integer('options.limits.source', limits.source, LIMITS.source, 1, LIMITS.source),
      data: integer('options.limits.data', limits.data, LIMITS.data, 0, LIMITS.data),
      seconds: positive('options.limits.seconds', limits.seconds, LIMITS.seconds, 1_000_000),
    },
  };
}

/**
 * The range and the options of a call of `method`: `{ counts, from, total, data, math, signal, signalClass, ... }`. `wait` is how long
 * the cluster waits for workers.
 */
function readCall(method, range, options, wait) {
  const argument = method === 'sumRange' ? 'num' : 'source';
  if (!isRange(range)) throw notARange(argument, range);
  const counts = countsOf(range, argument);
  if (options !== undefined && !isPlainObject(options))
    throw invalidArgType('options', 'a plain object', options);
  const { audit, data, from, math, onProgress, resume, signal, waitForWorkers } = options ?? {};
  if (data !== undefined && !isPlainObject(data))
    throw invalidArgType('options.data', 'a plain object', data);
  if (onProgress !== undefined && typeof onProgress !== 'function') {
    throw invalidArgType('options.onProgress', 'of type function', onProgress);
  }
  if (resume !== undefined) checkRunName(resume);
  const lowest = firstPosition(from, counts);
  const highest = counts.reduce((product, count) => product * count, 1);
  return {
    counts,
    data,
    // Other values than 'portable' are for the check of the body to refuse.
    math: math ?? 'portable',
    from: lowest,
    end: Math.max(lowest, highest),
    // For the check of the body to refuse, too.
    ddof: method === 'variance' ? options?.ddof : undefined,
    audit: fraction(audit),
    onProgress,
    resume,
    signal,
    signalClass: signal === undefined ? undefined : signalClassOf(signal),
    waitForWorkers: milliseconds('waitForWorkers', waitForWorkers, wait),
  };
}

function firstPosition(from, counts) {
  if (from === undefined) return 0;
  const first = typeof from === 'bigint' && from >= 0n && from <= MAX ? Number(from) : from;
  const lowest = integer('options.from', first, 0, 0, MAX);
  if (lowest !== 0 && counts.length > 1) {
    throw outOfRange('options.from', '0 with more than one dimension: add it to an index in the body', from);
  }
  return lowest;
}

function notARange(argument, value) {
  const remedy = ArrayBuffer.isView(value)
    ? 'the elements of an array are on one machine. Pass it in data, and a range of its length: ' +
      '(array.length, (i, { array }) => array[i], { data: { array } })'
    : undefined;
  return invalidArgType(argument, 'a range: an integer, or an array of 2 or 3 integers', value, remedy);
}

function signalClassOf(signal) {
  const signalClass = classOf(signal);
  if (signalClass === undefined) throw invalidArgType('options.signal', 'an AbortSignal', signal);
  return signalClass;
}

function checkRunName(name) {
  if (typeof name !== 'string') throw invalidArgType('options.resume', 'of type string', name);
  if (!RUN_NAME.test(name)) throw outOfRange('options.resume', 'up to 64 letters, digits and _ . -', name);
}

function fraction(audit) {
  if (audit === undefined) return 0;
  if (typeof audit !== 'number') throw invalidArgType('options.audit', 'of type number', audit);
  if (!(audit >= 0 && audit <= 1)) throw outOfRange('options.audit', '>= 0 and <= 1', audit);
  return audit;
}

function integer(name, value, absent, least, most) {
  if (value === undefined) return absent;
  if (typeof value !== 'number') throw invalidArgType(name, 'of type number', value);
  if (!Number.isInteger(value) || value < least || value > most) {
    throw outOfRange(name, `an integer >= ${least} and <= ${most}`, value);
  }
  return value;
}

function positive(name, value, absent, most) {
  if (value === undefined) return absent;
  if (typeof value !== 'number') throw invalidArgType(name, 'of type number', value);
  if (!(value > 0 && value <= most)) throw outOfRange(name, `> 0 and <= ${most}`, value);
  return value;
}

/** As timers take them, or Infinity. */
function milliseconds(option, value, absent) {
  const name = `options.${option}`;
  if (value === undefined) return absent;
  if (typeof value !== 'number') throw invalidArgType(name, 'of type number', value);
  if (!(value >= 0)) throw outOfRange(name, '>= 0, in milliseconds', value);
  return value;
}

/** `ERR_INVALID_ARG_TYPE`, for what stands in the place of a body. */
const noBody = (method, body) =>
  invalidArgType(
    method === 'count' || method === 'findIndex' ? 'predicate' : 'body',
    'of type function',
    body,
  );

/** `ERR_OUT_OF_RANGE`, for the name of a run that this client is at already. */
const isGoingOn = (name) => outOfRange('options.resume', 'the name of no run that is going on', name);

module.exports = { isGoingOn, noBody, readCall, readConnect, readWorker };
