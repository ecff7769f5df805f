// What is of Postgres alone: the command over it, roles, schemas, options, clocks, what is swept out, what is refused.

const assert = require('node:assert/strict');
const { execFile, spawnSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');
const { promisify } = require('node:util');
const { connect, startWorker } = require('allcores/cluster');
const { COUNT, DATA, SECRET, TIMING, TestCluster, body, expected } = require('../helpers/cluster.js');
const { progressThat } = require('../helpers/cluster.js');
const { Command } = require('../helpers/command.js');
const { BLOCKS, block, emptyFolder, yaml } = require('../helpers/document.js');
const { POSTGRES: engine, onPostgres, onPostgresIfLong } = require('../helpers/engines.js');
const { ask } = require('../helpers/postgres.js');
const { certificate } = require('../helpers/secure.js');

const LISTENS = /listens to allcores-/;

/** What is not refused would keep the process alive. */
const thenClose = (started) => started.then((it) => it.close());

/** The statements of docs/cluster.md, for a database of this test; and its URL for the role that they make. */
async function roleOf(server) {
  const { pathname, host } = new URL(server.url);
  const database = `of_a_role_${pathname.slice(1)}`;
  const statements = block('role.sql')
    .replace(/^--.*\n/, '')
    .replaceAll(/(database|on database) allcores/g, `$1 ${database}`)
    .replace(/create role allcores/, `create role role_${database}`)
    .replaceAll(/owner allcores/g, `owner role_${database}`);
  const [, password] = /password '([^']+)'/.exec(statements);
  for (const statement of statements.split(';').map((text) => text.trim())) {
    if (statement !== '') await ask(server.url, statement);
  }
  return { database, url: `postgres://role_${database}:${password}@${host}/${database}` };
}

onPostgres(
  'two commands as a role of few rights; one is killed, the other one is asked to leave',
  async (t) => {
    const cluster = await TestCluster.start(t, { engine, workers: 0 });
    const { database, url } = await roleOf(cluster.server);
    const env = { ALLCORES_CONNECTION: url, ALLCORES_SECRET: SECRET };
    const workers = [new Command(t, [], { env }), new Command(t, [], { env })];
    await Promise.all(workers.map((worker) => worker.line(LISTENS)));
    // From now on nobody may make anything.
    const admin = cluster.server.url.replace(/[^/]*$/, database);
    await ask(admin, `revoke create on database ${database} from role_${database}`);
    const client = await connect({ connection: url, secret: SECRET, timing: TIMING });
    t.after(() => client.close());
    const { promise, onProgress } = progressThat(({ done, total }) => done > total / 3);
    const call = client.sumRange(COUNT, body, { data: DATA, onProgress, audit: 0.2, resume: 'one' });
    await promise;
    assert.equal(await workers[0].end('SIGKILL'), 'SIGKILL');
    assert.equal(await call, await expected());
    await client.close();
    assert.equal(await workers[1].end('SIGTERM'), 0);
    assert.match(workers[1].text, /has left$/);
    assert.ok(!workers[1].text.includes(SECRET));
    const [{ superuser }] = await ask(
      url,
      'select rolsuper as superuser from pg_roles where rolname = current_user',
    );
    assert.equal(superuser, false);
  },
);

onPostgres('the compose file of docs/cluster.md has the role and the database of its URL', () => {
  const { environment, image, ports } = yaml('postgres.yaml')[0].services.postgres;
  assert.match(image, /^postgres:1[3-9]$/);
  assert.deepEqual(ports, ['127.0.0.1:5432:5432'], 'nobody else may reach it');
  const { POSTGRES_USER: user, POSTGRES_PASSWORD: password, POSTGRES_DB: database } = environment;
  const command = BLOCKS.find(({ text }) => text.includes('postgres.yaml up')).text;
  assert.ok(command.includes(`CONNECTION=postgres://${user}:${password}@127.0.0.1/${database}\n`), command);
});

onPostgresIfLong(
  'a worker goes on when Postgres comes back, and can be asked to leave while it is away',
  async (t) => {
    const cluster = await TestCluster.start(t, { engine, workers: 0 });
    const { server } = cluster;
    const env = { ALLCORES_CONNECTION: server.url, ALLCORES_SECRET: SECRET };
    const worker = new Command(t, [], { env });
    await worker.line(LISTENS);
    await server.end('SIGKILL');
    await worker.line(/ECONNREFUSED/);
    await server.run();
    const client = await cluster.connect();
    assert.equal(await client.sumRange(1000, (i) => i), 499_500);
    await client.close();
    await server.end('SIGKILL');
    assert.equal(await worker.end('SIGTERM'), 0);
  },
);

