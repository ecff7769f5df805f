// What the types accept and what they refuse. Compiled, never run: `npm run types`.
// An @ts-expect-error that finds no error is an error itself.

import type {
  AllcoresError,
  AllcoresErrorCode,
  Options,
  SharedBigIntView,
  SharedFloat16Array,
  SharedNumberView,
} from 'allcores';
import { sum, sumIntoSharedBuffer, sumRange, threads } from 'allcores';
import { exactly } from './exactly.js';

const { signal } = new AbortController();
const buffer = new SharedArrayBuffer(64);
const int32 = new Int32Array(buffer);
const bigInt64 = new BigInt64Array(buffer, 8, 2);

// threads
exactly<number>()(threads);
// @ts-expect-error: it is read-only
threads = 2;

// Options
exactly<AbortSignal | undefined>()(({} as Options).signal);
const options: Options = { signal, threads: 2 };
const none: Options = { signal: undefined, threads: undefined };
// @ts-expect-error: no such option
const unknownOption: Options = { timeout: 100 };
// @ts-expect-error: a controller is not a signal
const controller: Options = { signal: new AbortController() };
// @ts-expect-error: a number
const text: Options = { threads: '2' };

// sumRange
exactly<Promise<number>>()(sumRange(10000));
exactly<Promise<bigint>>()(sumRange(10000n));
exactly<Promise<number>>()(sumRange(10000, options));
exactly<Promise<bigint>>()(sumRange(10000n, { signal: AbortSignal.timeout(100) }));
exactly<Promise<number>>()(sumRange(1, {}));
exactly<Promise<number>>()(sumRange(1, none));
// @ts-expect-error: num is required
sumRange();
// @ts-expect-error: no strings
sumRange('10000');
// @ts-expect-error: no arrays
sumRange([1, 2, 3]);
// @ts-expect-error: options are an object
sumRange(1, signal.aborted);
// @ts-expect-error: null is not "no options"
sumRange(1, null);
// @ts-expect-error: no callback
sumRange(1, {}, () => {});

// sumIntoSharedBuffer: targets
exactly<Promise<number>>()(sumIntoSharedBuffer(buffer, 10000));
exactly<Promise<number>>()(sumIntoSharedBuffer(int32, 10000));
exactly<Promise<bigint>>()(sumIntoSharedBuffer(bigInt64, 10000));
exactly<Promise<number>>()(sumIntoSharedBuffer(int32.subarray(2, 6), 10000));
exactly<Promise<number>>()(sumIntoSharedBuffer(int32 as Int32Array<SharedArrayBuffer>, 10000));
// @ts-expect-error: an ArrayBuffer is not shared
sumIntoSharedBuffer(new ArrayBuffer(64), 10000);
// @ts-expect-error: this array is on an ArrayBuffer
sumIntoSharedBuffer(new Int32Array(16), 10000);
// @ts-expect-error: and so is this one
sumIntoSharedBuffer(new BigInt64Array(16), 10000);
// "Int32Array" alone may be on either: the call will tell.
exactly<Promise<number>>()(sumIntoSharedBuffer(int32 as Int32Array, 10000));
exactly<Promise<bigint>>()(sumIntoSharedBuffer(bigInt64 as BigInt64Array, 10000));
exactly<Promise<number>>()(sumIntoSharedBuffer({} as SharedArrayBuffer | Int32Array, 10000));
// @ts-expect-error: Int32Array and BigInt64Array only
sumIntoSharedBuffer(new Float64Array(buffer), 10000);
// @ts-expect-error: not the unsigned one
sumIntoSharedBuffer(new BigUint64Array(buffer), 10000);
// @ts-expect-error: no arrays
sumIntoSharedBuffer([0, 0], 10000);
// @ts-expect-error: the target is required
sumIntoSharedBuffer();

// sumIntoSharedBuffer: the request, and options in its place
exactly<Promise<number>>()(sumIntoSharedBuffer(buffer));
exactly<Promise<bigint>>()(sumIntoSharedBuffer(bigInt64));
exactly<Promise<number>>()(sumIntoSharedBuffer(int32, 10000n));
exactly<Promise<bigint>>()(sumIntoSharedBuffer(bigInt64, 10000n, options));
exactly<Promise<number>>()(sumIntoSharedBuffer(int32, undefined, options));
exactly<Promise<number>>()(sumIntoSharedBuffer(int32, options));
exactly<Promise<bigint>>()(sumIntoSharedBuffer(bigInt64, { signal }));
// @ts-expect-error: not both
sumIntoSharedBuffer(int32, options, options);
// @ts-expect-error: no strings
sumIntoSharedBuffer(int32, '10000');
// @ts-expect-error: no such option
sumIntoSharedBuffer(int32, { num: 10000 });

// Errors
declare const error: AllcoresError;
exactly<AllcoresErrorCode>()(error.code);
const asError: Error = error;
exactly<unknown>()(error.cause);
// @ts-expect-error: no such code
const code: AllcoresErrorCode = 'ERR_BUSY';
// @ts-expect-error: a type, not a class
new AllcoresError();

// sum
exactly<Promise<number>>()(sum(new Int8Array(buffer)));
exactly<Promise<number>>()(sum(new Uint8Array(buffer)));
exactly<Promise<number>>()(sum(new Uint8ClampedArray(buffer)));
exactly<Promise<number>>()(sum(new Int16Array(buffer)));
exactly<Promise<number>>()(sum(new Uint16Array(buffer)));
exactly<Promise<number>>()(sum(int32));
exactly<Promise<number>>()(sum(new Uint32Array(buffer)));
exactly<Promise<number>>()(sum(new Float32Array(buffer)));
exactly<Promise<number>>()(sum(new Float64Array(buffer), options));
exactly<Promise<number>>()(sum(Buffer.from(buffer)));
exactly<Promise<number>>()(sum({} as SharedFloat16Array));
exactly<Promise<number>>()(sum({} as SharedNumberView));
exactly<Promise<bigint>>()(sum(bigInt64, options));
exactly<Promise<bigint>>()(sum(new BigUint64Array(buffer)));
exactly<Promise<bigint>>()(sum({} as SharedBigIntView));
// @ts-expect-error: which elements?
sum(buffer);
// @ts-expect-error: not shared
sum(new Float64Array(8));
exactly<Promise<number>>()(sum({} as Float64Array));
exactly<Promise<bigint>>()(sum({} as BigUint64Array));
// @ts-expect-error: no elements to speak of
sum(new DataView(buffer));
// @ts-expect-error: no arrays
sum([1, 2, 3]);
// @ts-expect-error: not shared
sum(Buffer.alloc(8));
// @ts-expect-error: its numbers may be on an ArrayBuffer
sum({} as SharedFloat16Array & { buffer: ArrayBuffer });

export { asError, code, controller, text, unknownOption };
