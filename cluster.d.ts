// The public contract of allcores/cluster: the calls of allcores over many machines. Written by hand, and checked by __test__/types.
//
// bullmq (6.7 or later) and its driver, ioredis or pg, are peer dependencies that a program installs itself: npm install bullmq@6 ioredis

import type {
  AllcoresError,
  AnyBody,
  Body,
  Counts,
  Data,
  IndexOf,
  IndicesOf,
  NoBody,
  Options,
  Progress,
  RangeOptions,
} from './index.js';

declare global {
  // Merges with the declarations of @types/node or of the lib "esnext.disposable"; without either, it keeps this file valid.
  interface SymbolConstructor {
    readonly asyncDispose: unique symbol;
  }
  interface AsyncDisposable {
    [Symbol.asyncDispose](): PromiseLike<void>;
  }
}

/** How to reach Postgres without a URL: options of pg. */
export interface PostgresOptions {
  readonly host?: string | undefined;
  readonly port?: number | undefined;
  readonly database?: string | undefined;
  readonly user?: string | undefined;
  readonly password?: string | undefined;
  /** `true`, or options of `tls.connect`. */
  readonly ssl?: boolean | object | undefined;
  /** Every other option of the class `Client` of pg. */
  readonly [option: string]: unknown;
}

/** How to reach Redis, by options of ioredis, or Postgres, by those of pg; and a URL. */
export interface ClusterConnection {
  /**
   * Such as `rediss://user:password@host:6379/0`, where `rediss:` is with TLS, or
   * `postgres://user:password@host/database?sslmode=verify-full`.
   */
  readonly url?: string | undefined;
  /** Postgres, by a URL or by options: then nothing else is here. */
  readonly postgres?: string | PostgresOptions | undefined;
  readonly host?: string | undefined;
  readonly port?: number | undefined;
  readonly username?: string | undefined;
  readonly password?: string | undefined;
  /** The number of the database; 0 by default. */
  readonly db?: number | undefined;
  /** Options of `tls.connect`; an empty object for TLS with none. */
  readonly tls?: object | undefined;
  /** Every other option of ioredis but `keyPrefix`, or of pg. */
  readonly [option: string]: unknown;
}

/** What client and workers need to find, and to believe, each other. */
export interface ClusterOptions {
  /** Where Redis or Postgres is: its URL, or options with one. Without TLS, a host other than this machine gets a warning. */
  connection: string | ClusterConnection;

  /**
   * At least 16 bytes that client and workers share, and nobody else knows. Everything in the queue is signed with it: who can write to
   * the queue, but does not know it, can hold up a run, and cannot change its result.
   *
   * Make one with `node -p "require('node:crypto').randomBytes(32).toString('base64')"`.
   */
  secret: string | Uint8Array;

  /**
   * What the names of all keys in Redis begin with; `'allcores'` by default. Up to 64 letters, digits and `_ . - { }`; for Redis Cluster one
   * with braces, `'{allcores}'`. In Postgres the name of the schema: letters, digits and `_`. Client and workers must have the same.
   */
  prefix?: string | undefined;
}

/** Options of {@link connect}. */
export interface ConnectOptions extends ClusterOptions {
  /** How long calls wait for a worker, in milliseconds; 30 000 by default. `Infinity` is allowed. */
  waitForWorkers?: number | undefined;
}

/** How far a call over several machines has come. */
export interface ClusterProgress extends Progress {
  /** How many workers listen. */
  readonly machines: number;
  /** How many chunks had to be computed again so far: their worker died or was cut off, they failed, or the queue lost them. */
  readonly lost: number;
  /** The name of the run, with which another process may go on: `{ resume: run }`. */
  readonly run: string;
}

/** Options of a call over several machines. `math: 'portable'` is implied; how many threads a worker uses, the worker says. */
export interface ClusterCallOptions<D = object> extends Omit<RangeOptions<D>, 'onProgress' | 'threads'> {
  /** As in a call of one machine, with `machines`, `lost` and `run` besides. `done` grows by chunks. */
  onProgress?: ((progress: ClusterProgress) => void) | undefined;

  /**
   * Which part of the chunks is computed twice, from 0 to 1, by different workers if there are several; 0 by default. If they disagree in
   * any bit, the call rejects with `ERR_CLUSTER_BITS`.
   */
  audit?: number | undefined;

