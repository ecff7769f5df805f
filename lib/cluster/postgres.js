'use strict';

// The queue on Postgres: that of bullmq, in a schema of its own, which is there from the first connection on. The statements of the queue's
// library fail when a connection does; here that is made to look to it as it does with Redis, so that it tries again.

const { isPlainObject } = require('../objects');
const { invalidArgType, outOfRange } = require('../errors');
const errors = require('./errors');
const { loadPeers } = require('./peers');
const { Line, isLost } = require('./postgres-line');
const { PostgresStore, TABLES } = require('./postgres-store');
const { outageWatch } = require('./waiting');

/** Of connections that are open, in milliseconds. */
const KEEP_ALIVE = { keepAlive: true, keepAliveInitialDelayMillis: 10_000 };

/** How many statements of a queue may be carried out at once. */
const POOL = { queue: 2, events: 1, worker: 1 };

/** Of the library, and not for others to set. */
const OURS = ['schema', 'migrate', 'skipMigrations', 'skipVersionCheck', 'max', 'min'];
/** What a URL says. */
const OF_URLS = ['host', 'port', 'database', 'user', 'password', 'connectionString'];

/** The options of pg: `{ url, ... }`, or `{ postgres }`, which is a URL or such options without one. */
function readPostgres({ url, postgres, ...others }) {
  if (postgres === undefined) return read('options.connection', url, others);
  if (url !== undefined || Object.keys(others).length > 0) {
    throw outOfRange('options.connection', 'an object with postgres alone', 'others');
  }
  if (typeof postgres === 'string') return read('options.connection.postgres', postgres, {});
  if (!isPlainObject(postgres)) {
    throw invalidArgType(
      'options.connection.postgres',
      'a URL, or a plain object of options of pg',
      postgres,
    );
  }
  const { url: ownUrl, connectionString = ownUrl, ...rest } = postgres;
  return read('options.connection.postgres', connectionString, rest);
}

function read(name, url, rest) {
  const refused = OURS.find((option) => rest[option] !== undefined);
  if (refused !== undefined) {
    const remedy = refused === 'schema' ? 'left out: use options.prefix' : 'left out';
    throw outOfRange(`${name}.${refused}`, remedy, rest[refused]);
  }
  const { PGHOST = 'localhost', PGPORT = 5432, PGSSLMODE = 'disable' } = process.env;
  // For pg every other mode is with TLS.
  const isPlain = (host, mode) =>
    !rest.ssl && ['allow', 'disable'].includes(mode) && !`${host}`.startsWith('/');
  if (url === undefined) {
    const { host = PGHOST, port = PGPORT } = rest;
    return { config: rest, host, place: `${host}:${port}`, isPlain: isPlain(host, PGSSLMODE) };
  }
  const twice = OF_URLS.find((option) => rest[option] !== undefined);
  if (twice !== undefined) throw outOfRange(`${name}.${twice}`, 'left out: it is part of the URL', '(one)');
  const parsed = parse(name, url);
  const { searchParams } = parsed;
  // They would stand in the place of ours.
  const options = searchParams.get('options') ?? rest.options;
  searchParams.delete('options');
  const host = searchParams.get('host') || parsed.hostname || PGHOST;
  const isOn = ['1', 'true'].includes(searchParams.get('ssl'));
  const mode = searchParams.get('sslmode') ?? (isOn ? 'require' : PGSSLMODE);
  return {
    config: { ...rest, options, connectionString: parsed.href },
    host,
    place: `${host}:${parsed.port || PGPORT}`,
    isPlain: isPlain(host, mode),
  };
}

function parse(name, url) {
  try {
    return new URL(url);
  } catch {
    const expected = "a URL such as 'postgres://host/database?sslmode=verify-full'";
    throw outOfRange(`${name}.url`, expected, '(a text that is none)');
  }
}

class Postgres {
  name = 'Postgres';
  place;
  store;
  Job;
  DelayedError;
  UnrecoverableError;

  #peers;
  #line;
  #options;

  constructor(peers, line, place, options) {
    this.#peers = peers;
    this.#line = line;
    this.#options = options;
    this.place = place;
    this.store = new PostgresStore(line);
    ({ DelayedError: this.DelayedError, Job: this.Job, UnrecoverableError: this.UnrecoverableError } = peers);
  }

  queue(name) {
    return new this.#peers.Queue(name, this.#with(POOL.queue), this.#backend);
  }

