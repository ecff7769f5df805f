'use strict';

// A redis-server of the benchmark's own, workers as processes, and what Redis says of its work.

const { fork, spawn, spawnSync } = require('node:child_process');
const { once } = require('node:events');
const fs = require('node:fs');
const net = require('node:net');
const os = require('node:os');
const path = require('node:path');

const LIMIT_MS = 20_000;
const SECRET = 'the secret of the benchmark';

class Service {
  url;
  #folder = fs.mkdtempSync(path.join(os.tmpdir(), 'allcores-benchmark-'));
  #server;
  #redis;
  #workers = [];

  static async start() {
    if (spawnSync('redis-server', ['--version']).status !== 0) {
      const text = 'there is no redis-server; on Debian: apt-get install redis-server';
      throw Object.assign(new Error(text), { expected: true });
    }
    const service = new Service();
    await service.#start();
    return service;
  }

  async #start() {
    const { Redis } = require('ioredis');
    const port = await freePort();
    this.url = `redis://127.0.0.1:${port}`;
    const options = ['--port', port, '--bind', '127.0.0.1', '--dir', this.#folder, '--save', ''];
    this.#server = spawn('redis-server', options, { stdio: 'ignore' });
    this.#redis = new Redis(this.url, { maxRetriesPerRequest: null }).on('error', () => {});
    const late = setTimeout(() => this.#redis.disconnect(), LIMIT_MS);
    await this.#redis.ping();
    clearTimeout(late);
  }

  /** So many workers of so many threads, and no other. */
  async workers(count, threads) {
    await this.#endWorkers();
    const options = { connection: this.url, secret: SECRET, threads };
    const env = { ...process.env, ALLCORES_THREADS: String(threads) };
    const program = path.join(__dirname, 'programs', 'worker.js');
    this.#workers = Array.from({ length: count }, () => fork(program, [JSON.stringify(options)], { env }));
    await Promise.all(this.#workers.map((worker) => once(worker, 'message')));
  }

  /** A client. `timing` are times of lib/cluster/settings.js. */
  async connect(timing) {
    const { connect } = require('allcores/cluster');
    return await connect({ connection: this.url, secret: SECRET, timing });
  }

  /** `{ chunks, commands, seconds }` so far: jobs added, commands with those of scripts, and processor time of Redis. */
  async work() {
    const stats = await this.#redis.info('commandstats');
    let commands = 0;
    let chunks = 0;
    for (const [, name, calls] of stats.matchAll(/^cmdstat_([^:]+):calls=(\d+)/gm)) {
      commands += Number(calls);
      // The queue numbers its jobs.
      if (name === 'incr') chunks = Number(calls);
    }
    const cpu = await this.#redis.info('cpu');
    const seconds = ['user', 'sys'].map((kind) =>
      Number(new RegExp(`used_cpu_${kind}:([\\d.]+)`).exec(cpu)[1]),
    );
    return { chunks, commands, seconds: seconds[0] + seconds[1] };
  }

  async #endWorkers() {
    const ended = this.#workers.map(async (worker) => {
      const exit = once(worker, 'exit');
      worker.disconnect();
      await exit;
    });
    this.#workers = [];
    await Promise.all(ended);
  }

  async close() {
    await this.#endWorkers();
    this.#redis.disconnect();
    const exit = once(this.#server, 'exit');
    this.#server.kill();
    await exit;
    fs.rmSync(this.#folder, { recursive: true, force: true });
  }
}

async function freePort() {
  const server = net.createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

module.exports = { Service };
