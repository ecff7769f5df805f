// The public contract of allcores. Written by hand; __test__/types holds it to its word.
// From TypeScript 5.7 on, whose typed arrays name their buffer, the compiler refuses what is certain to be on an ArrayBuffer.

declare global {
  // Merges with that of @types/node or of the lib "dom". Where there is neither, the name is known all the same.
  interface AbortSignal {}
}

/**
 * The number of threads in the pool, fixed when the first thread of the process loads allcores: one per CPU that the
 * process may use (CPU affinity and cgroup quota counted), or what the environment variable `ALLCORES_THREADS` says.
 *
 * The threads themselves start with the first call, not at load.
 *
 * `ALLCORES_THREADS` must be an integer from 1 to 1024 (empty counts as not set); anything else makes `require('allcores')` throw a `RangeError`
 * with code `ERR_OUT_OF_RANGE`. Where there is no binary that can be loaded, it throws an `Error` with code `ERR_NO_BINARY`.
 */
export const threads: number;

/** Options of every function. They are read once, when the function is called. */
export interface Options {
  /**
   * Cancels the call. Already aborted: nothing starts. Aborted while the promise is pending: the threads stop within
   * about a millisecond and the promise rejects with an `AbortError` (`code` 'ABORT_ERR', `cause` = `signal.reason`),
   * even if the sum had just been finished. The listener is removed in every case.
   */
  signal?: AbortSignal | undefined;

  /**
   * At most this many threads work on the call at once: an integer from 1 to {@link threads}. Default: all of them.
   * The result does not depend on it.
   */
  threads?: number | undefined;
}

/**
 * The sum of the integers `0 <= i < num`, computed on the threads of the pool.
 *
 * The range is cut into one slice per participating thread. A slice has at least 65536 integers, so a short range stays
 * on one thread. The sum of a slice of consecutive integers has a closed form, computed in 128-bit integers: the time of
 * this function is the cost of a call, whatever `num` is. If a range sum is all you need, `num * (num - 1) / 2` is faster.
 *
 * @param num an integer from 0 to 2^53 - 1 as a number, or from 0n to 2n ** 64n - 1n as a bigint
 * @returns for a number, the exact sum rounded once to the nearest double (ties to even; never -0);
 * for a bigint, the exact sum. It never throws synchronously: every error is a rejection.
 *
 * @throws {AllcoresError} `ERR_INVALID_ARG_TYPE` (TypeError): `num` is neither a number nor a bigint, `options` is not an
 * object, `options.signal` is not an AbortSignal, `options.threads` is not a number
 * @throws {AllcoresError} `ERR_OUT_OF_RANGE` (RangeError): `num` is negative, fractional, NaN, infinite or too large;
 * `options.threads` is not an integer from 1 to `threads`
 * @throws {AllcoresError} `ABORT_ERR` (AbortError): `options.signal` was aborted before the promise settled
 * @throws {AllcoresError} `ERR_THREADS` (Error): the system let no thread start
 * @throws {AllcoresError} `ERR_INTERNAL` (Error): a bug in allcores, or no memory for the call; later calls work
 *
 * @example
 * await sumRange(10000); // 49995000
 * await sumRange(2n ** 64n - 1n); // 170141183460469231704017187605319778305n
 */
export function sumRange(num: number, options?: Options): Promise<number>;
export function sumRange(num: bigint, options?: Options): Promise<bigint>;