const noOpenssl = spawnSync('openssl', ['version']).status === 0 ? false : 'there is no openssl';

onPostgres('over TLS, with a certificate that is known, and with none else', async (t) => {
  if (noOpenssl) return t.skip(noOpenssl);
  // A process of its own: others ask for TLS of one that has none.
  const cluster = await TestCluster.start(t, { engine, workers: 0, server: ['-c', 'max_connections=50'] });
  const { server } = cluster;
  const files = certificate(emptyFolder(t));
  const url = await server.secure(files);
  const env = { ALLCORES_CONNECTION: url, ALLCORES_SECRET: SECRET };
  const worker = new Command(t, [], { env });
  await worker.line(LISTENS);
  // By options, too.
  const connection = { url: server.url, ssl: { ca: fs.readFileSync(files.ca) } };
  const client = await connect({ connection, secret: SECRET, timing: TIMING });
  assert.equal(await client.sumRange(1000, (i) => i), 499_500);
  const plain = await server.query(`select pid from pg_stat_ssl join pg_stat_activity using (pid)
    where datname = current_database() and pid <> pg_backend_pid() and not ssl`);
  assert.deepEqual(plain, []);
  await client.close();
  assert.equal(await worker.end('SIGTERM'), 0);
  const stranger = thenClose(connect({ connection: `${server.url}?sslmode=verify-full`, secret: SECRET }));
  await assert.rejects(stranger, { code: 'ERR_CLUSTER_CONNECTION', message: /certificate/ });
});

onPostgres('options in the place of a URL, and a schema of another name', async (t) => {
  const cluster = await TestCluster.start(t, { engine, workers: 0 });
  const { hostname: host, port, pathname } = new URL(cluster.server.url);
  const postgres = {
    host,
    port: Number(port),
    user: 'postgres',
    password: 'sesame',
    database: pathname.slice(1),
  };
  const options = { connection: { postgres }, secret: SECRET, prefix: 'Sums_of_1', timing: TIMING };
  const worker = await startWorker({ ...options, threads: 1 });
  const client = await connect({
    ...options,
    connection: { postgres: `${cluster.server.url}?options=-c%20geqo%3Doff` },
  });
  assert.equal((await client.workers()).length, 1);
  assert.equal(await client.count(1000, (i) => i % 3 === 0), 334);
  await client.close();
  await worker.close();
  const schemas = await cluster.server.query(
    "select distinct schemaname as name from pg_tables where tablename in ('job', 'allcores_kept')",
  );
  assert.deepEqual(schemas, [{ name: 'Sums_of_1' }]);
});

onPostgres('many connect at once, where nothing is prepared', async (t) => {
  const cluster = await TestCluster.start(t, { engine, workers: 0 });
  const clients = await Promise.all(Array.from({ length: 8 }, () => cluster.connect()));
  assert.equal(clients.length, 8);
  await cluster.leavesNothing();
});

