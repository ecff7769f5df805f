// What most tests need: a Redis or a Postgres, workers, a client, and times in which faults are found soon. When a test is over nothing is
// left: no process, no connection, no key.

const assert = require('node:assert/strict');
const allcores = require('allcores');
const { connect } = require('allcores/cluster');
const { REDIS } = require('./engines.js');
const { Processes } = require('./processes.js');

const SECRET = 'correct horse battery staple';

/** Of connect() and startWorker(); see lib/cluster/settings.js. */
const TIMING = {
  connect: 10_000,
  outage: 30_000,
  close: 5_000,
  lock: 2_000,
  sweep: 500,
  heartbeat: 500,
  poll: 100,
  checkpoint: 200,
  chunk: 150,
  shortest: 20,
  straggler: 3_000,
};

/** For a whole test, on a busy machine. */
const LIMIT_MS = Number(process.env.ALLCORES_TEST_LIMIT ?? 180_000);

/** A body that takes a microsecond or so, and whose sum shows any term that is missing or there twice. */
const body = (i, { k, weights }) => {
  let sum = 0;
  for (let j = 0; j < 64; j++) sum += Math.sin(i * k + j) * weights[j % weights.length];
  return sum / (i + 1);
};
const DATA = { k: 0.37, weights: Float64Array.from([1, 1e10, -1e-10, 3]) };

/** So many terms take a worker of one thread some seconds. */
const COUNT = Number(process.env.ALLCORES_TEST_COUNT ?? 4_000_000);

let alone;

/** The sum over COUNT terms by one machine; computed once. */
const expected = () => {
  alone ??= allcores.sumRange(COUNT, body, { data: DATA, math: 'portable' });
  return alone;
};

class TestCluster {
  server;
  processes = new Processes();
  #clients = [];

  #watchdog;

  /** Ended with the test. `server` are options of redis-server or postgres, the others those of the workers. */
  static async start(t, { engine = REDIS, server = [], workers = 2, ...rest } = {}) {
    const cluster = new TestCluster();
    cluster.#watchdog = setTimeout(() => {
      console.error(`"${t.name}" did not end within ${LIMIT_MS} ms`);
      process.exit(1);
    }, LIMIT_MS);
    cluster.server = await engine.Server.start(...server);
    t.after(() => cluster.#end());
    cluster.workers = await Promise.all(Array.from({ length: workers }, () => cluster.worker(rest)));
    return cluster;
  }

  /** A worker process: `{ child, ready }`. `fault` is one of programs/worker.js. */
  async worker(options = {}) {
    return await this.processes.start('worker.js', this.#configuration(options));
  }

  /** A client process, which runs the sum of the tests. */
  async clientProcess(options = {}) {
    return await this.processes.start('client.js', this.#configuration(options));
  }

  #configuration({ timing, ...options }) {
    return {
      connection: { url: this.server.url },
      secret: SECRET,
      ...options,
      timing: { ...TIMING, ...timing },
    };
  }

  /** A client in this process. */
  async connect(options = {}) {
    const client = await connect(this.#configuration(options));
    this.#clients.push(client);
    return client;
  }

  /** Everybody goes, in good order; then nothing is left. `kept` matches keys that are meant to stay. */
  async leavesNothing({ kept } = {}) {
    await this.#killedAreForgotten();
    await Promise.all(this.#clients.map((client) => client.close()));
    for (const { child } of this.workers) child.kill('SIGCONT');
    await Promise.all([...this.workers].map(({ child }) => this.processes.end(child, 'SIGTERM')));
    assert.equal(this.processes.count, 0, 'processes are left');
    const keys = await this.server.keys();
    assert.deepEqual(
      keys.filter((key) => !kept?.test(key)),
      [],
      'keys are left',
    );
    assert.equal(await this.server.connections(), 0, 'connections are left');
  }

  /** Those that were killed are taken for living for a while. */
  async #killedAreForgotten() {
    const living = this.processes.count + this.#clients.length;
    while ((await this.server.members()) > living) await new Promise((resolve) => setTimeout(resolve, 50));
  }

  async #end() {
    clearTimeout(this.#watchdog);
    await this.processes.killAll();
    await Promise.all(this.#clients.map((client) => client.close()));
    await this.server.close();
  }
}

/** Resolves at the first progress for which `condition` holds; `onProgress` is for the call. */
function progressThat(condition) {
  let reached;
  const promise = new Promise((resolve) => {
    reached = resolve;
  });
  const all = [];
  return {
    promise,
    all,
    onProgress: (progress) => {
      all.push(progress);
      if (condition(progress)) reached(progress);
    },
  };
}

module.exports = { COUNT, DATA, SECRET, TIMING, TestCluster, body, expected, progressThat };
