'use strict';

// The command line of `allcores-worker`, and the variables that stand in for it.

const fs = require('node:fs');
const { parseArgs } = require('node:util');

const HELP = `Usage: allcores-worker [options]

Takes chunks of the runs of allcores/cluster from Redis or Postgres, and computes them on this machine, until SIGTERM, SIGINT or SIGHUP:
then it finishes the chunk in hand and leaves; a second signal has it give the chunk back and leave at once.

  --connection URL     where that is, such as rediss://user:password@host:6379, with TLS, or
                       postgres://user:password@host/database?sslmode=verify-full. Others on this machine can read command
                       lines: ALLCORES_CONNECTION says it, too
  --secret-file FILE   a file with the secret that clients and workers share, at least 16 bytes of text; white space around
                       it does not count. ALLCORES_SECRET holds the secret itself. To make one:
                       node -p "require('node:crypto').randomBytes(32).toString('base64')"
  --threads N          how many threads compute; all by default
  --name NAME          what it is called in errors; host and process by default
  --prefix PREFIX      what keys in Redis begin with, or the schema in Postgres; allcores by default
  --help, --version

It needs bullmq, and ioredis or pg, beside allcores: npm install bullmq@6 ioredis, or bullmq@6 pg. A certificate of your own is known by
NODE_EXTRA_CA_CERTS=FILE.

Exit codes: 0 when it was asked to leave; 1 if it cannot start: no connection, no bullmq, wrong bits; 2 if the command line is wrong.`;

const OPTIONS = {
  connection: { type: 'string' },
  'secret-file': { type: 'string' },
  threads: { type: 'string' },
  name: { type: 'string' },
  prefix: { type: 'string' },
  help: { type: 'boolean', short: 'h' },
  version: { type: 'boolean', short: 'v' },
};

/** What is wrong with the command line, or with what it names. */
class UsageError extends Error {}

/** The options of startWorker(), or `{ command }`. */
function read(args, env) {
  const values = parse(args);
  if (values.help) return { command: 'help' };
  if (values.version) return { command: 'version' };
  const connection = values.connection ?? env.ALLCORES_CONNECTION;
  if (!connection) {
    throw new UsageError(
      'where is Redis, or Postgres? --connection rediss://host:6379, or ALLCORES_CONNECTION',
    );
  }
  const { name, prefix } = values;
  return { connection, secret: secretOf(values, env), threads: threadsOf(values.threads), name, prefix };
}

function parse(args) {
  try {
    return parseArgs({ args, options: OPTIONS }).values;
  } catch (error) {
    throw new UsageError(error.message);
  }
}

/** Of a file only the text counts: editors and `echo` end it with a newline, and secrets of Kubernetes do not. */
function secretOf({ 'secret-file': file }, env) {
  if (file === undefined) {
    const secret = env.ALLCORES_SECRET?.trim();
    if (secret) return secret;
    throw new UsageError(
      'which secret? --secret-file FILE, or ALLCORES_SECRET: the one that clients have. ' +
        `To make one: node -p "require('node:crypto').randomBytes(32).toString('base64')" > FILE`,
    );
  }
  let text;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(fs.readFileSync(file));
  } catch (error) {
    const why = error.code === 'ERR_ENCODING_INVALID_ENCODED_DATA' ? 'it is no text' : error.message;
    throw new UsageError(`the secret cannot be read from ${file}: ${why}`);
  }
  const secret = text.trim();
  if (secret === '') throw new UsageError(`there is no secret in ${file}`);
  return secret;
}

/** startWorker() knows how many there may be. */
function threadsOf(text) {
  if (text === undefined) return undefined;
  if (!/^\d{1,4}$/.test(text)) throw new UsageError(`--threads must be a number. Received "${text}"`);
  return Number(text);
}

module.exports = { HELP, UsageError, read };
