// A redis-server of the test's own: on a free port of this machine, in a directory of its own, ended with the test.

const { spawn } = require('node:child_process');
const { once } = require('node:events');
const fs = require('node:fs');
const net = require('node:net');
const os = require('node:os');
const path = require('node:path');
const { Redis } = require('ioredis');

const LIMIT_MS = 20_000;

class RedisServer {
  port;
  url;
  /** What the test's own client needs besides, as options of ioredis. */
  admin = {};
  #folder = fs.mkdtempSync(path.join(os.tmpdir(), 'allcores-redis-'));
  #options;
  #process;
  #client;

  /** `options` are those of redis-server, as words. Without any, nothing is kept on disk. The last one of a kind counts. */
  static async start(...options) {
    const server = new RedisServer();
    // Of a test that did not come to its end.
    process.once('exit', () => server.#process?.kill('SIGKILL'));
    server.#options = options.length > 0 ? options : ['--save', '', '--appendonly', 'no'];
    server.port = await freePort();
    server.url = `redis://127.0.0.1:${server.port}`;
    await server.run();
    return server;
  }

  /** Starts it, once more if it has ended. Resolves when it answers. */
  async run() {
    const options = [
      '--port',
      `${this.port}`,
      '--bind',
      '127.0.0.1',
      '--dir',
      this.#folder,
      ...this.#options,
    ];
    this.#process = spawn('redis-server', options, { stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    for (const stream of [this.#process.stdout, this.#process.stderr]) {
      stream.setEncoding('utf8').on('data', (text) => {
        output += text;
      });
    }
    const deadline = Date.now() + LIMIT_MS;
    while (!output.includes('Ready to accept connections')) {
      if (this.#process.exitCode !== null || Date.now() > deadline)
        throw new Error(`redis-server: ${output}`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  async end(signal = 'SIGTERM') {
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return;
    const exit = once(this.#process, 'exit');
    this.#process.kill(signal);
    await exit;
  }

  /** A client of the test's own. */
  get client() {
    this.#client ??= new Redis(this.url, { ...this.admin, maxRetriesPerRequest: null }).on('error', () => {});
    return this.#client;
  }

  async keys() {
    return (await this.client.keys('*')).sort();
  }

  /** Connections other than the test's own. */
  async connections() {
    const list = await this.client.client('LIST');
    return list.trim().split('\n').length - 1;
  }

  async close() {
    this.#client?.disconnect();
    await this.end('SIGKILL');
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

module.exports = { RedisServer, freePort };