  events(name) {
    // It may miss that there is one: then it looks a moment later.
    const options = { ...this.#with(POOL.events), blockingTimeout: 1000 };
    return new this.#peers.QueueEvents(name, options, this.#backend);
  }

  worker(name, process, options) {
    return new this.#peers.Worker(name, process, { ...this.#with(POOL.worker), ...options }, this.#backend);
  }

  async endWorker(worker) {
    // It would wait on for a job, and have the process wait, for some seconds.
    await worker.getBackend().disconnectBlocking();
    await worker.close(true);
  }

  #with(max) {
    return { connection: { ...this.#options, max } };
  }

  #backend = (...args) => {
    const backend = this.#peers.createPostgresBackend(...args);
    const { pool } = backend.connection;
    const { query } = pool;
    pool.query = async (...statement) => {
      try {
        return await query.apply(pool, statement);
      } catch (error) {
        if (!isLost(error)) throw error;
        // What the library takes for a connection that is going to be back.
        throw Object.assign(new Error(error.message, { cause: error }), { code: 'ECONNREFUSED' });
      }
    };
    return backend;
  };

  get isThere() {
    return this.#line.isThere;
  }

  /** Calls `onLost(cause)` each time that Postgres has been away for so long, until `stop()` is called. */
  watchOutage(milliseconds, onLost) {
    const { away, back } = outageWatch(milliseconds, onLost);
    this.#line.on('away', away).on('back', back);
    return () => {
      back();
      this.#line.off('away', away).off('back', back);
    };
  }

  isRefusal(error) {
    return error?.code === '42501';
  }

  reasonOf(error) {
    return error.message;
  }

  async close(milliseconds) {
    await this.#line.close(milliseconds);
  }
}

/** Resolves with an engine that is ready. Rejects with ERR_CLUSTER_CONNECTION. */
async function openPostgres({ config, place }, { prefix, timing }, onError) {
  const peers = loadPeers('pg');
  const { connect, close, lock, outage } = timing;
  const options = { ...config, ...KEEP_ALIVE, connectionTimeoutMillis: connect };
  const line = new Line(peers.Client, {
    ...options,
    fallback_application_name: 'allcores',
    query_timeout: outage,
    options: [config.options, `-c search_path=${peers.quoteSchemaName(prefix)}`].filter(Boolean).join(' '),
  });
  try {
    await line.open(connect);
  } catch (cause) {
    throw errors.connection(`Postgres at ${place} cannot be reached: ${cause.message || cause.code}`, cause);
  }
  try {
    await line.act((client) => prepare(peers, client, prefix));
    await line.act((client) => compareClocks(client, lock));
  } catch (cause) {
    await line.close(close);
    throw errors.connection(`Postgres at ${place} refuses: ${cause.message}`, cause);
  }
  if (onError !== undefined) line.on('error', onError);
  return new Postgres(peers, line, place, { ...options, schema: prefix });
}

/** Makes the schema and the tables, if they are not there. Afterwards nobody needs the right to. */
async function prepare(peers, client, schema) {
  const { LATEST_SCHEMA_VERSION, SchemaMigrationRequiredError } = peers;
  const version = await peers.assertSchemaCompatibility(client, schema).catch((error) => {
    if (error instanceof SchemaMigrationRequiredError) return 0;
    throw error;
  });
  if (version < LATEST_SCHEMA_VERSION) await peers.runMigrations(client, schema);
  const { rows } = await client.query("select to_regclass('allcores_issued') as found");
  if (rows[0].found !== null) return;
  // Two at once would fail. Several statements are one transaction.
  await client.query(`select pg_advisory_xact_lock(${peers.MIGRATION_ADVISORY_LOCK_KEY}, 1); ${TABLES}`);
}

/** The library has each worker say until when its lock lasts, by its own clock. */
async function compareClocks(client, lock) {
  const before = Date.now();
  const { rows } = await client.query('select extract(epoch from clock_timestamp())::float8 * 1000 as now');
  const took = Date.now() - before;
  const apart = Math.abs(rows[0].now - (before + took / 2)) - took / 2;
  if (apart <= lock / 3) return;
  throw new Error(
    `its clock and that of this machine are ${(apart / 1000).toFixed(1)} s apart; more than ${lock / 3000} s is too much`,
  );
}

module.exports = { openPostgres, readPostgres };
