// The public contract of allcores. Written by hand and checked by __test__/types.
//
// Each function has one signature, so that a mistake gets one message. TypeScript 5.9 and later refuse a typed array whose
// type says that it is on an ArrayBuffer, as do 5.7 and 5.8 with lib es2024 or later. With an older lib, 5.7 and 5.8 cannot
// tell the two kinds of buffer apart, and before 5.7 the type of a typed array does not name its buffer: there the call
// itself rejects, with ERR_NOT_SHARED.

declare global {
  // Merges with the declaration of @types/node or of the lib "dom"; without either, it keeps this file valid.
  interface AbortSignal {}
}

/**
 * The number of threads in the pool: one per CPU that the process may use (CPU affinity and the cgroup quota count), or the
 * value of the environment variable `ALLCORES_THREADS`. The first load of allcores in the process fixes it.
 *
 * The threads start with the first call, not at load.
 *
 * `ALLCORES_THREADS` must be an integer from 1 to 1024; an empty value counts as unset. With any other value
 * `require('allcores')` throws a `RangeError` with code `ERR_OUT_OF_RANGE`. Without a loadable binary it throws an `Error`
 * with code `ERR_NO_BINARY`.
 */
export const threads: number;

/** Options of every function. Each option is read once, when the function is called. */
export interface Options {
  /**
   * Cancels the call. If the signal is already aborted, nothing starts. If it is aborted while the promise is pending, the
   * threads stop within about a millisecond and the promise rejects with an `AbortError` (`code` 'ABORT_ERR', `cause` =
   * `signal.reason`), even if the sum has just been computed. All calls that one abort stops reject with the same error
   * object. The listener is always removed.
   */
  signal?: AbortSignal | undefined;

  /**
   * The maximum number of threads that work on the call at once, an integer from 1 to {@link threads}. The default is all
   * of them. The result does not depend on it.
   */
  threads?: number | undefined;
}

/**
 * The sum of the integers `0 <= i < num`, computed on the threads of the pool.
 *
 * The range is cut into one slice per participating thread. A slice has at least 65536 integers, so a short range stays
 * on one thread. The sum of a slice has a closed form, evaluated in 128-bit integers, so the call takes the same time for
 * every `num`. If a range sum is all you need, `num * (num - 1) / 2` is faster.
 *
 * @param num an integer from 0 to 2^53 - 1 as a number, or from 0n to 2n ** 64n - 1n as a bigint
 * @returns for a number, the exact sum rounded once to the nearest double (ties to even; never -0);
 * for a bigint, the exact sum. The function never throws synchronously: every error is a rejection.
 *
 * @throws {AllcoresError} `ERR_INVALID_ARG_TYPE` (TypeError): `num` is neither a number nor a bigint, `options` is not a
 * plain object, `options.signal` is not an AbortSignal, `options.threads` is not a number
 * @throws {AllcoresError} `ERR_OUT_OF_RANGE` (RangeError): `num` is negative, fractional, NaN, infinite or too large;
 * `options.threads` is not an integer from 1 to `threads`
 * @throws {AllcoresError} `ABORT_ERR` (AbortError): `options.signal` was aborted before the promise settled
 * @throws {AllcoresError} `ERR_THREADS` (Error): no thread could be started
 * @throws {AllcoresError} `ERR_INTERNAL` (Error): a bug in allcores, or no memory for the call; later calls still work
 *
 * @example
 * await sumRange(10000); // 49995000
 * await sumRange(2n ** 64n - 1n); // 170141183460469231704017187605319778305n
 */
export function sumRange<N extends number | bigint>(
  num: N,
  options?: Options,
): Promise<N extends bigint ? bigint : number>;

