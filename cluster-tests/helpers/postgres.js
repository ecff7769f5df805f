// A Postgres of the tests' own: on a free port of this machine, in a directory of its own, ended with the file of tests. Each test has a
// database there. It does not run as root: then it is that of the user `postgres`, or of `nobody`.

const { execFileSync, spawn, spawnSync } = require('node:child_process');
const { once } = require('node:events');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { Queue, QueueEvents, createPostgresBackend } = require('bullmq');
const { Client } = require('pg');
const { freePort } = require('./redis.js');

const LIMIT_MS = 30_000;

/** Where Debian has the programs, the newest first; elsewhere they are in the path. */
const FOLDERS = ['/usr/lib/postgresql', '/usr/local/lib/postgresql']
  .filter((folder) => fs.existsSync(folder))
  .flatMap((folder) => fs.readdirSync(folder).map((version) => path.join(folder, version, 'bin')))
  .sort((a, b) => Number.parseInt(b.split('/').at(-2), 10) - Number.parseInt(a.split('/').at(-2), 10));

function program(name) {
  const files = [...FOLDERS, ...process.env.PATH.split(path.delimiter)].map((folder) =>
    path.join(folder, name),
  );
  return files.find((file) => fs.existsSync(file));
}

/** `{ uid, gid }` of a user who may run it. */
function owner() {
  if (process.getuid?.() !== 0) return {};
  for (const name of ['postgres', 'nobody']) {
    const id = (flag) => spawnSync('id', [flag, name], { encoding: 'utf8' }).stdout;
    const [uid, gid] = [Number.parseInt(id('-u'), 10), Number.parseInt(id('-g'), 10)];
    if (uid > 0) return { uid, gid };
  }
  return {};
}

/** Why there is none, or undefined. */
function postgresMissing() {
  return program('initdb') === undefined || program('postgres') === undefined
    ? 'there is no Postgres; on Debian: apt-get install postgresql'
    : undefined;
}

/** Those of this process. */
const all = [];