  /**
   * A name for the run, up to 64 letters, digits and `_ . -`. If a run of that name has been begun, and was not finished, the call goes on with
   * it; method, range, body and data must be the same. Otherwise it begins one. So a program that is started again goes on where it was.
   *
   * How far a run has come is kept beside the queue, at most ten seconds old, for seven days, or until it is finished. An abort, too, leaves a run that has
   * a name, and what is done of it.
   */
  resume?: string | undefined;

  /** How long this call waits for a worker, in milliseconds: at its beginning, and whenever the last one has gone. That of `connect` by default. */
  waitForWorkers?: number | undefined;
}

/** The constraint of a body of a call over several machines. */
export type ClusterBody<D, I extends Counts> = Body<D, number | boolean, IndicesOf<I>>;

/** A call over a range, on all workers. */
export type ClusterCall<O = unknown> = <
  const I extends Counts = never,
  D extends Data<D> = object,
  F extends ClusterBody<D, I> = ClusterBody<D, I>,
>(
  source: number | bigint | readonly [...I],
  body: F,
  options?: ClusterCallOptions<D> & O,
) => Promise<number>;

/** A call over a range, on all workers, whose result is an index, or one for each dimension. */
export type ClusterIndexCall = <
  const I extends Counts = never,
  D extends Data<D> = object,
  F extends ClusterBody<D, I> = ClusterBody<D, I>,
>(
  source: number | bigint | readonly [...I],
  body: F,
  options?: ClusterCallOptions<D>,
) => Promise<[I] extends [never] ? number : IndexOf<I>>;

/** A worker that listens. */
export interface ClusterWorker {
  /** Its name, and what tells it from others of that name. */
  readonly id: string;
  /** How many threads compute. */
  readonly threads: number;
}

/**
 * The calls of allcores over the machines of a cluster, as functions that need no `this`: `const { sumRange } = cluster`. Each has the very bits that
 * the call of one machine has with `math: 'portable'`, whatever number of workers takes part, and whatever dies on the way.
 *
 * A body may use what a body of one machine may use, but store to no array: `data` is copied when the call is made. It may have arrays of 64 MiB
 * in all. What is refused is refused before anything is sent.
 *
 * All calls reject with an {@link ClusterError}; none throws.
 */
export interface Cluster extends AsyncDisposable {
  /** The queue that workers listen to: versions of the wire, of the language and of `Math`, and a sign of the secret. */
  readonly queue: string;

  /** The workers that listen to this queue now. */
  workers(): Promise<readonly ClusterWorker[]>;

  /**
   * Ends all calls in flight, which reject with `ABORT_ERR`, and the connection. What it has put there is gone then, but for the checkpoints of runs
   * that have a name. Waits until workers have dropped the chunks of those calls, or died. Never rejects.
   */
  close(): Promise<void>;

  /** As `sumRange` of one machine. Without a body there is nothing to distribute: the sum is computed here. */
  readonly sumRange: <
    N extends number | bigint,
    const I extends Counts = never,
    D extends Data<D> = object,
    F extends ClusterBody<D, I> | NoBody = ClusterBody<D, I> | NoBody,
  >(
    num: N | readonly [...I],
    body?: F | Options,
    options?: ClusterCallOptions<D>,
  ) => Promise<[F] extends [AnyBody] ? number : N extends bigint ? bigint : number>;

  /** As `count` of one machine, over a range. */
  readonly count: ClusterCall;
  /** As `min` of one machine, over a range. */
  readonly min: ClusterCall;
  /** As `max` of one machine, over a range. */
  readonly max: ClusterCall;
  /** As `argMin` of one machine, over a range. */
  readonly argMin: ClusterIndexCall;
  /** As `argMax` of one machine, over a range. */
  readonly argMax: ClusterIndexCall;
  /** As `findIndex` of one machine, over a range. Chunks above one that was found are dropped. */
  readonly findIndex: ClusterIndexCall;
  /** As `mean` of one machine, over a range. */
  readonly mean: ClusterCall;
  /** As `variance` of one machine, over a range. */
  readonly variance: ClusterCall<{ ddof?: number | undefined }>;
  /** As `norm` of one machine, over a range. */
  readonly norm: ClusterCall;
}

