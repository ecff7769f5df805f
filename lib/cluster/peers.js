'use strict';

// bullmq, and ioredis or pg, which the program installs: optional peer dependencies, loaded by the first connect() or startWorker().

const errors = require('./errors');

const MAJOR = 6;

/** Static calls, which bundlers see. */
const DRIVERS = { __proto__: null, ioredis: () => require('ioredis'), pg: () => require('pg') };

const loaded = new Map();

/** What bullmq exports, and of the `driver` its class `Redis` or `Client`. Throws ERR_CLUSTER_PEERS. */
function loadPeers(driver) {
  if (!loaded.has(driver)) loaded.set(driver, load(driver));
  return loaded.get(driver);
}

function load(driver) {
  const bullmq = requirePeer(driver, 'bullmq', () => require('bullmq'));
  const module = requirePeer(driver, driver, DRIVERS[driver]);
  const version = requirePeer(driver, 'bullmq', () => require('bullmq/package.json').version);
  if (Number.parseInt(version, 10) !== MAJOR)
    throw errors.peers(driver, `bullmq is there as version ${version}`);
  return driver === 'pg'
    ? { ...bullmq, Client: module.Client }
    : { ...bullmq, Redis: module.Redis ?? module.default ?? module };
}

function requirePeer(driver, name, get) {
  try {
    return get();
  } catch (error) {
    throw errors.peers(
      driver,
      error?.code === 'MODULE_NOT_FOUND' ? `${name} is not there` : `${name} does not load`,
      error,
    );
  }
}

module.exports = { loadPeers };
