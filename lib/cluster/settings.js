'use strict';

// Times and limits, in one place. All times are in milliseconds. A test passes `timing` to connect() and startWorker() to have
// faults found in less; nobody else needs to.

const TIMING = {
  __proto__: null,
  /** How long connect() and startWorker() try to reach Redis or Postgres. */
  connect: 10_000,
  /** How long that may be away while a run is on. */
  outage: 60_000,
  /** How long close() waits for an answer before it cuts the connection. */
  close: 3_000,
  /** How long a worker owns a chunk without a sign of life. */
  lock: 15_000,
  /** How often workers look for chunks whose owner has died, and clients for chunks that are gone. */
  sweep: 5_000,
  /** A worker says this often that it is there, and is believed three times as long. */
  heartbeat: 5_000,
  /** How often a worker asks whether the run of its chunk has ended. */
  poll: 1_000,
  /** A client says this often how far a run has come. */
  checkpoint: 10_000,
  /** What a chunk should take all threads of a worker. */
  chunk: 5_000,
  /** Chunks at the end of a run are not cut smaller than that. */
  shortest: 100,
  /** A chunk is old enough for a second copy when it has taken twice the median, and this. */
  straggler: 1_000,
};

/** How long what nobody came back for is kept, in seconds. */
const KEPT = {
  __proto__: null,
  checkpoint: 7 * 24 * 3600,
  /** Blocks of data; clients that use them say so every quarter of that. */
  blob: 3600,
  /** Results of a run that nobody fetches. */
  job: 3600,
  /** What a queue keeps that nobody is at. */
  queue: 3600,
  /** The sign that a run has ended. */
  stop: 60,
};

/** What a worker takes from a queue that anybody may have written to. */
const LIMITS = {
  __proto__: null,
  /** UTF-16 units of a body and its helper functions. */
  source: 65_536,
  /** Bytes of arrays. */
  data: 64 * 2 ** 20,
  /** Seconds that a chunk may take. */
  seconds: 60,
};

/** Bytes of data in one value there. */
const BLOCK = 16 * 2 ** 20;

/** A chunk is given up after so many tries: failures, deaths of its worker, results that are not signed. */
const TRIES = 3;

/** So many chunks of a run are in the queue for each worker. */
const WINDOW = 3;

module.exports = { BLOCK, KEPT, LIMITS, TIMING, TRIES, WINDOW };