/**
 * The sum of the integers `0 <= i < num`, with the partial sums left in shared memory, where other threads can watch them.
 *
 * With L slots in `target`:
 *
 * - Slots 0 to L - 2 are the partial sums. Slot k gets the sum of the integers from `floor(num * k / (L - 1))` up to, not
 *   including, `floor(num * (k + 1) / (L - 1))`, by one sequentially consistent atomic store the moment it is known.
 *   `Atomics.load` on any thread sees it at once.
 * - Slot L - 1 is the request and the completion flag. It holds `num` while the sum runs, 0 when it is done, and -1 when it
 *   failed or was aborted. With `num`, the call writes it there before it returns; without, what the slot holds is `num`.
 *
 * On completion, in this order: the last partial sum is stored, slot L - 1 becomes 0, the calling thread runs
 * `Atomics.notify` on it, the promise resolves. So `Atomics.wait(view, L - 1, num)` on another thread wakes up. The calling
 * thread itself must not block in `Atomics.wait` there: waking it takes its own event loop.
 *
 * A partial sum takes a closed form in 128-bit integers: the time is proportional to L, not to `num`.
 *
 * @param target a SharedArrayBuffer, used as an Int32Array, or an Int32Array or BigInt64Array on one; at least 2 slots. A
 * view may start anywhere and cover any part of its buffer.
 * @param num an integer from 0 to 2^53 - 1 as a number, or from 0n to 2n ** 64n - 1n as a bigint, that fits slot L - 1.
 * Left out or undefined: the request that slot L - 1 holds (0 in a new buffer). The options may stand in its place.
 * @returns the total: a number for 32-bit slots, a bigint for BigInt64Array. When it settles, resolved or rejected, no
 * thread of allcores touches the buffer any more. It never throws synchronously: every error is a rejection.
 *
 * @throws {AllcoresError} `ERR_INVALID_ARG_TYPE` (TypeError): `target` is none of the above, `num` is neither a number nor
 * a bigint, `options` is not an object, `options.signal` is not an AbortSignal, `options.threads` is not a number
 * @throws {AllcoresError} `ERR_NOT_SHARED` (TypeError): `target` is an ArrayBuffer or a view on one
 * @throws {AllcoresError} `ERR_OUT_OF_RANGE` (RangeError): `num` is negative, fractional, NaN, infinite or too large; a
 * partial sum, the total or `num` does not fit its slot (nothing was written then; use a BigInt64Array); `target` has fewer
 * than 2 slots or is not a multiple of 4 bytes long; `options.threads` is not an integer from 1 to `threads`
 * @throws {AllcoresError} `ERR_BUFFER_BUSY` (Error): `target` overlaps the target of a call in flight (its promise is pending),
 * made by any thread of the process; that call is not disturbed
 * @throws {AllcoresError} `ABORT_ERR` (AbortError): `options.signal` was aborted before the promise settled; slot L - 1 is
 * -1 if the call had started
 * @throws {AllcoresError} `ERR_THREADS` (Error): the system let no thread start
 * @throws {AllcoresError} `ERR_INTERNAL` (Error): a bug in allcores, or no memory for the call; later calls work
 *
 * @example
 * const slots = new BigInt64Array(new SharedArrayBuffer(9 * 8)); // 8 partial sums and the flag
 * await sumIntoSharedBuffer(slots, 100_000); // 4999950000n
 * slots.reduce((a, b) => a + b); // 4999950000n: the flag is 0 by now
 */
export function sumIntoSharedBuffer<T extends SharedArrayBuffer | Int32Array>(
  target: T & Shareable<T>,
  num?: number | bigint,
  options?: Options,
): Promise<number>;
export function sumIntoSharedBuffer<T extends SharedArrayBuffer | Int32Array>(
  target: T & Shareable<T>,
  options?: Options,
): Promise<number>;
export function sumIntoSharedBuffer<T extends BigInt64Array>(
  target: T & Shareable<T>,
  num?: number | bigint,
  options?: Options,
): Promise<bigint>;
export function sumIntoSharedBuffer<T extends BigInt64Array>(
  target: T & Shareable<T>,
  options?: Options,
): Promise<bigint>;

/**
 * No restriction on a typed array that is, or may be, on a SharedArrayBuffer; a type that nothing has for one whose type
 * says that it is on an ArrayBuffer. `Int32Array` alone may be on either, and is let through: a call will tell.
 */
export type Shareable<V> = V extends { readonly buffer: infer B }
  ? SharedArrayBuffer extends B
    ? unknown
    : 'this typed array is on an ArrayBuffer; make it on a SharedArrayBuffer'
  : unknown;

