#!/usr/bin/env node
'use strict';

// The command `allcores-worker`: a worker of allcores/cluster as a process. It writes a line to stderr for each thing that happens, and ends
// in good order when it is asked to.

const { HELP, UsageError, read } = require('./worker-arguments.js');

/** It was asked to leave, and has left; it could not start; the command line is wrong. */
const [WELL, ILL, MISUSED] = [0, 1, 2];

/** A Redis or Postgres that is away makes the same error every two seconds, on each connection. */
const REPEATED_MS = 10_000;

main(process.argv.slice(2)).then(end, (error) => {
  const isMisused = error instanceof UsageError;
  say(isMisused ? error.message : error.code ? `${error.code}: ${error.message}` : error.stack);
  end(isMisused ? MISUSED : ILL);
});

async function main(args) {
  const { command, ...options } = read(args, process.env);
  if (command === 'help') return print(HELP);
  if (command === 'version') return print(require('../package.json').version);
  const asked = signals();
  const { startWorker } = require('../cluster.js');
  const worker = await Promise.race([startWorker({ ...options, onError: reporter() }), asked.twice]);
  if (worker === undefined) return ILL;
  const threads = options.threads ?? require('..').threads;
  say(`${worker.id} listens to ${worker.queue} with ${threads} thread${threads === 1 ? '' : 's'}`);
  const signal = await asked.once;
  say(`${signal}: finishes its chunk, and leaves; at once if asked again`);
  asked.twice.then(() => worker.close({ force: true }));
  await worker.close();
  say(`${worker.id} has left`);
  return WELL;
}

/** `once` resolves with the first signal that asks the process to end, `twice` when there is a second one. */
function signals() {
  let count = 0;
  const asked = {};
  asked.once = new Promise((first) => {
    asked.twice = new Promise((second) => {
      const onSignal = (signal) => {
        count++;
        if (count === 1) first(signal);
        else second();
      };
      // The last one is of a terminal that is closed; Node.js ends by it, under `nohup` too.
      for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP']) process.on(signal, onSignal);
    });
  });
  return asked;
}

function reporter() {
  let last;
  let when = Number.NEGATIVE_INFINITY;
  return ({ message }) => {
    const now = performance.now();
    if (message === last && now - when < REPEATED_MS) return;
    last = message;
    when = now;
    say(message);
  };
}

/** One line, whatever is in it. */
function say(text) {
  process.stderr.write(`allcores-worker: ${`${text}`.trimEnd().replaceAll(/\s*\n\s*/g, ' | ')}\n`);
}

function print(text) {
  process.stdout.write(`${text.trimEnd()}\n`);
  return WELL;
}

/** Nothing of the queue's library is to keep the process alive. */
function end(code) {
  process.exitCode = code;
  process.stdout.write('', () => process.stderr.write('', () => process.exit(code)));
}