/**
 * Connects to the Redis, or the Postgres, of a cluster.
 *
 * @returns the cluster; close it, or the process does not end: `await using cluster = await connect(...)`
 *
 * @throws {ClusterError} `ERR_INVALID_ARG_TYPE`, `ERR_OUT_OF_RANGE`: an option is wrong
 * @throws {ClusterError} `ERR_CLUSTER_PEERS`: bullmq, or ioredis or pg, is not installed, or of another version
 * @throws {ClusterError} `ERR_CLUSTER_CONNECTION`: Redis or Postgres cannot be reached within ten seconds, or refuses
 *
 * @example
 * const cluster = await connect({ connection: { url: 'rediss://redis.example:6379' }, secret });
 * await cluster.sumRange(1e13, (i, { k }) => 1 / (i * i + k), { data: { k: 2 } });
 * await cluster.close();
 */
export function connect(options: ConnectOptions): Promise<Cluster>;

/** What a worker lets others ask for. */
export interface WorkerLimits {
  /** The longest source text of a body and its helper functions, in UTF-16 units; 65 536 by default, and at most. */
  source?: number | undefined;
  /** The largest data of a call, in bytes of arrays; 67 108 864 (64 MiB) by default, and at most. */
  data?: number | undefined;
  /** The longest that a chunk may take, in seconds; 60 by default. Chunks are meant to take five. */
  seconds?: number | undefined;
}

/** Options of {@link startWorker}. */
export interface WorkerOptions extends ClusterOptions {
  /** How many threads of this process compute, from 1 to `threads` of allcores; all by default. */
  threads?: number | undefined;
  limits?: WorkerLimits | undefined;
  /** What it is called in errors, up to 100 letters, digits, spaces and `_ . - @`; host and process by default. */
  name?: string | undefined;
  /** Told of every error of the queue that the worker lives on after, such as a Redis or Postgres that is away. */
  onError?: ((error: Error) => void) | undefined;
}

/** A worker in this process. */
export interface Worker extends AsyncDisposable {
  readonly id: string;
  /** The queue that it listens to. */
  readonly queue: string;
  /**
   * Finishes the chunk in hand, takes no other, and ends the connection. With `force` gives the chunk back at once. Never rejects.
   */
  close(options?: { force?: boolean | undefined }): Promise<void>;
}

/**
 * Starts a worker: it takes chunks from the queue, and computes them on the threads of this process, one chunk at a time. It needs no rights: what
 * is in the queue is source text of a language of numbers, which is compiled and never evaluated, and names no file, module or host.
 *
 * @returns the worker, once it listens. It lives on while Redis or Postgres is away, and goes on when that is back.
 *
 * @throws {ClusterError} as {@link connect}; `ERR_INTERNAL`: the self-test has failed, this machine computes wrong
 *
 * @example
 * const worker = await startWorker({ connection: { url: 'rediss://redis.example:6379' }, secret });
 * process.once('SIGTERM', () => worker.close());
 */
export function startWorker(options: WorkerOptions): Promise<Worker>;

/**
 * The possible values of `code`: those of allcores, and
 *
 * - `ERR_CLUSTER_PEERS`: bullmq, or ioredis or pg, is not installed, or of another version
 * - `ERR_CLUSTER_CONNECTION`: Redis or Postgres cannot be reached, refuses, or was away for longer than a minute. `run`
 * - `ERR_CLUSTER_NO_WORKERS`: no worker of this version and secret came in time. `queue`, `others`, `run`
 * - `ERR_CLUSTER_CHUNK`: a part of the range failed three times. `start`, `end`, `tries`, `workers`
 * - `ERR_CLUSTER_BITS`: two workers got different bits for one part of the range. `start`, `end`, `workers`
 */
export type ClusterErrorCode =
  | AllcoresError['code']
  | 'ERR_CLUSTER_PEERS'
  | 'ERR_CLUSTER_CONNECTION'
  | 'ERR_CLUSTER_NO_WORKERS'
  | 'ERR_CLUSTER_CHUNK'
  | 'ERR_CLUSTER_BITS';

/** The shape of every rejection. This is only a type; there is no such class to import. */
export interface ClusterError extends Omit<AllcoresError, 'code'> {
  readonly code: ClusterErrorCode;
  /** The name of the run, if it may be gone on with: `{ resume: error.run }`. */
  readonly run?: string | undefined;
  /** The positions of a part of the range, start <= k < end: indices, or with several dimensions the numbers of turns. */
  readonly start?: number | undefined;
  readonly end?: number | undefined;
  /** How often it was tried. */
  readonly tries?: number | undefined;
  /** Who computed it. */
  readonly workers?: readonly string[] | undefined;
  /** The queue that the client waits at, and those that workers listen to instead. */
  readonly queue?: string | undefined;
  readonly others?: readonly string[] | undefined;
}
