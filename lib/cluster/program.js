'use strict';

// A program: what all chunks of a run have in common, as it travels. That is a text of JSON, and blocks of bytes:
//
//   { v, method, counts, from, body, data }
//
//   counts   the numbers of the range, one to three; `from` its first position
//   body     the text of the function
//   data     ['n', number of 16 hex digits] | ['b', 0 or 1] | ['f', text] | ['o', [[name, data], ...]]
//            ['a', class, length, bytes] | ['t', [dimensions], bytes]      a typed array; an array of numbers, or of arrays
//            ['l', [dimensions], columns]                                an array of objects: lists.js
//   bytes    the digests of the blocks in which they are, in order; numbers are doubles; all is little-endian
//
// A program and a block are named by their SHA-256. Texts are compiled and never evaluated. What has no form here is left out:
// the check on the client has refused every body that uses it.

const { createHash } = require('node:crypto');
const { coded } = require('../errors');
const { BLOCK, LIMITS } = require('./settings');
const { pack, unpack } = require('./values');
const { WIRE } = require('./wire');

const digestOf = (bytes) => createHash('sha256').update(bytes).digest('hex');

/** A program to be sent: its digest, and by digest every block that a worker needs, the text among them. */
class Program {
  digest;
  blocks = new Map();
  /** Of arrays. */
  size = 0;

  /** `textOf(func, path)` is the text of a function of the program. Throws ERR_OUT_OF_RANGE for what no worker takes. */
  constructor({ method, counts, from, body, data }, textOf) {
    let length = 0;
    const text = (func, path) => {
      const source = textOf(func, path);
      length += source.length;
      return source;
    };
    const packed = pack(data ?? {}, text, (bytes) => this.#addBytes(bytes));
    const json = JSON.stringify({ v: WIRE, method, counts, from, body: text(body, []), data: packed });
    if (length > LIMITS.source) {
      throw tooLarge(`a body and helper functions of at most ${LIMITS.source} characters`, `${length}`);
    }
    const bytes = Buffer.from(json);
    if (bytes.length > BLOCK)
      throw tooLarge(`at most ${BLOCK} bytes of names and numbers`, `${bytes.length}`);
    this.digest = this.#add(bytes);
  }

  #addBytes(bytes) {
    this.size += bytes.length;
    if (this.size > LIMITS.data) {
      throw tooLarge(`at most ${LIMITS.data} bytes of arrays, in all`, `${this.size} bytes or more`);
    }
    const digests = [];
    for (let at = 0; at < bytes.length; at += BLOCK) digests.push(this.#add(bytes.subarray(at, at + BLOCK)));
    return digests;
  }

  #add(bytes) {
    const digest = digestOf(bytes);
    this.blocks.set(digest, bytes);
    return digest;
  }
}

/**
 * Resolves with `{ method, counts, from, body, data, size }`, functions as what `source(text)` makes of their text. `fetch(digest)`
 * resolves with a block. Rejects for what is no program, or above the limits.
 */
async function readProgram(digest, fetch, source, limits) {
  const program = JSON.parse((await fetch(digest)).toString('utf8'));
  const { v, method, counts, from, body, data } = program;
  if (v !== WIRE || typeof method !== 'string' || typeof body !== 'string' || !areCounts(counts, from)) {
    throw limit('what is in the queue is no program of this version');
  }
  let length = 0;
  let size = 0;
  const functionOf = (text) => {
    length += text.length;
    if (length > limits.source) throw limit(`its source is longer than ${limits.source} characters`);
    return source(text);
  };
  const bytesOf = async (digests, expected) => {
    size += expected;
    if (size > limits.data) throw limit(`its data is larger than ${limits.data} bytes`);
    if (digests.length !== Math.ceil(expected / BLOCK))
      throw limit('an array in the queue is not as long as it says');
    const bytes = Buffer.concat(await Promise.all(digests.map(fetch)));
    if (bytes.length !== expected) throw limit('an array in the queue is not as long as it says');
    return bytes;
  };
  const made = functionOf(body);
  return { method, counts, from, body: made, data: await unpack(data, functionOf, bytesOf), size };
}

const areCounts = (counts, from) =>
  Array.isArray(counts) &&
  counts.length >= 1 &&
  counts.length <= 3 &&
  [...counts, from].every((number) => Number.isSafeInteger(number) && number >= 0);

const tooLarge = (most, received) =>
  coded(
    new RangeError(
      `What is sent to other machines is out of range. It must be ${most}. Received ${received}`,
    ),
    'ERR_OUT_OF_RANGE',
  );

/** `CLUSTER_LIMIT`, a failure of a worker's: what its owner does not let others ask for. */
const limit = (message) => coded(new RangeError(message), 'CLUSTER_LIMIT');

module.exports = { Program, digestOf, limit, readProgram };