onPostgres('what cannot be, is refused, with a code and without the password', async (t) => {
  const cluster = await TestCluster.start(t, { engine, workers: 0 });
  const { url } = cluster.server;
  const timing = { connect: 300 };
  for (const start of [connect, startWorker]) {
    for (const [connection, code, problem] of [
      [
        'postgres://127.0.0.1:1/x',
        'CONNECTION',
        /Postgres at 127\.0\.0\.1:1 cannot be reached: .*ECONNREFUSED/,
      ],
      [url.replace('sesame', 'open'), 'CONNECTION', /password authentication failed/],
      [url.replace('test_', 'no_'), 'CONNECTION', /database "no_\d+" does not exist/],
      [`${url}?sslmode=verify-full`, 'CONNECTION', /does not support SSL/],
      ['postgres://[', 'OUT_OF_RANGE', /"options\.connection\.url"/],
      [{ postgres: 7 }, 'INVALID_ARG_TYPE', /"options\.connection\.postgres"/],
      [{ postgres: { schema: 'x' } }, 'OUT_OF_RANGE', /schema".*options\.prefix/],
      [{ postgres: url, url: 'redis://x' }, 'OUT_OF_RANGE', /postgres alone/],
      [{ url, password: 'open' }, 'OUT_OF_RANGE', /password".*part of the URL/],
      [{ url, migrate: true }, 'OUT_OF_RANGE', /migrate"/],
    ]) {
      await assert.rejects(thenClose(start({ connection, secret: SECRET, timing })), (error) => {
        assert.equal(error.code, `${code.includes('CONN') ? 'ERR_CLUSTER_' : 'ERR_'}${code}`, error.message);
        assert.match(error.message, problem);
        assert.doesNotMatch(error.message, /open|sesame/);
        return true;
      });
    }
    await assert.rejects(start({ connection: url, secret: SECRET, prefix: '{a}' }), {
      code: 'ERR_OUT_OF_RANGE',
      message: /the name of a schema/,
    });
  }
  assert.equal(await cluster.server.connections(), 0);
});

onPostgres('a role that may not make a schema is told so', async (t) => {
  const cluster = await TestCluster.start(t, { engine, workers: 0 });
  await cluster.server.query("create role nobody_much login password 'sesame'");
  const connection = cluster.server.url.replace('postgres:sesame', 'nobody_much:sesame');
  await assert.rejects(connect({ connection, secret: SECRET, timing: TIMING }), {
    code: 'ERR_CLUSTER_CONNECTION',
    message: /refuses: permission denied for database/,
  });
});

onPostgres('a machine whose clock is wrong takes no part', async (t) => {
  const cluster = await TestCluster.start(t, { engine, workers: 0 });
  const { now } = Date;
  t.after(() => {
    Date.now = now;
  });
  for (const seconds of [-6, 6]) {
    Date.now = () => now() + seconds * 1000;
    const options = { connection: cluster.server.url, secret: SECRET };
    for (const start of [connect, startWorker]) {
      await assert.rejects(thenClose(start(options)), {
        code: 'ERR_CLUSTER_CONNECTION',
        message: /clock and that of this machine are 6\.\d s apart; more than 5 s/,
      });
    }
  }
  Date.now = now;
  assert.equal(await cluster.server.connections(), 0);
});

onPostgres('rows of those who were killed are swept out by others, when their time is over', async (t) => {
  const cluster = await TestCluster.start(t, { engine, workers: 1 });
  const client = await cluster.connect();
  await client.sumRange(1000, (i) => i);
  const [{ child }] = cluster.workers;
  const { child: other } = await cluster.clientProcess({ resume: 'left' });
  await new Promise((resolve) => other.on('message', ({ progress }) => progress && resolve()));
  for (const each of [other, child]) await cluster.processes.end(each, 'SIGKILL');
  await client.close();
  const { server } = cluster;
  const left = await server.keys();
  for (const name of [/:run:left$/, /:events$/, /:meta$/, /:blob:/])
    assert.ok(
      left.some((key) => name.test(key)),
      `${name}`,
    );
  // Hours later.
  for (const table of ['member', 'kept', 'issued'])
    await server.query(`update allcores_${table} set until = until - interval '8 days'`);
  await server.query('update event set created_at_ms = created_at_ms - 4000000');
  // Somebody else's queue in the same schema.
  await server.query("insert into meta values ('theirs', 'paused', '1')");
  const stranger = await cluster.connect({ secret: 'another secret of somebody else' });
  await stranger.close();
  assert.deepEqual(await server.keys(), ['allcores:theirs:meta']);
});

onPostgres('without pg an error says what to install; ioredis is not needed', async (t) => {
  const cluster = await TestCluster.start(t, { engine, workers: 0 });
  const folder = emptyFolder(t);
  const from = fs.realpathSync(path.join(folder, 'node_modules'));
  fs.rmSync(path.join(folder, 'node_modules'));
  fs.mkdirSync(path.join(folder, 'node_modules'));
  const copy = (name) =>
    fs.cpSync(path.join(from, name), path.join(folder, 'node_modules', name), { recursive: true });
  const names = fs.readdirSync(from).filter((name) => !/^(?:\.|@|pg|ioredis|postgres|yaml)/.test(name));
  for (const name of names) copy(name);
  const program = `
    const { connect } = require('allcores/cluster');
    connect({ connection: '${cluster.server.url}', secret: '${SECRET}' }).then(
      async (cluster) => { await cluster.close(); console.log('connected'); },
      ({ code, message }) => console.log(code, /npm install bullmq@6 pg$/.test(message)));`;
  const run = async () =>
    (await promisify(execFile)(process.execPath, ['-e', program], { cwd: folder })).stdout;
  assert.equal(await run(), 'ERR_CLUSTER_PEERS true\n');
  for (const name of fs.readdirSync(from).filter((name) => /^pg|^(?:postgres|split2|xtend)/.test(name)))
    copy(name);
  assert.equal(await run(), 'connected\n');
});
