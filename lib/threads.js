'use strict';

// The size of the pool, and how many of its threads a call may use.

const { IsInteger } = require('./intrinsics');
const { variable } = require('./environment');
const { invalidArgType, outOfRange } = require('./errors');
const native = require('./binding');

const MAX_THREADS = 1024;

/** The size of the pool. The first environment of the process to load this package decides. */
const threads = native.poolSize(wantedThreads(variable('ALLCORES_THREADS')));

/** The value of `ALLCORES_THREADS`; undefined for one thread per CPU. */
function wantedThreads(value) {
  if (value === undefined || value === '') return undefined;
  const wanted = /^\d{1,4}$/.test(value) ? Number(value) : 0;
  if (wanted < 1 || wanted > MAX_THREADS) {
    throw outOfRange('ALLCORES_THREADS', `an integer >= 1 and <= ${MAX_THREADS}`, value);
  }
  return wanted;
}

/** The value of `options.threads`; 0 for no limit. */
function threadLimit(limit) {
  if (limit === undefined) return 0;
  if (typeof limit !== 'number') throw invalidArgType('options.threads', 'of type number', limit);
  if (!IsInteger(limit) || limit < 1 || limit > threads) {
    throw outOfRange('options.threads', `an integer >= 1 and <= ${threads}`, limit);
  }
  return limit;
}

module.exports = { threadLimit, threads };