/**
 * The sum of the integers `0 <= i < num`, with the partial sums stored in shared memory, where other threads can watch them.
 *
 * With L slots in `target`:
 *
 * - Slots 0 to L - 2 are the partial sums. Slot k receives the sum of the integers from `floor(num * k / (L - 1))` up to,
 *   but not including, `floor(num * (k + 1) / (L - 1))`, by one sequentially consistent atomic store as soon as it is known.
 *   `Atomics.load` on any thread sees it.
 * - Slot L - 1 is the request and the completion flag. It holds `num` while the sum runs, 0 when it is done, and -1 when it
 *   failed or was aborted. With `num`, the call writes it there before it returns; without, `num` is what the slot holds.
 *
 * On completion, in this order: the last partial sum is stored, slot L - 1 becomes 0, the calling thread runs
 * `Atomics.notify` on it, and the promise resolves. So `Atomics.wait(view, L - 1, num)` on another thread wakes up. The
 * calling thread must not block in `Atomics.wait` there: its own event loop does the waking.
 *
 * A partial sum that does not fit its slot rejects before any byte has changed. The total has no slot: for Int32 slots it is
 * the exact total, rounded once to a number. `view.reduce((a, b) => a + b)` equals it below 2^53 (Int32) or 2^63 (BigInt64).
 *
 * A partial sum has a closed form: the time is proportional to L, not to `num`.
 *
 * @param target a SharedArrayBuffer, used as an Int32Array, or an Int32Array or BigInt64Array on one, with at least 2
 * slots. A view may start anywhere and cover any part of its buffer.
 * @param num an integer from 0 to 2^53 - 1 as a number, or from 0n to 2n ** 64n - 1n as a bigint, that fits slot L - 1.
 * If it is omitted or undefined, slot L - 1 holds the request (0 in a new buffer). A plain options object may stand in its
 * place; nothing else may. There, a property that is no option is refused, so that `{ num: 5 }` is not taken for options; in
 * `options` it is ignored.
 * @returns the total: a number for 32-bit slots, a bigint for BigInt64Array. Once the promise settles, resolved or rejected,
 * no thread of allcores touches the buffer. The function never throws synchronously: every error is a rejection.
 *
 * @throws {AllcoresError} `ERR_INVALID_ARG_TYPE` (TypeError): `target` is none of the above, `num` is neither a number nor
 * a bigint nor a plain options object, `options` is not a plain object, `options.signal` is not an AbortSignal,
 * `options.threads` is not a number
 * @throws {AllcoresError} `ERR_NOT_SHARED` (TypeError): `target` is an ArrayBuffer or a view on one
 * @throws {AllcoresError} `ERR_OUT_OF_RANGE` (RangeError): `num` is negative, fractional, NaN, infinite or too large; a
 * partial sum or `num` does not fit its slot (nothing has been written; use a BigInt64Array); `target` has fewer than 2
 * slots or its length is not a multiple of 4 bytes; `options.threads` is not an integer from 1 to `threads`
 * @throws {AllcoresError} `ERR_BUFFER_BUSY` (Error): `target` overlaps the target of a call in flight (its promise is
 * pending), made by any thread of the process; that call is not affected
 * @throws {AllcoresError} `ABORT_ERR` (AbortError): `options.signal` was aborted before the promise settled; slot L - 1 is
 * -1 if the call had started
 * @throws {AllcoresError} `ERR_THREADS` (Error): no thread could be started
 * @throws {AllcoresError} `ERR_INTERNAL` (Error): a bug in allcores, or no memory for the call; later calls still work
 *
 * @example
 * const slots = new BigInt64Array(new SharedArrayBuffer(9 * 8)); // 8 partial sums and the flag
 * await sumIntoSharedBuffer(slots, 100_000); // 4999950000n
 * slots.reduce((a, b) => a + b); // 4999950000n: the flag is 0 by now
 */
export function sumIntoSharedBuffer<T extends SharedSlots, B extends AsView<T>['buffer'] = SharedArrayBuffer>(
  target: OnSharedBuffer<T, B>,
  num?: number | bigint | Options,
  options?: Options,
): Promise<T extends BigInt64Array ? bigint : number>;

/** What `sumIntoSharedBuffer` takes as its target. A typed array must be on a SharedArrayBuffer. */
export type SharedSlots = SharedArrayBuffer | Int32Array | BigInt64Array;

/** A type that has a `buffer`: a SharedArrayBuffer is its own. */
export type AsView<T> = T extends SharedArrayBuffer ? { readonly buffer: SharedArrayBuffer } : T;

/**
 * `V`, unless its type says that it is on an ArrayBuffer: then a type that no array has, and that says what to do.
 *
 * `B` is SharedArrayBuffer where the buffer of `V` can be one, and the type of that buffer otherwise. The signatures get it
 * from a type parameter whose default the compiler drops when it does not satisfy its constraint. A conditional type on `V`
 * itself would stay unresolved for a type parameter of the caller's, and refuse it.
 */
