'use strict';

// The errors that only calls over several machines have. `run` names the run that may be resumed, if there is one.

const { coded, define } = require('../errors');

function make(code, message, { cause, ...properties } = {}) {
  const error = coded(new Error(message, cause === undefined ? undefined : { cause }), code);
  for (const [name, value] of Object.entries(properties)) if (value !== undefined) define(error, name, value);
  return error;
}

/** What the compiler says of a body that stores to an array, and what is true here. */
const ON_ONE = 'pass a typed array on a SharedArrayBuffer to write to it';
const ON_MANY = 'on another machine nobody would see what is stored to it: return a value instead';

/** The refusal of a body, in whose message a remedy must not be that of one machine. */
function ofManyMachines(error) {
  if (error?.code === 'ERR_UNSUPPORTED') define(error, 'message', error.message.replaceAll(ON_ONE, ON_MANY));
  return error;
}

/** `ERR_CLUSTER_PEERS`: the queue is not installed, or is of another major version. */
const peers = (driver, problem, cause) =>
  make(
    'ERR_CLUSTER_PEERS',
    `allcores/cluster runs on bullmq 6 and ${driver}, which allcores does not install by itself: ${problem}. ` +
      `Install both: npm install bullmq@6 ${driver}`,
    { cause },
  );

/** `ERR_CLUSTER_CONNECTION`: Redis or Postgres cannot be reached, or refuses. */
const connection = (message, cause, run) => make('ERR_CLUSTER_CONNECTION', message, { cause, run });

/** `ERR_CLUSTER_NO_WORKERS`: none of this version and secret has shown up. `others` are the queues that others listen to. */
function noWorkers(milliseconds, queue, others, run) {
  const seconds = milliseconds / 1000;
  const elsewhere =
    others.length === 0
      ? 'There is none of another version or secret either.'
      : `Workers are there, but of another version or another secret: ${others.join(', ')}.`;
  return make(
    'ERR_CLUSTER_NO_WORKERS',
    `No worker for ${queue} within ${seconds} s. ${elsewhere} Start some: npx allcores-worker --connection URL --secret-file FILE`,
    { queue, others, run },
  );
}

/** `ERR_CLUSTER_BITS`: two workers have computed one chunk, and have got different bits. */
const bits = (chunk, workers, run) =>
  make(
    'ERR_CLUSTER_BITS',
    `Two workers disagree on the indices from ${chunk.start} to ${chunk.end}: ${workers.join(' and ')}. ` +
      'One of these machines computes wrong, or is not what it says it is',
    { start: chunk.start, end: chunk.end, workers, run },
  );

/** `ERR_CLUSTER_CHUNK`: a part of the range could not be computed, however often it was tried. */
const chunk = ({ start, end }, tries, workers, reason, run) =>
  make(
    'ERR_CLUSTER_CHUNK',
    `The indices from ${start} to ${end} could not be computed in ${tries} ${tries === 1 ? 'try' : 'tries'}` +
      `${workers.length > 0 ? ` (on ${workers.join(', ')})` : ''}: ${reason}`,
    { start, end, tries, workers, run },
  );

module.exports = { ofManyMachines, bits, chunk, connection, noWorkers, peers };
