// A redis-server of the test's own: on a free port of this machine, in a directory of its own, ended with the test.

const { spawn } = require('node:child_process');
const { once } = require('node:events');
const fs = require('node:fs');
const net = require('node:net');
const os = require('node:os');
const path = require('node:path');
const { Queue, QueueEvents } = require('bullmq');
const { Redis } = require('ioredis');

const LIMIT_MS = 20_000;

class RedisServer {
  name = 'Redis';
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
    process.once('exit', () => {
      server.#process?.kill('SIGKILL');
      fs.rmSync(server.#folder, { recursive: true, force: true, maxRetries: 5 });
    });
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

  /** How many members are taken for living. */
  async members() {
    const [seconds, microseconds] = await this.client.time();
    const now = Number(seconds) * 1000 + Number(microseconds) / 1000;
    return await this.client.zcount('allcores:members', now, '+inf');
  }

  /** Connections other than the test's own. */
  async connections() {
    const list = await this.client.client('LIST');
    return list.trim().split('\n').length - 1;
  }

  /** Everything goes. */
  async clear() {
    await this.client.flushall();
  }

  // --- what somebody else may do, who can write here ---

  queue(name) {
    return new Queue(name, this.#forQueues());
  }

  /** From that one on; from the first, '0', what happens before it listens is told of, too. */
  events(name, lastEventId) {
    return new QueueEvents(name, { ...this.#forQueues(), lastEventId });
  }

  #forQueues() {
    return { connection: { url: this.url }, prefix: 'allcores' };
  }

  async getRun(name) {
    return await this.client.get(`allcores:run:${name}`);
  }

  async setRun(name, text) {
    await this.client.set(`allcores:run:${name}`, text);
  }

  async dropRun(name) {
    await this.client.del(`allcores:run:${name}`);
  }

  /** The digests of all blocks. */
  async blocks() {
    return (await this.client.keys('allcores:blob:*')).map((key) => key.slice('allcores:blob:'.length));
  }

  async getBlock(digest) {
    return await this.client.get(`allcores:blob:${digest}`);
  }

  async setBlock(digest, text) {
    await this.client.set(`allcores:blob:${digest}`, text, 'EX', 100);
  }

  async blocksLastFor(seconds) {
    for (const key of await this.client.keys('allcores:blob:*'))
      if ((await this.client.ttl(key)) < seconds) return false;
    return true;
  }

  /** An event that nobody has seen. `value` is a text. */
  async tell(queue, event, jobId, value) {
    const stream = `allcores:${queue}:events`;
    await this.client.xadd(stream, '*', 'event', event, 'jobId', jobId, 'returnvalue', value, 'data', value);
  }

  /** Writes a result into a job, if it is there. */
  async forge(queue, jobId, text) {
    const key = `allcores:${queue}:${jobId}`;
    if ((await this.client.exists(key)) === 1)
      await this.client.hset(key, 'returnvalue', text, 'finishedOn', '1');
  }

  /** Adds a member for a minute. */
  async addMember(text) {
    await this.client.zadd('allcores:members', Date.now() + 60_000, text);
  }

  async dropMembers() {
    await this.client.del('allcores:members');
  }

  /** How many jobs workers have. */
  async active(queue) {
    return await this.client.llen(`allcores:${queue}:active`);
  }

  /** How often anybody has asked whether something is there. */
  async asked() {
    return Number(/cmdstat_exists:calls=(\d+)/.exec(await this.client.info('commandstats'))?.[1] ?? 0);
  }

  /** All that is there, as texts. */
  async texts() {
    const texts = [];
    for (const key of await this.client.keys('*'))
      texts.push(key, JSON.stringify(await this.client.dump(key)));
    return texts;
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
