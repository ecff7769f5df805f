'use strict';

// bullmq and ioredis, which the program installs: optional peer dependencies, loaded by the first connect() or startWorker().

const errors = require('./errors');

const MAJOR = 6;

let loaded;

/** `{ Queue, QueueEvents, Worker, Job, DelayedError, UnrecoverableError, Redis }`. Throws ERR_CLUSTER_PEERS. */
function loadPeers() {
  loaded ??= load();
  return loaded;
}

function load() {
  const bullmq = requirePeer('bullmq', () => require('bullmq'));
  const ioredis = requirePeer('ioredis', () => require('ioredis'));
  const version = requirePeer('bullmq', () => require('bullmq/package.json').version);
  if (Number.parseInt(version, 10) !== MAJOR) throw errors.peers(`bullmq is there as version ${version}`);
  const { DelayedError, Job, Queue, QueueEvents, UnrecoverableError, Worker } = bullmq;
  const Redis = ioredis.Redis ?? ioredis.default ?? ioredis;
  return { DelayedError, Job, Queue, QueueEvents, Redis, UnrecoverableError, Worker };
}

function requirePeer(name, get) {
  try {
    return get();
  } catch (error) {
    throw errors.peers(
      error?.code === 'MODULE_NOT_FOUND' ? `${name} is not there` : `${name} does not load`,
      error,
    );
  }
}

module.exports = { loadPeers };
