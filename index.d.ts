// The public contract of allcores. Written by hand and checked by __test__/types.
//
// Each function has one signature, so that a mistake gets one message. TypeScript 5.9 and later refuse a typed array whose
// type says that it is on an ArrayBuffer, as do 5.7 and 5.8 with lib es2024 or later. With an older lib, 5.7 and 5.8 cannot
// tell the two kinds of buffer apart, and before 5.7 the type of a typed array does not name its buffer: there the call
// itself rejects, with ERR_NOT_SHARED.
//
// A loop body is a type parameter of its own, `F`, which the other parameters are not inferred from: `D`, the type of `data`,
// comes from the options alone, and the types of the body's parameters come from there. Without a body, `F` includes NoBody.

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

/** Options of every call. Each option is read once, when the function is called. */
export interface Options {
  /**
   * Cancels the call. If the signal is already aborted, nothing starts. If it is aborted while the promise is pending, the
   * threads stop within about a millisecond and the promise rejects with an `AbortError` (`code` 'ABORT_ERR', `cause` =
   * `signal.reason`), even if the result has just been computed. All calls that one abort stops reject with the same error
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
 * What a property of `data` may be: a number, a boolean, a typed array of numbers, an array of numbers (or of such arrays, all of
 * one length), a plain object of these, an array of plain objects that have the same properties of the same kinds, a helper function,
 * or undefined, which counts as absent. What else an `object` may be is refused where the body uses it.
 */
export type DataValue = number | boolean | object | undefined;

/**
 * The constraint of a type of `data`: each property is a {@link DataValue}. A function of your own that takes a body with its
 * data is `<D extends Data<D>>(body: Body<D>, data: D) => ...`.
 */
export type Data<D> = object & { readonly [K in keyof D]: DataValue } & NamedData;

/** What tells `data` from an array or a function, which it would have to hold under a name. */
export interface NamedData {
  readonly [Symbol.iterator]?: 'give the array a name: { data: { array } }';
  readonly [Symbol.hasInstance]?: 'give the function a name: { data: { name: it } }';
}

/**
 * The body of a loop over a range: `(i, data) => value`. `R` is what it returns, and `I` has a number for each dimension:
 * `Body<Params, number, [number, number]>` is `(i, j, data) => number`.
 */
export type Body<D = object, R = number | boolean, I extends readonly unknown[] = [i: number]> = (
  ...args: [...indices: { [K in keyof I]: number }, data: D]
) => R;

/**
 * What the body of `forRange` may return; nobody looks at it. A promise is none of it: a body cannot wait.
 */
// biome-ignore lint/suspicious/noConfusingVoidType: void alone takes promises
export type Unused = void | number | boolean;

/** In the place of what a body returns, where it is called with bigints. Nothing is of this type. */
export type NoBodyForBigInts =
  'a body computes with numbers, and these are bigints: share(Float64Array.from(view, Number)) has numbers';

/** The same, if it is called with elements of type `N`. */
export type TermOf<N> = number extends N ? number | boolean : NoBodyForBigInts;

/** The body of a loop over the elements of an array: `(x, i, data) => value`. */
export type ElementBody<D = object, R = number | boolean, X = number> = (x: X, i: number, data: D) => R;

/** The indices of a loop with these counts; of one with a single number, which is no list of counts, one. */
export type IndicesOf<I extends Counts> = [I] extends [never] ? [i: number] : I;

/** The numbers of turns of two or three loops in each other. */
export type Counts =
  | readonly [n0: number | bigint, n1: number | bigint]
  | readonly [n0: number | bigint, n1: number | bigint, n2: number | bigint];

/** The options of a loop with these counts: only one with a single number begins elsewhere than at 0. */
export type LoopOptions<I extends Counts, D> = [I] extends [never] ? RangeOptions<D> : BodyOptions<D>;

/** How far a call has come, in turns of its loop. */
export interface Progress {
  readonly done: number;
  readonly total: number;
}

/** Options of a call with a body. */
export interface BodyOptions<D = object> extends Options {
  /**
   * What the body gets as its last parameter, and what it finds under the names that it takes from its surroundings. Read once,
   * when the function is called: numbers, booleans, arrays and functions as they are then. Typed arrays on shared memory are
   * used in place; other arrays are copied, and are constants to the body. See docs/bodies.md.
   */
  data?: D | undefined;

  /**
   * By default every function of `Math` has the bits that it has in this JavaScript engine. `'portable'`: those of V8 on x64, on
   * every machine and runtime.
   */
  math?: 'portable' | undefined;

  /**
   * Called at most some ten times a second while the call runs, on the thread that made it, and once more with
   * `done === total` before the promise resolves. `done` never falls.
   */
  onProgress?: ((progress: Progress) => void) | undefined;
}

/** Options of a loop over a range, with a body. */
export interface RangeOptions<D = object> extends BodyOptions<D> {
  /** The first index, an integer >= 0; 0 by default. The body runs for `from <= i < num`. Only with one dimension. */
  from?: number | bigint | undefined;
}

/** Options of `map`. `W` is the type of `into`, and `C` that of the class of the result. */
export interface MapOptions<D = object, W = SharedNumberView, C = never> extends BodyOptions<D> {
  /**
   * Where the results go: a typed array of numbers on a SharedArrayBuffer, as long as the view, of any type. It may be the view
   * itself.
   */
  into?: W | undefined;