/** What can be in the `code` of a rejection. The codes are stable; the messages are not. */
export type AllcoresErrorCode =
  | 'ERR_INVALID_ARG_TYPE'
  | 'ERR_OUT_OF_RANGE'
  | 'ERR_NOT_SHARED'
  | 'ERR_BUFFER_BUSY'
  | 'ABORT_ERR'
  | 'ERR_THREADS'
  | 'ERR_INTERNAL';

/**
 * The shape of every rejection: an Error (TypeError and RangeError where the table of a function says so) with a `code`.
 * This is a type only; there is no such class to import.
 *
 * @example
 * try {
 *   await sumRange(num, { signal: AbortSignal.timeout(100) });
 * } catch (error) {
 *   if ((error as AllcoresError).code !== 'ABORT_ERR') throw error;
 * }
 */
export interface AllcoresError extends Error {
  readonly code: AllcoresErrorCode;
  /** For `ABORT_ERR`: the `reason` of the signal. */
  cause?: unknown;
}

/** A Float16Array, described by its shape: not every `lib` has that class. */
export interface SharedFloat16Array {
  readonly [Symbol.toStringTag]: 'Float16Array';
  readonly BYTES_PER_ELEMENT: number;
  readonly buffer: ArrayBufferLike;
  readonly byteLength: number;
  readonly byteOffset: number;
  readonly length: number;
  [index: number]: number;
}

/** Every typed array of numbers; it must be on a SharedArrayBuffer. A Node `Buffer` on one is a Uint8Array. */
export type SharedNumberView =
  | Int8Array
  | Uint8Array
  | Uint8ClampedArray
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | SharedFloat16Array
  | Float32Array
  | Float64Array;

/** Every typed array of bigints; it must be on a SharedArrayBuffer. */
export type SharedBigIntView = BigInt64Array | BigUint64Array;

/**
 * The exact sum of the elements of a typed array on a SharedArrayBuffer, computed on the threads of the pool.
 *
 * The result does not depend on the number of threads or on the machine. Other threads may write to the array meanwhile:
 * each element is read once, and the result is the exact sum of the values that were read.
 *
 * The time is proportional to the length, divided among the threads. A view of up to 16 KiB is summed at once by the thread
 * that asks, unless there is a `signal`: a few microseconds, as long as handing it to another thread would take.
 *
 * @param view the elements to add up; a part of an array is `array.subarray(from, to)`
 * @returns for numbers, the exact sum rounded once to the nearest double: for float arrays the same value as
 * `Math.sumPrecise(view)`, including NaN, infinities and -0 (an empty float array sums to -0); for integer arrays never -0.
 * For bigints, the exact sum, of whatever size it needs. When it settles, resolved or rejected, no thread of allcores
 * touches the buffer any more. It never throws synchronously: every error is a rejection.
 *
 * @throws {AllcoresError} `ERR_INVALID_ARG_TYPE` (TypeError): `view` is not a typed array, `options` is not an object,
 * `options.signal` is not an AbortSignal, `options.threads` is not a number
 * @throws {AllcoresError} `ERR_NOT_SHARED` (TypeError): `view` is on an ArrayBuffer
 * @throws {AllcoresError} `ERR_OUT_OF_RANGE` (RangeError): `options.threads` is not an integer from 1 to `threads`
 * @throws {AllcoresError} `ABORT_ERR` (AbortError): `options.signal` was aborted before the promise settled
 * @throws {AllcoresError} `ERR_THREADS` (Error): the system let no thread start
 * @throws {AllcoresError} `ERR_INTERNAL` (Error): a bug in allcores, or no memory for the call; later calls work
 *
 * @example
 * const samples = new Float64Array(new SharedArrayBuffer(8 * 1_000_000)).fill(0.1);
 * await sum(samples); // 100000: the sum of a million doubles that are a little more than 0.1, rounded once
 */
export function sum<V extends SharedNumberView>(view: V & Shareable<V>, options?: Options): Promise<number>;
export function sum<V extends SharedBigIntView>(view: V & Shareable<V>, options?: Options): Promise<bigint>;
