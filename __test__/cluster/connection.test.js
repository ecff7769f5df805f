'use strict';

// Which engine `options.connection` names, where that is, and whether others can read along.

const assert = require('node:assert/strict');
const { test } = require('node:test');
const { readConnection } = require('../../lib/cluster/connection.js');

const REDIS = [
  ['redis://host', 'host:6379', true],
  ['redis://user:password@host:1/2', 'host:1', true],
  ['rediss://host', 'host:6379', false],
  ['redis://127.0.0.1', '127.0.0.1:6379', false],
  ['host:7', 'host:7', true],
  [{}, 'localhost:6379', false],
  [{ host: 'h', port: 5, tls: {} }, 'h:5', false],
  [{ path: '/run/redis' }, '/run/redis', false],
];

const POSTGRES = [
  ['postgres://host/database', 'host:5432', true],
  ['postgresql://user:password@host:1/database', 'host:1', true],
  ['postgres://host/database?sslmode=verify-full', 'host:5432', false],
  ['postgres://host/database?sslmode=disable', 'host:5432', true],
  ['postgres://host/database?ssl=true', 'host:5432', false],
  ['postgres://host/database?ssl=false', 'host:5432', true],
  ['postgres://localhost/database', 'localhost:5432', false],
  ['postgres://[::1]:2/database', '[::1]:2', false],
  ['postgres:///database?host=/run/postgresql', '/run/postgresql:5432', false],
  [{ url: 'postgres://host/database', ssl: { ca: '' } }, 'host:5432', false],
  [{ postgres: 'postgres://host/database' }, 'host:5432', true],
  [{ postgres: { host: 'h', port: 5, user: 'u', password: 'p' } }, 'h:5', true],
  [{ postgres: { host: 'h', ssl: true } }, 'h:5432', false],
  [{ postgres: { connectionString: 'postgres://host/database' } }, 'host:5432', true],
  [{ postgres: {} }, 'localhost:5432', false],
];

for (const name of ['PGHOST', 'PGPORT', 'PGSSLMODE']) delete process.env[name];

for (const [isPostgres, all] of [
  [false, REDIS],
  [true, POSTGRES],
]) {
  for (const [connection, place, isExposed] of all) {
    test(JSON.stringify(connection), () => {
      const read = readConnection(connection);
      assert.deepEqual([read.isPostgres, read.place, read.isExposed], [isPostgres, place, isExposed]);
    });
  }
}

test('options in a URL do not take the place of ours', () => {
  const { config } = readConnection('postgres://host/database?options=-c%20geqo%3Doff&sslmode=disable');
  assert.equal(config.options, '-c geqo=off');
  assert.equal(config.connectionString, 'postgres://host/database?sslmode=disable');
});
