'use strict';

// One connection to Postgres. Statements are carried out one after the other, in the order in which they were asked for; while Postgres is
// away they wait. So each of them may be carried out twice, and must come to the same then.

const { EventEmitter } = require('node:events');
const { pauseBefore, within } = require('./waiting');

/** What Postgres answers when it shuts down, starts, or has no connection left; what sockets say is in capitals, too. */
const LOST_CODES = /^(?:08|57P0|53300|E(?!RR_)[A-Z]{2})/;
/** What the client library says, without a code. */
const LOST_MESSAGES = /^Connection terminated|not queryable|timeout e|^Query read timeout|Client was closed/;

/** Whether it is the connection that has failed, and not the statement. */
const isLost = ({ code, message }) =>
  code === undefined ? LOST_MESSAGES.test(message) : LOST_CODES.test(code);

/** Tells 'away' with an error, and 'back'; and 'error' for each failure. */
class Line extends EventEmitter {
  #Client;
  #config;
  #client;
  #connecting;
  #tail = Promise.resolve();
  #isClosed = false;

  /** `config` is for the class `Client` of pg. */
  constructor(Client, config) {
    super();
    this.#Client = Client;
    this.#config = config;
    this.on('error', () => {});
  }

  /** Resolves once it is there. Rejects with what Postgres refuses, or with the last failure when so many milliseconds are over. */
  async open(milliseconds) {
    const deadline = performance.now() + milliseconds;
    for (let times = 1; ; times++) {
      try {
        return await this.#connect();
      } catch (error) {
        const pause = pauseBefore(times);
        if (!isLost(error) || performance.now() + pause > deadline) throw error;
        await new Promise((resolve) => setTimeout(resolve, pause));
      }
    }
  }

  get isThere() {
    return this.#client !== undefined;
  }

  /** The result of one statement. */
  async query(text, values) {
    return await this.act((client) => client.query(text, values));
  }

  /** The same of several, on one connection. */
  async act(statements) {
    const done = this.#tail.then(() => this.#attempt(statements));
    this.#tail = done.catch(() => {});
    return await done;
  }

  async #attempt(statements) {
    while (true) {
      const client = this.#client ?? (await this.#again());
      try {
        return await statements(client);
      } catch (error) {
        if (!isLost(error) || this.#isClosed) throw error;
        this.#lose(client, error);
      }
    }
  }

  async #connect() {
    const client = new this.#Client(this.#config);
    // Without a listener it would end the process.
    client.on('error', (error) => this.#lose(client, error));
    client.on('end', () => this.#lose(client, new Error('Connection terminated')));
    try {
      await client.connect();
    } catch (error) {
      client.end().catch(() => {});
      throw error;
    }
    if (this.#isClosed) {
      client.end().catch(() => {});
      throw new Error('The connection was closed');
    }
    this.#client = client;
  }

  #lose(client, error) {
    if (client !== this.#client) return;
    this.#client = undefined;
    client.connection.stream.destroy();
    if (this.#isClosed) return;
    this.emit('error', error);
    this.emit('away', error);
    this.#again().catch(() => {});
  }

  /** Resolves with the client once it is back. Rejects only when this is closed. */
  #again() {
    this.#connecting ??= this.#tryAgain().finally(() => {
      this.#connecting = undefined;
    });
    return this.#connecting;
  }

  async #tryAgain() {
    for (let times = 1; !this.#isClosed; times++) {
      try {
        await this.#connect();
        this.emit('back');
        return this.#client;
      } catch (error) {
        this.emit('error', error);
        this.emit('away', error);
        await new Promise((resolve) => setTimeout(resolve, pauseBefore(times)));
      }
    }
    throw new Error('The connection was closed');
  }

  async close(milliseconds) {
    this.#isClosed = true;
    const client = this.#client;
    if (client === undefined) return;
    await within(milliseconds, client.end());
    client.connection.stream.destroy();
    this.#client = undefined;
  }
}

module.exports = { Line, isLost };
