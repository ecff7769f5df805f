'use strict';

// The connection to Postgres: statements in order, whatever becomes of it on the way.

const assert = require('node:assert/strict');
const { EventEmitter } = require('node:events');
const { test } = require('node:test');
const { Line, isLost } = require('../../lib/cluster/postgres-line.js');

/** A database that a test takes away: a list of what it was asked. */
class Database {
  asked = [];
  /** What the next connections, and the next statements, fail with. */
  refusals = [];
  failures = [];
  clients = [];

  /** The class `Client` of pg, for this one. */
  get Client() {
    const database = this;
    return class extends EventEmitter {
      connection = { stream: { destroy: () => this.emit('end') } };

      async connect() {
        await undefined;
        const refusal = database.refusals.shift();
        if (refusal !== undefined) throw refusal;
        database.clients.push(this);
      }

      async query(text) {
        await undefined;
        const failure = database.failures.shift();
        if (failure !== undefined) throw failure;
        database.asked.push(text);
        return text;
      }

      async end() {
        await undefined;
        this.emit('end');
      }
    };
  }
}

const failure = (code, message = 'x') => Object.assign(new Error(message), { code });

async function open() {
  const database = new Database();
  const line = new Line(database.Client, {});
  await line.open(1000);
  return { database, line };
}

test('a statement that a connection was lost with is asked for again, and those after it wait', async () => {
  const { database, line } = await open();
  const told = [];
  for (const event of ['away', 'back', 'error'])
    line.on(event, (error) => told.push([event, error?.message ?? '']));
  database.failures = [undefined, failure('57P01', 'shutdown')];
  database.refusals = [failure('ECONNREFUSED', 'refused'), failure('57P03', 'starts')];
  const all = ['a', 'b', 'c', 'd'].map((text) => line.query(text));
  assert.deepEqual(await Promise.all(all), ['a', 'b', 'c', 'd']);
  assert.deepEqual(database.asked, ['a', 'b', 'c', 'd']);
  assert.equal(database.clients.length, 2);
  assert.deepEqual(
    told.map(([event, message]) => `${event} ${message}`),
    [
      'error shutdown',
      'away shutdown',
      'error refused',
      'away refused',
      'error starts',
      'away starts',
      'back ',
    ],
  );
  await line.close(100);
});

test('what a statement is refused for is told, and the next one is carried out', async () => {
  const { database, line } = await open();
  database.failures = [failure('42P01', 'no table')];
  await assert.rejects(line.query('a'), { code: '42P01' });
  assert.equal(await line.query('b'), 'b');
  assert.equal(database.clients.length, 1);
  await line.close(100);
});

test('a connection that ends by itself is made anew', async () => {
  const { database, line } = await open();
  assert.equal(line.isThere, true);
  const back = new Promise((resolve) => line.on('back', resolve));
  database.clients[0].emit('error', failure('ECONNRESET'));
  assert.equal(line.isThere, false);
  await back;
  assert.equal(line.isThere, true);
  await line.close(100);
});

test('after close() nothing is carried out, and nothing is tried again', async () => {
  const { database, line } = await open();
  database.failures = [failure('ECONNRESET')];
  database.refusals = Array.from({ length: 100 }, () => failure('ECONNREFUSED'));
  const waiting = line.query('a');
  await new Promise((resolve) => line.on('away', resolve));
  await line.close(100);
  await assert.rejects(waiting, /closed/);
  await assert.rejects(line.query('b'), /closed/);
  assert.deepEqual(database.asked, []);
});

test('at the beginning it is tried for a while if nobody answers, and not at all if it is refused', async () => {
  const database = new Database();
  const line = new Line(database.Client, {});
  database.refusals = [failure('28P01'), failure('ECONNREFUSED'), failure('ECONNREFUSED')];
  await assert.rejects(line.open(10_000), { code: '28P01' });
  await line.open(10_000);
  assert.deepEqual(database.refusals, []);
  await line.close(100);
  database.refusals = Array.from({ length: 100 }, () => failure('ECONNREFUSED'));
  await assert.rejects(new Line(database.Client, {}).open(1), { code: 'ECONNREFUSED' });
});

test('what is a lost connection, and what is not', () => {
  for (const code of [
    '08006',
    '57P01',
    '57P02',
    '57P03',
    '53300',
    'ECONNREFUSED',
    'EPIPE',
    'ENOTFOUND',
    'EAI_AGAIN',
  ])
    assert.equal(isLost(failure(code)), true, code);
  for (const code of [
    '42P01',
    '42501',
    '28P01',
    '3D000',
    '53100',
    '57014',
    'ERR_TLS_CERT_ALTNAME_INVALID',
    'CERT_HAS_EXPIRED',
  ])
    assert.equal(isLost(failure(code)), false, code);
  for (const text of ['Connection terminated unexpectedly', 'Query read timeout', 'timeout expired'])
    assert.equal(isLost(new Error(text)), true, text);
  assert.equal(isLost(new Error('The server does not support SSL connections')), false);
});