/** postgres as a process. */
class Postgres {
  port;
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'allcores-postgres-'));
  #owner = owner();
  #options;
  #process;

  static async start(options) {
    const postgres = new Postgres();
    // Of tests that did not come to their end. All that belongs to it ends with it.
    process.once('exit', () => {
      postgres.#process?.kill('SIGQUIT');
      fs.rmSync(postgres.folder, { recursive: true, force: true, maxRetries: 5 });
    });
    all.push(postgres);
    postgres.#options = options;
    postgres.port = await freePort();
    postgres.#initialize();
    await postgres.run();
    return postgres;
  }

  #initialize() {
    const password = path.join(this.folder, 'password');
    fs.writeFileSync(password, 'sesame\n');
    for (const file of [this.folder, password]) this.#give(file);
    const options = ['--username=postgres', '--auth=scram-sha-256', `--pwfile=${password}`, '--no-sync'];
    const data = path.join(this.folder, 'data');
    execFileSync(program('initdb'), ['-D', data, '--encoding=UTF8', '--locale=C', ...options], {
      ...this.#owner,
      cwd: '/',
      stdio: 'pipe',
    });
  }

  #give(file) {
    const { uid, gid } = this.#owner;
    if (uid !== undefined) fs.chownSync(file, uid, gid);
  }

  /** A copy of a file that it may read, and nobody else. */
  own(file) {
    const copy = path.join(this.folder, path.basename(file));
    fs.copyFileSync(file, copy);
    fs.chmodSync(copy, 0o600);
    this.#give(copy);
    return copy;
  }

  /** Starts it, once more if it has ended. Resolves when it answers. */
  async run() {
    if (this.isRunning) return;
    const settings = {
      port: this.port,
      listen_addresses: '127.0.0.1',
      unix_socket_directories: '',
      shared_buffers: '16MB',
      max_connections: 500,
    };
    const words = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
    const data = ['-D', path.join(this.folder, 'data')];
    this.#process = spawn(program('postgres'), [...data, ...words, ...this.#options], {
      ...this.#owner,
      cwd: '/',
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    for (const stream of [this.#process.stdout, this.#process.stderr]) {
      stream.setEncoding('utf8').on('data', (text) => {
        output = (output + text).slice(-10_000);
      });
    }
    const deadline = Date.now() + LIMIT_MS;
    while (!output.includes('ready to accept connections')) {
      if (!this.isRunning || Date.now() > deadline) throw new Error(`postgres: ${output}`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  get isRunning() {
    return this.#process?.exitCode === null && this.#process.signalCode === null;
  }

  /** 'SIGKILL': at once, and it has to recover; here that is SIGQUIT, which ends all that belongs to it. Else it ends in good order. */
  async end(signal) {
    if (!this.isRunning) return;
    const exit = once(this.#process, 'exit');
    this.#process.kill(signal === 'SIGKILL' ? 'SIGQUIT' : 'SIGINT');
    await exit;
  }

  async close() {
    await this.end('SIGKILL');
    fs.rmSync(this.folder, { recursive: true, force: true });
  }
}

/** The one that tests share which need no other options, and how many databases it has had. */
let shared;
let databases = 0;

class PostgresServer {
  name = 'Postgres';
  url;
  #postgres;
  #database = `test_${++databases}`;
  #client;

  /** `options` are those of postgres, as words; with some, it is a process of its own. */
  static async start(...options) {
    const server = new PostgresServer();
    if (options.length > 0) server.#postgres = await Postgres.start(options);
    else server.#postgres = shared ??= await Postgres.start([]);
    await server.run();
    const at = `127.0.0.1:${server.#postgres.port}`;
    await ask(`postgres://postgres:sesame@${at}/postgres`, `create database ${server.#database}`);
    server.url = `postgres://postgres:sesame@${at}/${server.#database}`;
    return server;
  }

  /** The URL of `{ ca, cert, key }`, with which it takes TLS from then on. */
  async secure({ ca, cert, key }) {
    const own = (file) => this.#postgres.own(file);
    for (const [name, file] of [
      ['ssl_cert_file', own(cert)],
      ['ssl_key_file', own(key)],
      ['ssl', 'on'],
    ])
      await this.query(`alter system set ${name} = '${file}'`);
    await this.query('select pg_reload_conf()');
    return `${this.url}?sslmode=verify-full&sslrootcert=${encodeURIComponent(ca)}`;
  }

  async run() {
    await this.#postgres.run();
  }

  async end(signal = 'SIGTERM') {
    await this.#leave();
    await this.#postgres.end(signal);
  }

  async #leave() {
    await this.#client?.then((client) => client.end()).catch(() => {});
    this.#client = undefined;
  }

  /** A statement of the test's own; with the tables of the cluster by their names. */
  async query(text, values) {
    this.#client ??= this.#connect();
    return (await (await this.#client).query(text, values)).rows;
  }

  async #connect() {
    const client = new Client({
      connectionString: this.url,
      options: '-c search_path=allcores,public',
      application_name: 'test',
    });
    client.on('error', () => {});
    await client.connect();
    return client;
  }

  /** By the names that they would have in Redis. */
  async keys() {
    // Before anybody has been there.
    if (!(await this.#isPrepared())) return [];
    const rows = await this.query(`
      select 'allcores:' || key as key from allcores_kept
      union select 'allcores:run:' || run || ':issued' from allcores_issued
      union select 'allcores:members' from allcores_member
      union select 'allcores:' || queue || ':' || id from job
      union select 'allcores:' || queue || ':events' from event
      union select 'allcores:' || queue || ':meta' from meta`);
    return rows.map(({ key }) => key).sort();
  }

  async #isPrepared() {
    return (await this.query("select to_regclass('allcores_kept') as found"))[0].found !== null;
  }

  /** How many members are taken for living. */
  async members() {
    return await this.#count('allcores_member where until > clock_timestamp()');
  }

  async #count(what) {
    return Number((await this.query(`select count(*) from ${what}`))[0].count);
  }

  /** Connections other than the test's own. They are gone a moment after they have been closed. */
  async connections() {
    const others = 'pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()';
    for (let times = 0; times < 50 && (await this.#count(others)) > 0; times++)
      await new Promise((resolve) => setTimeout(resolve, 20));
    return await this.#count(others);
  }

  /** Everything goes. */
  async clear() {
    await this.query('truncate allcores_kept, allcores_member, allcores_issued, job, event, meta cascade');
  }

  // --- what somebody else may do, who can write here ---

  queue(name) {
    return new Queue(name, this.#forQueues(), createPostgresBackend);
  }

  /** From that one on; from the first, '0', what happens before it listens is told of, too. */
  events(name, lastEventId) {
    const options = { ...this.#forQueues(), blockingTimeout: 500, lastEventId };
    return new QueueEvents(name, options, createPostgresBackend);
  }

  #forQueues() {
    return { connection: { connectionString: this.url, schema: 'allcores' } };
  }

  async getRun(name) {
    return await this.#get(`run:${name}`);
  }

  async setRun(name, text) {
    await this.#set(`run:${name}`, text);
  }

  async #get(key) {
    const rows = await this.query('select value from allcores_kept where key = $1', [key]);
    return rows[0]?.value.toString() ?? null;
  }

  async #set(key, text) {
    const set = `insert into allcores_kept values ($1, $2, clock_timestamp() + interval '1 hour')
      on conflict (key) do update set value = excluded.value`;
    await this.query(set, [key, Buffer.from(text)]);
  }

  async dropRun(name) {
    await this.query('delete from allcores_kept where key = $1', [`run:${name}`]);
  }

  /** The digests of all blocks. */
  async blocks() {
    const rows = await this.query("select key from allcores_kept where key like 'blob:%'");
    return rows.map(({ key }) => key.slice('blob:'.length));
  }

  async getBlock(digest) {
    return await this.#get(`blob:${digest}`);
  }

  async setBlock(digest, text) {
    await this.#set(`blob:${digest}`, text);
  }

  async blocksLastFor(seconds) {
    const short = "allcores_kept where key like 'blob:%' and until < clock_timestamp() + ";
    return (await this.#count(`${short} interval '${seconds} seconds'`)) === 0;
  }

  /** An event that nobody has seen. `value` is a text. */
  async tell(queue, event, jobId, value) {
    const fields = JSON.stringify({ jobId, returnvalue: value, data: value });
    await this.query('select publish_event($1, $2, $3::jsonb)', [queue, event, fields]);
  }

  /** Writes a result into a job, if it is there. */
  async forge(queue, jobId, text) {
    const forge = 'update job set return_value = $3::jsonb, finished_at_ms = 1 where queue = $1 and id = $2';
    await this.query(forge, [queue, jobId, text]);
  }

  /** Adds a member for a minute. */
  async addMember(text) {
    const add = "insert into allcores_member values ($1, 'any', clock_timestamp() + interval '1 minute')";
    await this.query(add, [text]);
  }

  async dropMembers() {
    await this.query('delete from allcores_member');
  }

  /** How many jobs workers have. */
  async active(queue) {
    return await this.#count(`job where state = 'active' and queue = '${queue}'`);
  }

  /** How often anybody has asked whether something is there. */
  async asked() {
    const scans =
      "select idx_scan + seq_scan as scans from pg_stat_user_tables where relname = 'allcores_kept'";
    return Number((await this.query(scans))[0].scans);
  }

  /** All that is there, as texts. */
  async texts() {
    const texts = [];
    for (const table of ['allcores_kept', 'allcores_member', 'allcores_issued', 'job', 'event', 'meta']) {
      const rows = await this.query(`select * from ${table}`);
      texts.push(...rows.map((row) => Object.values(row).map(String).join(' ')));
    }
    return texts;
  }

  /** What it has stays until the process ends. */
  async close() {
    await this.#leave();
  }
}

/** After the last test. */
async function endPostgres() {
  await Promise.all(all.splice(0).map((postgres) => postgres.close()));
}

/** One statement on a connection of its own. */
async function ask(url, text) {
  const client = new Client(url);
  await client.connect();
  try {
    return (await client.query(text)).rows;
  } finally {
    await client.end();
  }
}

module.exports = { PostgresServer, ask, endPostgres, postgresMissing };
