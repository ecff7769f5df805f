'use strict';

// What travels through the queue, version 1: jobs, results and failures, as JSON. Each is signed, and what comes in is taken apart
// strictly: what is not exactly of this form, or not signed with the secret, is undefined.
//
// A chunk is a run and a range of positions, start <= k < end, and its name is made of these: equal names, equal ranges. Positions are
// decimal numbers in strings. A job, its result and its failure are signed over run and range, so that none of them stands for
// another chunk or another run; and over the digest of the program, which is method, body and data.
//
//   job       { v, run, program, start, end, avoid?, sig }
//   result    { v, worker, ms, bytes, sig }                   bytes: the canonical partial result in base64
//   failure   { v, worker, code, message, sig }               as the text of an error

const WIRE = 1;

const RUN = /^[0-9a-f]{32}$/;
const DIGEST = /^[0-9a-f]{64}$/;
const POSITION = /^(?:0|[1-9][0-9]{0,15})$/;
const BASE64 = /^[A-Za-z0-9+/]{0,4096}={0,2}$/;
const NAME = /^[\w.@ -]{1,100}$/;
const CODE = /^[A-Z_]{1,40}$/;
const JOB_ID = /^([0-9a-f]{32})-([0-9a-z]{1,11})-([0-9a-z]{1,11})(?:~([0-9]{1,3}))?$/;

const LONGEST_MESSAGE = 4096;

/** The name of a chunk within its run; also the start of the ids of its jobs, of which there may be several. */
const chunkName = (run, start, end) => `${run}-${start.toString(36)}-${end.toString(36)}`;
const jobId = (run, { start, end }, copy) =>
  copy === 0 ? chunkName(run, start, end) : `${chunkName(run, start, end)}~${copy}`;

/** `{ run, start, end, copy }` of the id of a job; undefined if it is none of ours. */
function parseJobId(id) {
  const match = typeof id === 'string' ? JOB_ID.exec(id) : null;
  if (match === null) return undefined;
  const [, run, start, end, copy = '0'] = match;
  return { run, start: Number.parseInt(start, 36), end: Number.parseInt(end, 36), copy: Number(copy) };
}

const chunkList = ({ run, program, start, end }) => [WIRE, run, program, `${start}`, `${end}`];

/** `avoid` is the worker that has computed the chunk already. */
function packJob(secret, chunk, avoid = '') {
  const { run, program, start, end } = chunk;
  const sig = secret.sign('job', [...chunkList(chunk), avoid]);
  return { v: WIRE, run, program, start: `${start}`, end: `${end}`, ...(avoid && { avoid }), sig };
}

/** `{ run, program, start, end, avoid }`. */
function unpackJob(secret, job) {
  const { v, run, program, start, end, avoid = '', sig } = job ?? {};
  const isJob =
    v === WIRE &&
    matches(RUN, run) &&
    matches(DIGEST, program) &&
    matches(POSITION, start) &&
    matches(POSITION, end) &&
    (avoid === '' || matches(NAME, avoid));
  if (!isJob || !secret.verify('job', [WIRE, run, program, start, end, avoid], sig)) return undefined;
  const [from, to] = [Number(start), Number(end)];
  return Number.isSafeInteger(from) && Number.isSafeInteger(to) && from < to
    ? { run, program, start: from, end: to, avoid }
    : undefined;
}

function packResult(secret, chunk, { worker, ms, bytes }) {
  const text = Buffer.from(bytes).toString('base64');
  return {
    v: WIRE,
    worker,
    ms,
    bytes: text,
    sig: secret.sign('result', [...chunkList(chunk), worker, ms, text]),
  };
}

/** `{ worker, ms, bytes }`. Whether the bytes are a partial result of so many terms is for others to say. */
function unpackResult(secret, chunk, result) {
  const { v, worker, ms, bytes, sig } = result ?? {};
  const isResult =
    v === WIRE && matches(NAME, worker) && Number.isFinite(ms) && ms >= 0 && matches(BASE64, bytes);
  if (!isResult || !secret.verify('result', [...chunkList(chunk), worker, ms, bytes], sig)) return undefined;
  const decoded = new Uint8Array(Buffer.from(bytes, 'base64'));
  return { worker, ms, bytes: decoded };
}

/** The text of an error that a queue hands on. */
function packFailure(secret, chunk, { worker, code, message }) {
  const text = message.slice(0, LONGEST_MESSAGE);
  const sig = secret.sign('failure', [...chunkList(chunk), worker, code, text]);
  return JSON.stringify({ v: WIRE, worker, code, message: text, sig });
}

/** `{ worker, code, message }`. */
function unpackFailure(secret, chunk, text) {
  const { v, worker, code, message, sig } = parse(text) ?? {};
  const isFailure =
    v === WIRE &&
    matches(NAME, worker) &&
    matches(CODE, code) &&
    typeof message === 'string' &&
    message.length <= LONGEST_MESSAGE;
  if (!isFailure || !secret.verify('failure', [...chunkList(chunk), worker, code, message], sig))
    return undefined;
  return { worker, code, message };
}

/** A name as workers may have: what they are called in errors and in lists of queues. */
const isName = (text) => matches(NAME, text);

const matches = (pattern, text) => typeof text === 'string' && pattern.test(text);

/** What a text of JSON says; undefined for any other. */
function parse(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

module.exports = {
  WIRE,
  chunkName,
  isName,
  jobId,
  packFailure,
  packJob,
  packResult,
  parse,
  parseJobId,
  unpackFailure,
  unpackJob,
  unpackResult,
};
