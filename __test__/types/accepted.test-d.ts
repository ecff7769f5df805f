// What the types accept, with the exact type of each result. Compiled, never run: see scripts/types.js.

import type {
  AllcoresError,
  AllcoresErrorCode,
  Options,
  SharedBigIntView,
  SharedFloat16Array,
  SharedNumberView,
  SharedSlots,
  SharedView,
} from 'allcores';
import { sum, sumIntoSharedBuffer, sumRange, threads } from 'allcores';
import { exactly } from './exactly.js';

const { signal } = new AbortController();
const buffer = new SharedArrayBuffer(64);
const int32 = new Int32Array(buffer);
const bigInt64 = new BigInt64Array(buffer, 8, 2);

exactly<number>()(threads);

// Options
exactly<AbortSignal | undefined>()(({} as Options).signal);
const options: Options = { signal, threads: 2 };
const none: Options = { signal: undefined, threads: undefined };

// sumRange
declare const numberOrBigint: number | bigint;
exactly<Promise<number>>()(sumRange(10000));
exactly<Promise<bigint>>()(sumRange(10000n));
exactly<Promise<number | bigint>>()(sumRange(numberOrBigint));
exactly<Promise<number>>()(sumRange(10000, options));
exactly<Promise<bigint>>()(sumRange(10000n, { signal: AbortSignal.timeout(100) }));
exactly<Promise<number>>()(sumRange(1, {}));
exactly<Promise<number>>()(sumRange(1, none));
exactly<Promise<number>>()(sumRange(1, undefined));

// sumIntoSharedBuffer: targets
exactly<Promise<number>>()(sumIntoSharedBuffer(buffer, 10000));
exactly<Promise<number>>()(sumIntoSharedBuffer(int32, 10000));
exactly<Promise<bigint>>()(sumIntoSharedBuffer(bigInt64, 10000));
exactly<Promise<number>>()(sumIntoSharedBuffer(int32.subarray(2, 6), 10000));
exactly<Promise<number>>()(sumIntoSharedBuffer({} as SharedArrayBuffer | Int32Array, 10000));
exactly<Promise<number | bigint>>()(sumIntoSharedBuffer({} as Int32Array | BigInt64Array, 10000));
exactly<Promise<number | bigint>>()(sumIntoSharedBuffer({} as SharedSlots));
// "Int32Array" may be on either kind of buffer: the call decides.
exactly<Promise<number>>()(sumIntoSharedBuffer(int32 as Int32Array, 10000));
exactly<Promise<bigint>>()(sumIntoSharedBuffer(bigInt64 as BigInt64Array, 10000));

// sumIntoSharedBuffer: the request, and options in its place
exactly<Promise<number>>()(sumIntoSharedBuffer(buffer));
exactly<Promise<bigint>>()(sumIntoSharedBuffer(bigInt64));
exactly<Promise<number>>()(sumIntoSharedBuffer(int32, 10000n));
exactly<Promise<number>>()(sumIntoSharedBuffer(int32, numberOrBigint));
exactly<Promise<bigint>>()(sumIntoSharedBuffer(bigInt64, 10000n, options));
exactly<Promise<number>>()(sumIntoSharedBuffer(int32, undefined, options));
exactly<Promise<number>>()(sumIntoSharedBuffer(int32, options));
exactly<Promise<bigint>>()(sumIntoSharedBuffer(bigInt64, { signal }));

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
exactly<Promise<bigint>>()(sum(bigInt64, options));
exactly<Promise<bigint>>()(sum(new BigUint64Array(buffer)));
exactly<Promise<number>>()(sum({} as SharedFloat16Array));
exactly<Promise<number>>()(sum({} as SharedNumberView));
exactly<Promise<bigint>>()(sum({} as SharedBigIntView));
exactly<Promise<number | bigint>>()(sum({} as SharedView));
exactly<Promise<number>>()(sum({} as Float64Array | Int32Array));
exactly<Promise<number | bigint>>()(sum({} as Float64Array | BigInt64Array));
exactly<Promise<number>>()(sum({} as Float64Array));
exactly<Promise<bigint>>()(sum({} as BigUint64Array));
exactly<Promise<number | bigint>>()(sum({} as NodeJS.TypedArray));

// Functions of the caller's, generic over arrays and numbers
const total = <T extends Float64Array | Int32Array>(view: T) => sum(view);
exactly<Promise<number>>()(total(new Float64Array(buffer)));
const totalOfNumbers = <T extends SharedNumberView>(view: T) => sum(view);
exactly<Promise<number>>()(totalOfNumbers(int32));
const totalOfAny = <T extends SharedView>(view: T, options?: Options) => sum(view, options);
exactly<Promise<bigint>>()(totalOfAny(bigInt64));
const totalOfNode = <T extends NodeJS.TypedArray>(view: T) => sum(view);
exactly<Promise<bigint>>()(totalOfNode(bigInt64));
const asNumber = async <T extends Float64Array | Int32Array>(view: T): Promise<number> => await sum(view);
exactly<Promise<number>>()(asNumber(int32));
const rangeOf = <N extends number | bigint>(num: N) => sumRange(num);
exactly<Promise<bigint>>()(rangeOf(1n));
const into = <T extends Int32Array | BigInt64Array>(target: T) => sumIntoSharedBuffer(target, 1);
exactly<Promise<bigint>>()(into(bigInt64));
const intoAny = <T extends SharedSlots>(target: T) => sumIntoSharedBuffer(target, { signal });
exactly<Promise<number>>()(intoAny(buffer));

// Errors
declare const error: AllcoresError;
exactly<AllcoresErrorCode>()(error.code);
exactly<unknown>()(error.cause);
export const asError: Error = error;
export const noBinary: AllcoresErrorCode = 'ERR_NO_BINARY';