export type OnSharedBuffer<V, B> = SharedArrayBuffer extends B
  ? V
  : 'this typed array is on an ArrayBuffer: make it on a SharedArrayBuffer. For shared WebAssembly memory, write memory.buffer as ArrayBufferLike';

/**
 * The possible values of `code`. `require('allcores')` throws ERR_NO_BINARY and ERR_OUT_OF_RANGE; the others are those of
 * rejections. The codes are stable; the messages are not.
 */
export type AllcoresErrorCode =
  | 'ERR_INVALID_ARG_TYPE'
  | 'ERR_OUT_OF_RANGE'
  | 'ERR_NOT_SHARED'
  | 'ERR_BUFFER_BUSY'
  | 'ABORT_ERR'
  | 'ERR_THREADS'
  | 'ERR_NO_BINARY'
  | 'ERR_INTERNAL';

/**
 * The shape of every rejection: an Error (a TypeError or RangeError where the documentation of a function says so) with a
 * `code`. It is an error of the realm that loaded the package. This is only a type; there is no such class to import.
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

/** A Float16Array, described by its shape, since not every `lib` has that class. */
export interface SharedFloat16Array {
  readonly [Symbol.toStringTag]: 'Float16Array';
  readonly BYTES_PER_ELEMENT: number;
  readonly buffer: ArrayBufferLike;
  readonly byteLength: number;
  readonly byteOffset: number;
  readonly length: number;
  [index: number]: number;
}

/** Every typed array of numbers. It must be on a SharedArrayBuffer. A Node `Buffer` on one is a Uint8Array. */
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

/** Every typed array of bigints. It must be on a SharedArrayBuffer. */
export type SharedBigIntView = BigInt64Array | BigUint64Array;

/** What `sum` takes. */
export type SharedView = SharedNumberView | SharedBigIntView;

/**
 * The exact sum of the elements of a typed array on a SharedArrayBuffer, computed on the threads of the pool.
 *
 * The result does not depend on the number of threads or on the machine. Other threads may write to the array meanwhile:
 * each element is read once, and the result is the exact sum of the values read.
 *
 * The time is proportional to the length, divided among the threads. The calling thread sums a view of up to 16 KiB itself,
 * unless there is a `signal`: that takes a few microseconds, as long as handing it to another thread.
 *
 * @param view the elements to sum; for a part of an array, pass `array.subarray(from, to)`
 * @returns for numbers, the exact sum rounded once to the nearest double: for float arrays the same value as
 * `Math.sumPrecise(view)`, including NaN, infinities and -0 (an empty float array sums to -0); for integer arrays never -0.
 * For bigints, the exact sum, of any size. Once the promise settles, resolved or rejected, no thread of allcores touches the
 * buffer. The function never throws synchronously: every error is a rejection.
 *
 * @throws {AllcoresError} `ERR_INVALID_ARG_TYPE` (TypeError): `view` is not a typed array, `options` is not a plain object,
 * `options.signal` is not an AbortSignal, `options.threads` is not a number
 * @throws {AllcoresError} `ERR_NOT_SHARED` (TypeError): `view` is on an ArrayBuffer
 * @throws {AllcoresError} `ERR_OUT_OF_RANGE` (RangeError): `options.threads` is not an integer from 1 to `threads`
 * @throws {AllcoresError} `ABORT_ERR` (AbortError): `options.signal` was aborted before the promise settled
 * @throws {AllcoresError} `ERR_THREADS` (Error): no thread could be started
 * @throws {AllcoresError} `ERR_INTERNAL` (Error): a bug in allcores, or no memory for the call; later calls still work
 *
 * @example
 * const samples = new Float64Array(new SharedArrayBuffer(8 * 1_000_000)).fill(0.1);
 * await sum(samples); // 100000: the sum of a million doubles that are a little more than 0.1, rounded once
 */
export function sum<V extends SharedView, B extends V['buffer'] = SharedArrayBuffer>(
  view: OnSharedBuffer<V, B>,
  options?: Options,
): Promise<V[number]>;