  /** The class of the result, where there is no `into`: `Float32Array`, for example. By default that of the view. */
  type?: C | undefined;
}

/** `W`, which is not inferred from what is made of the result. */
export type Fixed<W> = [W][W extends unknown ? 0 : never];

/** `C`, or with `into` a type that no class has, and that says what to do. */
export type ClassBeside<W, C> = [W] extends [never]
  ? C
  : 'leave out type: the results go to options.into, which has a class';

/** A class of typed arrays, by its prototype: `typeof Float64Array`, for example. */
export interface TypedArrayClass<V extends SharedView = SharedView> {
  readonly prototype: V;
  readonly BYTES_PER_ELEMENT: number;
}

/** Any body, to tell whether there is one. */
export type AnyBody = (...args: never) => unknown;

/** In the place of the type of a body where there is none. Nothing is of this type. */
export interface NoBody {
  readonly none: never;
}

/**
 * The sum of `body(i, data)` for `0 <= i < num`, on the threads of the pool; without a body, the sum of the integers themselves.
 *
 * **With a body** the terms are what the function would have returned in this engine, bit for bit. Their sum is exact, and
 * rounded once; it does not depend on the number of threads. A boolean counts as 1 or 0. With `[n0, n1]` or `[n0, n1, n2]` the
 * body is called for each pair or triple of indices below these, the last of which runs fastest. docs/bodies.md says what a body
 * may use. The first call of a body compiles it and compares it with the function at up to 64 indices.
 *
 * **Without one** the sum has a closed form, evaluated in 128-bit integers: the call takes the same time for every `num`. If
 * that is all you need, `num * (num - 1) / 2` is faster.
 *
 * @param num an integer from 0 to 2^53 - 1 as a number, or from 0n to 2n ** 64n - 1n as a bigint (with a body up to 2^53 - 1
 * too); or two or three of them, with a product of at most 2^53 - 1, and a body
 * @param body a function that returns a number or a boolean on every path
 * @param options `signal` and `threads`; with a body also `data`, `math`, `onProgress`, and `from`
 * @returns for a bigint without a body, the exact sum; otherwise the exact sum rounded once to the nearest double (ties to
 * even; never -0). The function never throws synchronously: every error is a rejection.
 *
 * @throws {AllcoresError} `ERR_INVALID_ARG_TYPE` (TypeError): an argument or option is of the wrong type
 * @throws {AllcoresError} `ERR_OUT_OF_RANGE` (RangeError): `num` or `options.from` is negative, fractional, NaN, infinite or too
 * large; `options.threads` is not an integer from 1 to `threads`; the body left an array of its own, or a row of a table
 * @throws {AllcoresError} `ERR_UNSUPPORTED` (SyntaxError): the body uses what cannot be compiled; `line`, `column`, `snippet`
 * @throws {AllcoresError} `ERR_DIFFERS` (Error): the compiled body and the function disagree; `index`, `expected`, `actual`
 * @throws {AllcoresError} `ABORT_ERR` (AbortError): `options.signal` was aborted before the promise settled
 * @throws {AllcoresError} `ERR_THREADS` (Error): no thread could be started
 * @throws {AllcoresError} `ERR_INTERNAL` (Error): a bug in allcores, or no memory for the call; later calls still work
 *
 * @example
 * const step = 1e-6;
 * await sumRange(1e6, (i, { step }) => 4 / (1 + ((i + 0.5) * step) ** 2), { data: { step } }); // 3141592.653589...
 * await sumRange(10000); // 49995000
 * await sumRange(2n ** 64n - 1n); // 170141183460469231704017187605319778305n
 */
export function sumRange<
  N extends number | bigint,
  const I extends Counts = never,
  D extends Data<D> = object,
  F extends Body<D, number | boolean, IndicesOf<I>> | NoBody =
    | Body<D, number | boolean, IndicesOf<I>>
    | NoBody,
>(
  num: N | readonly [...I],
  body?: F | Options,
  options?: LoopOptions<I, D>,
): Promise<[F] extends [AnyBody] ? number : N extends bigint ? bigint : number>;

/**
 * The same sum as that of {@link sumRange}, with the partial sums stored in shared memory, where other threads can watch them.
 *
 * With L slots in `target`:
 *
 * - Slots 0 to L - 2 are the partial sums. Slot k receives the sum over the indices from `floor(num * k / (L - 1))` up to,
 *   but not including, `floor(num * (k + 1) / (L - 1))`, by one sequentially consistent atomic store as soon as it is known.
 *   `Atomics.load` on any thread sees it. With `options.from` it is the `num - from` indices from there on that are cut so.
 * - Slot L - 1 is the request and the completion flag. It holds `num` while the sum runs, 0 when it is done, and -1 when it
 *   failed or was aborted. With `num`, the call writes it there before it returns; without, `num` is what the slot holds.
 *
 * On completion, in this order: the last partial sum is stored, slot L - 1 becomes 0, the calling thread runs
 * `Atomics.notify` on it, and the promise resolves. So `Atomics.wait(view, L - 1, num)` on another thread wakes up. The
 * calling thread must not block in `Atomics.wait` there: its own event loop does the waking.
 *
 * A partial sum that does not fit its slot rejects before any byte has changed. With a body that is known only when the sum is:
 * then slots may have been written, and slot L - 1 is -1. A partial sum with a fraction fits no slot. The total has no slot: for
 * Int32 slots it is the exact total, rounded once to a number. `view.reduce((a, b) => a + b)` equals it below 2^53 (Int32) or
 * 2^63 (BigInt64).
 *
 * Without a body, a partial sum has a closed form: the time is proportional to L, not to `num`.
 *
 * @param target a SharedArrayBuffer, used as an Int32Array, or an Int32Array or BigInt64Array on one, with at least 2
 * slots. A view may start anywhere and cover any part of its buffer.
 * @param num an integer from 0 to 2^53 - 1 as a number, or from 0n to 2n ** 64n - 1n as a bigint, that fits slot L - 1.
 * If it is omitted or undefined, slot L - 1 holds the request (0 in a new buffer). A plain options object may stand in its
 * place; nothing else may. There, a property that is no option is refused, so that `{ num: 5 }` is not taken for options; in
 * `options` it is ignored. With a body it is at most 2^53 - 1, and `undefined` is written where the slot holds it.
 * @param body a function that returns a number or a boolean, as in {@link sumRange}
 * @param options `signal` and `threads`; with a body also `data`, `math`, `onProgress`, and `from`
 * @returns the total: a number for 32-bit slots, a bigint for BigInt64Array. Once the promise settles, resolved or rejected,
 * no thread of allcores touches the buffer. The function never throws synchronously: every error is a rejection.
 *
 * @throws {AllcoresError} `ERR_INVALID_ARG_TYPE` (TypeError): `target` is none of the above, `num` is neither a number nor
 * a bigint nor a plain options object, `options` is not a plain object, `options.signal` is not an AbortSignal,
 * `options.threads` is not a number
 * @throws {AllcoresError} `ERR_NOT_SHARED` (TypeError): `target` is an ArrayBuffer or a view on one
 * @throws {AllcoresError} `ERR_OUT_OF_RANGE` (RangeError): `num` is negative, fractional, NaN, infinite or too large; a
 * partial sum or `num` does not fit its slot (use a BigInt64Array); `target` has fewer than 2 slots or its length is not a
 * multiple of 4 bytes; `options.threads` is not an integer from 1 to `threads`; as in {@link sumRange}
 * @throws {AllcoresError} `ERR_UNSUPPORTED`, `ERR_DIFFERS`: as in {@link sumRange}; nothing has been written
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
 * await sumIntoSharedBuffer(slots, 100_000, (i) => i % 3 === 0); // 33334n
 */
export function sumIntoSharedBuffer<
  T extends SharedSlots,
  B extends AsView<T>['buffer'] = SharedArrayBuffer,
  D extends Data<D> = object,
  F extends Body<D> | NoBody = Body<D> | NoBody,
>(
  target: OnSharedBuffer<T, B>,
  num?: number | bigint | Options,
  body?: F | Options,
  options?: RangeOptions<D>,
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
  | 'ERR_UNSUPPORTED'
  | 'ERR_DIFFERS'
  | 'ABORT_ERR'
  | 'ERR_THREADS'
  | 'ERR_NO_BINARY'
  | 'ERR_INTERNAL';

/**
 * The shape of every rejection: an Error (a TypeError, RangeError or SyntaxError where the documentation of a function says so)
 * with a `code`. It is an error of the realm that loaded the package. This is only a type; there is no such class to import.
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
  /** For `ABORT_ERR`: the `reason` of the signal. For `ERR_DIFFERS`: what the function has thrown, if it has. */
  cause?: unknown;
  /** For `ERR_UNSUPPORTED`: where in the source of the function, both from 1, and that line with carets below. */
  readonly line?: number | undefined;
  readonly column?: number | undefined;
  readonly snippet?: string | undefined;
  /** For `ERR_DIFFERS`: the index, or the indices, what the function makes of it, and what its compiled form does. */
  readonly index?: number | readonly number[];
  readonly expected?: unknown;
  readonly actual?: unknown;
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
 * The exact sum of `body(x, i, data)` over the elements of a typed array on a SharedArrayBuffer, on the threads of the pool;
 * without a body, of the elements themselves.
 *
 * The result does not depend on the number of threads or on the machine. Other threads may write to the array meanwhile:
 * each element is read once, and the result is the exact sum of the values read.
 *
 * The time is proportional to the length, divided among the threads. Without a body, the calling thread sums a view of up to
 * 64 KiB itself, unless there is a `signal`: that takes a few microseconds, less than to wait for another thread.
 *
 * @param view the elements to sum; for a part of an array, pass `array.subarray(from, to)`. With a body, an array of numbers
 * @param body a function that returns a number or a boolean, as in {@link sumRange}, but is called with an element and its index
 * @param options `signal` and `threads`; with a body also `data`, `math`, `onProgress`
 * @returns for numbers, the exact sum rounded once to the nearest double: without a body, for float arrays the same value as
 * `Math.sumPrecise(view)`, including NaN, infinities and -0 (an empty float array sums to -0); for integer arrays, and with a body, never -0.
 * For bigints, the exact sum, of any size. Once the promise settles, resolved or rejected, no thread of allcores touches the
 * buffer. The function never throws synchronously: every error is a rejection.
 *
 * @throws {AllcoresError} `ERR_INVALID_ARG_TYPE` (TypeError): `view` is not a typed array, or holds bigints and there is a body;
 * another argument or option is of the wrong type
 * @throws {AllcoresError} `ERR_NOT_SHARED` (TypeError): `view` is on an ArrayBuffer
 * @throws {AllcoresError} `ERR_OUT_OF_RANGE` (RangeError): `options.threads` is not an integer from 1 to `threads`; the body left
 * an array of its own, or a row of a table
 * @throws {AllcoresError} `ERR_UNSUPPORTED`, `ERR_DIFFERS`: as in {@link sumRange}
 * @throws {AllcoresError} `ABORT_ERR` (AbortError): `options.signal` was aborted before the promise settled
 * @throws {AllcoresError} `ERR_THREADS` (Error): no thread could be started
 * @throws {AllcoresError} `ERR_INTERNAL` (Error): a bug in allcores, or no memory for the call; later calls still work
 *
 * @example
 * const samples = new Float64Array(new SharedArrayBuffer(8 * 1_000_000)).fill(0.1);
 * await sum(samples); // 100000: the sum of a million doubles that are a little more than 0.1, rounded once
 * await sum(samples, (x, i, { mean }) => (x - mean) ** 2, { data: { mean: 0.5 } }); // 160000.00000000003
 */
export function sum<
  V extends SharedView,
  B extends V['buffer'] = SharedArrayBuffer,
  N extends V[number] = number,
  D extends Data<D> = object,
  F extends ElementBody<D, TermOf<N>, V[number]> | NoBody = ElementBody<D, TermOf<N>, V[number]> | NoBody,
>(
  view: OnSharedBuffer<V, B>,
  body?: F | Options,
  options?: BodyOptions<D>,
): Promise<[F] extends [AnyBody] ? number : V[number]>;

/** What a reduction runs over: a typed array, or a range, which needs a body. */
export type Source = SharedView | number | bigint | Counts;

/** A type that has a `buffer`: a range is on no ArrayBuffer. */
export type AsBuffered<S> = S extends number | bigint | Counts ? { readonly buffer: SharedArrayBuffer } : S;

/** The buffer of `W`; of no array at all a shared one. */
export type BufferOf<W extends SharedView> = [W] extends [never]
  ? SharedArrayBuffer
  : AsBuffered<W>['buffer'];

/**
 * What follows a source: for a range the body, `(source, body, options)`; for a typed array nothing need, and without a body the options
 * may stand in its place.
 */
export interface AfterSource<F, O, R extends O, P = Options> {
  range: [body: F, options?: R | undefined];
  grid: [body: F, options?: O | undefined];
  view: [body?: F | P | undefined, options?: O | undefined];
}

/** Which of these. For a type parameter of the caller's, TypeScript finds it by its constraint. */
export type SourceKind<S> = S extends number | bigint ? 'range' : S extends Counts ? 'grid' : 'view';

/** The options of a loop over `S`: only a range of one dimension begins elsewhere than at 0. */
export type OptionsFor<S, D> = S extends number | bigint ? RangeOptions<D> : BodyOptions<D>;

/** `T` with a body of type `F`, and `U` without one: then there may be nothing to infer `F` from. */
export type ByBody<F, T, U> = [F] extends [never] ? U : [F] extends [AnyBody] ? T : U;

/** The body of a loop over `S`. */
export type BodyFor<S, D, R = number | boolean> = S extends SharedBigIntView
  ? ElementBody<D, NoBodyForBigInts, bigint>
  : S extends SharedNumberView
    ? ElementBody<D, R>
    : Body<D, R, S extends Counts ? S : [i: number]>;

/** An element of `S`, if it is a typed array. */
export type ElementOf<S> = S extends SharedView ? S[number] : never;

/** What an index of `S` is: a number, or one for each dimension. */
export type IndexOf<S> = S extends Counts ? { -readonly [K in keyof S]: number } : number;

/**
 * The least element of a typed array on a SharedArrayBuffer, or the least value of `body` for its elements, or for a range: as
 * `Math.min` has it. NaN is the least of all, and -0 is less than 0.
 *
 * Without a body the time is that of reading the memory once. Other threads may write to the array meanwhile: each element is
 * read once.
 *
 * @param source the elements, on the threads of the pool: a typed array on a SharedArrayBuffer. Or, with a body, a typed array
 * of numbers, or a range: an integer from 0 to 2^53 - 1, or two or three of them with a product of at most that
 * @param body a function that returns a number or a boolean (which counts as 1 or 0): called as that of {@link sum} for a typed
 * array, and as that of {@link sumRange} for a range
 * @param after the body, if there is one, and the options: `signal` and `threads`; with a body also `data`, `math`, `onProgress`, and
 * `from` for a range of one dimension
 * @returns the least, `Infinity` for none; for bigints without a body a bigint. Once the promise settles, resolved or rejected, no
 * thread of allcores touches the memory. The function never throws synchronously: every error is a rejection.
 *
 * @throws {AllcoresError} `ERR_INVALID_ARG_TYPE` (TypeError): an argument or option is of the wrong type; `source` holds bigints and
 * there is a body
 * @throws {AllcoresError} `ERR_NOT_SHARED` (TypeError): `source` is on an ArrayBuffer
 * @throws {AllcoresError} `ERR_OUT_OF_RANGE` (RangeError): `source` holds bigints and is empty: no bigint is infinite; as in
 * {@link sumRange}
 * @throws {AllcoresError} `ERR_UNSUPPORTED`, `ERR_DIFFERS`, `ABORT_ERR`, `ERR_THREADS`, `ERR_INTERNAL`: as in {@link sumRange}
 *
 * @example
 * const samples = new Float64Array(new SharedArrayBuffer(8 * 1_000_000)).fill(0.1);
 * await min(samples); // 0.1
 * await min(samples, (x, i) => x - i); // -999998.9
 * await min([640, 480], (x, y) => Math.hypot(x - 320, y - 240)); // 0
 */
export function min<
  const S extends Source,
  B extends AsBuffered<S>['buffer'] = SharedArrayBuffer,
  D extends Data<D> = object,
  F extends BodyFor<S, D> | NoBody = BodyFor<S, D> | NoBody,
>(
  source: OnSharedBuffer<S, B>,
  ...after: AfterSource<F, BodyOptions<D>, RangeOptions<D>>[SourceKind<S>]
): Promise<ByBody<F, number, ElementOf<S>>>;

/**
 * The greatest element or value, as `Math.max` has it: NaN is the greatest of all, and 0 is greater than -0. Of none it is
 * `-Infinity`. In all else like {@link min}.
 *
 * @example
 * await max(1e6, (i) => Math.sin(i)); // 0.9999999999...
 */
export function max<
  const S extends Source,
  B extends AsBuffered<S>['buffer'] = SharedArrayBuffer,
  D extends Data<D> = object,
  F extends BodyFor<S, D> | NoBody = BodyFor<S, D> | NoBody,
>(
  source: OnSharedBuffer<S, B>,
  ...after: AfterSource<F, BodyOptions<D>, RangeOptions<D>>[SourceKind<S>]
): Promise<ByBody<F, number, ElementOf<S>>>;

/**
 * The lowest index of the least element, or of the least value of `body`. What is least is as in {@link min}: of NaN the lowest, if
 * there is one, and -0 before 0.
 *
 * @param source as in {@link min}
 * @param body as in {@link min}
 * @returns the index that the body is called with; -1 for none. Over two or three dimensions an array of the indices, each -1 for
 * none. If other threads write to the array meanwhile, it is an index of the array all the same.
 *
 * @throws {AllcoresError} as in {@link min}; an empty array of bigints has the index -1
 *
 * @example
 * await argMin(100, (i) => (i - 42) ** 2); // 42
 * const [x, y] = await argMin([640, 480], (x, y) => Math.hypot(x - 320, y - 240)); // 320, 240
 */
export function argMin<
  const S extends Source,
  B extends AsBuffered<S>['buffer'] = SharedArrayBuffer,
  D extends Data<D> = object,
  F extends BodyFor<S, D> | NoBody = BodyFor<S, D> | NoBody,
>(
  source: OnSharedBuffer<S, B>,
  ...after: AfterSource<F, BodyOptions<D>, RangeOptions<D>>[SourceKind<S>]
): Promise<ByBody<F, IndexOf<S>, number>>;

/**
 * The lowest index of the greatest element, or of the greatest value of `body`. In all else like {@link argMin}.
 *
 * @example
 * await argMax(100, (i) => i % 10); // 9
 */
export function argMax<
  const S extends Source,
  B extends AsBuffered<S>['buffer'] = SharedArrayBuffer,
  D extends Data<D> = object,
  F extends BodyFor<S, D> | NoBody = BodyFor<S, D> | NoBody,
>(
  source: OnSharedBuffer<S, B>,
  ...after: AfterSource<F, BodyOptions<D>, RangeOptions<D>>[SourceKind<S>]
): Promise<ByBody<F, IndexOf<S>, number>>;

/**
 * How many elements of a typed array on a SharedArrayBuffer, or indices of a range, `predicate` holds for.
 *
 * @param source a typed array of numbers on a SharedArrayBuffer, or a range, as in {@link min}
 * @param predicate a function that returns a boolean, or a number, of which 0, -0 and NaN do not hold: called as that of
 * {@link sum} for a typed array, and as that of {@link sumRange} for a range
 * @param options `signal`, `threads`, `data`, `math`, `onProgress`, and `from` for a range of one dimension
 *
 * @throws {AllcoresError} `ERR_INVALID_ARG_TYPE`, `ERR_NOT_SHARED`, `ERR_OUT_OF_RANGE`, `ERR_UNSUPPORTED`, `ERR_DIFFERS`,
 * `ABORT_ERR`, `ERR_THREADS`, `ERR_INTERNAL`: as in {@link min}
 *
 * @example
 * await count(1000, (i) => i % 3 === 0); // 334
 */
export function count<
  const S extends Source,
  B extends AsBuffered<S>['buffer'] = SharedArrayBuffer,
  D extends Data<D> = object,
  F extends BodyFor<S, D> = BodyFor<S, D>,
>(source: OnSharedBuffer<S, B>, predicate: F, options?: OptionsFor<S, D>): Promise<number>;

/**
 * The lowest index for which `predicate` holds. The threads stop as soon as no lower index can be found; by then `predicate` may have
 * run for some that are higher, and what it has stored for them stays.
 *
 * @param source as in {@link count}
 * @param predicate as in {@link count}
 * @returns the index that `predicate` is called with; -1 if it holds for none. Over two or three dimensions an array of the indices,
 * each -1 if there are none. The first is the one that a loop would find, in which the last index runs fastest.
 *
 * @throws {AllcoresError} as in {@link count}. Where `predicate` is refused while it runs (`ERR_OUT_OF_RANGE`), that may be for an
 * index above the lowest.
 *
 * @example
 * await findIndex(1e9, (i) => i * i > 2e6); // 1415
 * const [i, j] = await findIndex([100, 100], (i, j) => i * j === 4087); // 61, 67
 */
export function findIndex<
  const S extends Source,
  B extends AsBuffered<S>['buffer'] = SharedArrayBuffer,
  D extends Data<D> = object,
  F extends BodyFor<S, D> = BodyFor<S, D>,
>(source: OnSharedBuffer<S, B>, predicate: F, options?: OptionsFor<S, D>): Promise<IndexOf<S>>;

/**
 * The arithmetic mean of the elements of a typed array on a SharedArrayBuffer, or of what `body` returns for its elements or for a
 * range: the exact sum, divided by the number of terms, rounded once to the nearest double.
 *
 * It does not depend on the number of threads or on the machine, and no sum on the way overflows or loses a bit.
 *
 * @param source as in {@link min}
 * @param body as in {@link min}
 * @returns the mean, a number for bigints too; NaN for none, and where there is a NaN or infinities of both signs, else an infinity if there is one
 *
 * @throws {AllcoresError} as in {@link min}; there is a mean of an empty array of bigints, NaN
 *
 * @example
 * await mean(10, (i) => i); // 4.5
 */
export function mean<
  const S extends Source,
  B extends AsBuffered<S>['buffer'] = SharedArrayBuffer,
  D extends Data<D> = object,
  F extends BodyFor<S, D> | NoBody = BodyFor<S, D> | NoBody,
>(
  source: OnSharedBuffer<S, B>,
  ...after: AfterSource<F, BodyOptions<D>, RangeOptions<D>>[SourceKind<S>]
): Promise<number>;

/** What a variance has besides. */
export interface Ddof {
  /** What is taken off the number of terms in the divisor: 1 for the variance of a sample. An integer from 0, which is the default. */
  ddof?: number | undefined;
}

/**
 * The variance, (n Σx² - (Σx)²) / (n (n - ddof)): the exact value, rounded once to the nearest double. Equal numbers have the variance 0,
 * whatever their size, and adding the same to all of them changes nothing, if that is exact. In all else like {@link mean}.
 *
 * @param source as in {@link min}
 * @param body as in {@link min}; each term is computed once
 * @returns the variance; NaN if there are no more than `ddof` terms, or if one of them is not finite
 *
 * @throws {AllcoresError} as in {@link mean}; `ERR_OUT_OF_RANGE` (RangeError): `options.ddof` is not an integer from 0 to 2^53 - 1
 *
 * @example
 * await variance(6, (i) => i, { ddof: 1 }); // 3.5
 */
export function variance<
  const S extends Source,
  B extends AsBuffered<S>['buffer'] = SharedArrayBuffer,
  D extends Data<D> = object,
  F extends BodyFor<S, D> | NoBody = BodyFor<S, D> | NoBody,
>(
  source: OnSharedBuffer<S, B>,
  ...after: AfterSource<F, BodyOptions<D> & Ddof, RangeOptions<D> & Ddof, Options & Ddof>[SourceKind<S>]
): Promise<number>;

/**
 * The Euclidean norm, the square root of Σx²: the exact value, rounded once to the nearest double. Squares neither overflow nor
 * underflow on the way. In all else like {@link mean}.
 *
 * @param source as in {@link min}
 * @param body as in {@link min}
 * @returns the norm; 0 for none, NaN where there is a NaN, else Infinity if there is an infinity
 *
 * @throws {AllcoresError} as in {@link mean}
 *
 * @example
 * await norm(2, (i) => 3 + i); // 5
 */
export function norm<
  const S extends Source,
  B extends AsBuffered<S>['buffer'] = SharedArrayBuffer,
  D extends Data<D> = object,
  F extends BodyFor<S, D> | NoBody = BodyFor<S, D> | NoBody,
>(
  source: OnSharedBuffer<S, B>,
  ...after: AfterSource<F, BodyOptions<D>, RangeOptions<D>>[SourceKind<S>]
): Promise<number>;

/** What has products with the elements of `V`. */
export type Factor<V> = V extends SharedBigIntView ? SharedBigIntView : SharedNumberView;

/**
 * The dot product of two typed arrays on SharedArrayBuffers, the sum of the products of their elements, pair by pair: the exact value,
 * rounded once to the nearest double; for bigints the exact value, of any size. Products that overflow, but cancel, count like any
 * others.
 *
 * There is no body: the sum of what a function makes of two arrays is {@link sum} of one with the other in `data`.
 *
 * @param a the elements; the two arrays may overlap, or be one
 * @param b as many elements, of any type of numbers if those of `a` are numbers, or of bigints if they are bigints
 * @param options `signal` and `threads`
 * @returns the dot product, 0 or 0n for none. As a loop has it, NaN if there is a NaN, an infinity times zero, or products that are infinities of
 * both signs; else an infinity if there is one. An exact zero is 0, never -0. Once the promise settles, resolved or rejected, no
 * thread of allcores touches the memory. The function never throws synchronously: every error is a rejection.
 *
 * @throws {AllcoresError} `ERR_INVALID_ARG_TYPE` (TypeError): an argument or option is of the wrong type; one array holds bigints and the other numbers
 * @throws {AllcoresError} `ERR_NOT_SHARED` (TypeError): `a` or `b` is on an ArrayBuffer
 * @throws {AllcoresError} `ERR_OUT_OF_RANGE` (RangeError): `b` is not as long as `a`; `options.threads` is not an integer from 1 to `threads`
 * @throws {AllcoresError} `ABORT_ERR`, `ERR_THREADS`, `ERR_INTERNAL`: as in {@link sum}
 *
 * @example
 * const a = new Float64Array(new SharedArrayBuffer(24));
 * const b = new Float64Array(new SharedArrayBuffer(24));
 * a.set([1e200, 3, 1e200]);
 * b.set([1e200, 5, -1e200]);
 * await dot(a, b); // 15
 */
export function dot<
  V extends SharedView,
  W extends Factor<V>,
  B extends V['buffer'] = SharedArrayBuffer,
  C extends W['buffer'] = SharedArrayBuffer,
>(a: OnSharedBuffer<V, B>, b: OnSharedBuffer<W, C>, options?: Options): Promise<V[number]>;

/**
 * Calls `body(i, data)` for `0 <= i < num`, or `body(i, j, data)` for each pair of indices below `[n0, n1]`, or three, on the
 * threads of the pool, for what it stores to arrays on shared memory in `data`.
 *
 * The calls may run in any order, and at the same time. Bodies that write distinct elements need no care; those that write one
 * element from two indices race, as worker threads would: use `Atomics`, or give each index an element of its own.
 *
 * @param num an integer from 0 to 2^53 - 1, or two or three of them in an array, with a product of at most that
 * @param body a function, whose value does not count
 * @param options `signal`, `threads`, `data`, `math`, `onProgress`, and `from` for a range of one dimension
 * @returns undefined, once all calls have run and no thread of allcores touches the arrays any more. After a rejection some of
 * the calls may have run. The function never throws synchronously: every error is a rejection.
 *
 * @throws {AllcoresError} `ERR_INVALID_ARG_TYPE`, `ERR_OUT_OF_RANGE`, `ERR_UNSUPPORTED`, `ERR_DIFFERS`, `ABORT_ERR`,
 * `ERR_THREADS`, `ERR_INTERNAL`: as in {@link sumRange}
 *
 * @example
 * const grid = new Float32Array(new SharedArrayBuffer(4 * 640 * 480));
 * await forRange([480, 640], (y, x, { grid }) => { grid[y * 640 + x] = Math.hypot(x - 320, y - 240); }, { data: { grid } });
 */
export function forRange<
  const I extends Counts = never,
  D extends Data<D> = object,
  F extends Body<D, Unused, IndicesOf<I>> = Body<D, Unused, IndicesOf<I>>,
>(num: number | bigint | readonly [...I], body: F, options?: LoopOptions<I, D>): Promise<undefined>;

/**
 * A typed array of what `body(x, i, data)` returns for each element of a typed array, in the same order, computed on the threads
 * of the pool: a new one on shared memory, of the same type, or `options.into`.
 *
 * Values are converted as an assignment to an element converts them: an Int32Array wraps, a Uint8ClampedArray clamps. Without
 * `into` the result has the element type of `view`: to map integers to fractions, pass `{ type: Float64Array }`.
 *
 * @param view a typed array of numbers on a SharedArrayBuffer
 * @param body a function that returns a number on every path
 * @param options `into` or `type`; `signal`, `threads`, `data`, `math`, `onProgress`
 * @returns `options.into`, or the new array. After a rejection some elements of `into` may have been written. The function never
 * throws synchronously: every error is a rejection.
 *
 * @throws {AllcoresError} `ERR_NOT_SHARED` (TypeError): `view` or `options.into` is on an ArrayBuffer
 * @throws {AllcoresError} `ERR_OUT_OF_RANGE` (RangeError): `options.into` is not as long as `view`; as in {@link sumRange}
 * @throws {AllcoresError} `ERR_INTERNAL` (Error): there is no memory for the result
 * @throws {AllcoresError} `ERR_INVALID_ARG_TYPE`, `ERR_UNSUPPORTED`, `ERR_DIFFERS`, `ABORT_ERR`, `ERR_THREADS`: as in
 * {@link sumRange}
 *
 * @example
 * const celsius = new Float64Array(new SharedArrayBuffer(8 * 1_000_000)).fill(37);
 * (await map(celsius, (x) => x * 1.8 + 32))[0]; // 98.60000000000001
 * (await map(celsius, (x) => (x > 36 ? 1 : 0), { type: Uint8Array }))[0]; // 1
 */
export function map<
  V extends SharedNumberView,
  B extends V['buffer'] = SharedArrayBuffer,
  D extends Data<D> = object,
  F extends ElementBody<D, number> = ElementBody<D, number>,
  W extends SharedNumberView = never,
  A extends BufferOf<W> = SharedArrayBuffer,
  C extends TypedArrayClass<SharedNumberView> = never,
>(
  view: OnSharedBuffer<V, B>,
  body: F,
  options?: MapOptions<D, OnSharedBuffer<W, A>, ClassBeside<W, C>>,
): Promise<[C] extends [never] ? ([W] extends [never] ? NewArray<V> : Fixed<W>) : C['prototype']>;

/** The type of a new array for the results of `map`: that of the view, but that a Node `Buffer` gives a Uint8Array. */
export type NewArray<V> = V extends { readUInt8(offset?: number): number } ? Uint8Array : V;

/** What is put into a new array of the class `C`: a length, or elements. */
export type ElementsFor<C extends TypedArrayClass> = number | Iterable<C['prototype'][number]>;

/**
 * A new typed array on shared memory, as every call takes it: of a length, and zeros, or of elements.
 *
 * @param Type the class, such as `Float64Array`; also one of another realm, or derived from one
 * @param source the length, an integer >= 0, or the elements: a typed array, an array or another iterable object of numbers (of
 * bigints for BigInt64Array and BigUint64Array). They are converted as an assignment to an element converts them. What its iterator
 * throws is thrown.
 * @returns the array, at once: this is no call that runs on threads
 *
 * @throws {AllcoresError} `ERR_INVALID_ARG_TYPE` (TypeError): `Type` is no class of typed arrays, or an element is not of its type
 * @throws {AllcoresError} `ERR_OUT_OF_RANGE` (RangeError): the length is no integer >= 0, or there is no memory for it
 *
 * @example
 * const grid = shared(Float32Array, 640 * 480);
 * const weights = shared(Float64Array, [0.25, 0.5, 0.25]);
 */
export function shared<C extends TypedArrayClass>(Type: C, source: ElementsFor<C>): C['prototype'];

/** Every class of typed arrays, by name. */
export interface TypedArrays {
  Int8Array: Int8Array;
  Uint8Array: Uint8Array;
  Uint8ClampedArray: Uint8ClampedArray;
  Int16Array: Int16Array;
  Uint16Array: Uint16Array;
  Int32Array: Int32Array;
  Uint32Array: Uint32Array;
  Float16Array: SharedFloat16Array;
  Float32Array: Float32Array;
  Float64Array: Float64Array;
  BigInt64Array: BigInt64Array;
  BigUint64Array: BigUint64Array;
}

/** A copy on shared memory: of the same class, or a Float64Array for an array of numbers. */
export type SharedCopy<V> = V extends { readonly [Symbol.toStringTag]: infer T extends keyof TypedArrays }
  ? TypedArrays[T]
  : Float64Array;

/**
 * A copy of an array on new shared memory: of a typed array, on whatever memory, of the same class; of an array of numbers, a
 * Float64Array.
 *
 * @param array a typed array or an array of numbers
 * @returns the copy, at once: this is no call that runs on threads
 *
 * @throws {AllcoresError} `ERR_INVALID_ARG_TYPE` (TypeError): `array` is neither, or holds something that is no number
 * @throws {AllcoresError} `ERR_OUT_OF_RANGE` (RangeError): there is no memory for the copy
 *
 * @example
 * await max(share([3, 1, 4, 1, 5])); // 5
 */
export function share<V extends SharedView | readonly number[]>(array: V): SharedCopy<V>;

/** Options of `explain`: those of the call that the body is for, and how it is called. */
export interface ExplainOptions<D = object, K = 1 | 2 | 3, V = SharedNumberView> extends RangeOptions<D> {
  /** How many indices the body is called with; 1 by default. */
  dimensions?: K | undefined;
  /** For a body of `sum` or `map`: the array with whose elements it is called. */
  view?: V | undefined;
}

/** What a body to be explained is called with, before `data`. */
export type Indices<K, V> = [V] extends [SharedNumberView]
  ? [x: number, i: number]
  : [K] extends [3]
    ? [i: number, j: number, k: number]
    : [K] extends [2]
      ? [i: number, j: number]
      : [i: number];

/** Something that is refused in a body. */
export interface Refusal {
  /** What is wrong, and what to write instead. */
  readonly message: string;
  /** Where in the source of the function, both from 1, and that line with carets below; undefined for what is in no place. */
  readonly line: number | undefined;
  readonly column: number | undefined;
  readonly snippet: string | undefined;
  /** The name in `data` of the helper function that it is in; empty for the body itself. */
  readonly helper: string;
}

/** What `explain` tells. */
export interface Explanation {
  /** All of it, for people; the words may change. */
  readonly text: string;
  /** All that is refused, in order; empty for a body that can run. */
  readonly refusals: readonly Refusal[];
  /** Whether the body returns a number on every path. If not, it may still be one for `forRange`. */
  readonly returns: boolean;
  /** Whether the body is compared with the function before its first run, and why not. */
  readonly checked: boolean;
  readonly unchecked: string | undefined;
  /** What runs it: 'machine code', or 'block interpreter' where there is none; the text says why. */
  readonly engine: string;
  /** The instruction set that this uses: 'avx512', 'avx2', 'neon' or 'portable'. */
  readonly isa: string;
  /** How many indices are side by side: those of the machine code, or of a block of the interpreter, at the most. */
  readonly block: number;
  /** The size of the machine code in bytes; 0 if there is none. */
  readonly bytes: number;
}

/**
 * What a body is compiled to, for people: its inputs; and each line of its source with the types of its variables, what runs over
 * many indices at once and what one by one, and which loads are consecutive. The body is not run; getters in `data` are.
 *
 * @param body a function
 * @param options those of the call, and `dimensions` or `view`
 *
 * @throws {AllcoresError} `ERR_INVALID_ARG_TYPE` (TypeError), `ERR_OUT_OF_RANGE` (RangeError), `ERR_NOT_SHARED` (TypeError): an
 * argument or option is wrong. What is refused in the body is not thrown, but listed.
 *
 * @example
 * explain((i, { a }) => a[i] * 2, { data: { a: new Float64Array(8) } }).refusals; // []
 * explain((y, x) => x * y, { dimensions: 2 }).checked; // true
 */
export function explain<
  D extends Data<D> = object,
  K extends 1 | 2 | 3 = 1,
  V extends SharedNumberView | undefined = undefined,
  F extends Body<D, Unused, Indices<K, V>> = Body<D, Unused, Indices<K, V>>,
>(body: F, options?: ExplainOptions<D, K, V>): Explanation;

/**
 * A random number from 0 up to, but not including, 1, with 53 bits, which depends on its arguments alone: the same on every
 * thread, machine and runtime, in a body and everywhere else. Each argument counts modulo 2^64, without its fraction.
 *
 * It is the generator Philox4x32-10, without a state: one seed gives 2^128 numbers. Not for cryptography.
 *
 * @param seed chooses the sequence
 * @param i which number: in a body, the index
 * @param k which of several numbers for the same `i`; 0 by default
 *
 * @throws {AllcoresError} `ERR_INVALID_ARG_TYPE` (TypeError): an argument is not a number
 *
 * @example
 * const inside = (i, { seed }) => random(seed, i, 0) ** 2 + random(seed, i, 1) ** 2 < 1;
 * (4 * (await sumRange(1e6, inside, { data: { seed: 1, random } }))) / 1e6; // 3.14...
 */
export function random(seed: number, i: number, k?: number): number;
