// What the types refuse. A line that ends in `// error: TEXT` has exactly one error, whose message contains TEXT; a line
// without has none. `// error (told apart): TEXT` holds where the compiler can tell an ArrayBuffer from a SharedArrayBuffer.
// scripts/types.js checks it.

import type { AllcoresErrorCode, Options } from 'allcores';
import * as allcores from 'allcores';
import { sum, sumIntoSharedBuffer, sumRange, threads } from 'allcores';

const { signal } = new AbortController();
const controller = new AbortController();
const buffer = new SharedArrayBuffer(64);
const int32 = new Int32Array(buffer);
const view = new Float64Array(buffer);
const numbers: number[] = [1, 2, 3];
const options: Options = { signal, threads: 2 };

threads = 2; // error: Cannot assign to 'threads'

// Options
sum(view, { thread: 2 }); // error: 'thread' does not exist in type
sum(view, { signal, thread: 2 }); // error: 'thread' does not exist in type
sumRange(5, { thread: 2 }); // error: 'thread' does not exist in type
sumIntoSharedBuffer(int32, 5, { thread: 2 }); // error: 'thread' does not exist in type
sumIntoSharedBuffer(int32, { thread: 2 }); // error: Did you mean to write 'threads'?
sumIntoSharedBuffer(int32, { signal, thread: 2 }); // error: Did you mean to write 'threads'?
sumIntoSharedBuffer(int32, { num: 10000 }); // error: 'num' does not exist in type 'Options'
sum(view, { timeout: 100 }); // error: 'timeout' does not exist in type
sum(view, { threads: '2' }); // error: Type 'string' is not assignable to type 'number'
sum(view, { signal: controller }); // error: 'AbortController'
sum(view, signal); // error: 'AbortSignal' is not assignable
sum(view, 2); // error: '2' is not assignable
sum(view, null); // error: 'null' is not assignable
sum(view, undefined, options, options); // error: Expected 1-3 arguments, but got 4

// num
sumRange(); // error: Expected 1-3 arguments, but got 0
sumRange('10000'); // error: 'string' is not assignable to parameter of type 'number | bigint
sumRange(numbers); // error: 'number[]' is not assignable to parameter of type 'number | bigint
sumRange(Promise.resolve(5)); // error: 'Promise<number>' is not assignable to parameter of type 'number | bigint
sumRange(options); // error: 'Options' is not assignable to parameter of type 'number | bigint
sumIntoSharedBuffer(int32, Promise.resolve(5)); // error: 'Promise<number>'
sumIntoSharedBuffer(int32, '10000'); // error: '"10000"'
sumIntoSharedBuffer(int32, signal); // error: 'AbortSignal'
sumIntoSharedBuffer(int32, new Map()); // error: 'Map<any, any>'
sumIntoSharedBuffer(int32, () => 5); // error: '() => number'

// target
sumIntoSharedBuffer(); // error: Expected 1-4 arguments, but got 0
sumIntoSharedBuffer(numbers, 5); // error: 'number[]' is not assignable to parameter of type 'SharedSlots'
sumIntoSharedBuffer(view, 5); // error: Float64Array
sumIntoSharedBuffer(new BigUint64Array(buffer), 5); // error: BigUint64Array
sumIntoSharedBuffer(new ArrayBuffer(64), 5); // error: 'ArrayBuffer' is not assignable to parameter of type 'SharedSlots'
sumIntoSharedBuffer(new Int32Array(16), 5); // error (told apart): this typed array is on an ArrayBuffer
sumIntoSharedBuffer(new BigInt64Array(16), 5); // error (told apart): this typed array is on an ArrayBuffer

// view
sum(); // error: Expected 1-3 arguments, but got 0
sum([1, 2, 3]); // error: 'number[]' is not assignable to parameter of type 'SharedView'
sum(numbers); // error: 'number[]' is not assignable to parameter of type 'SharedView'
sum(buffer); // error: 'SharedArrayBuffer' is not assignable to parameter of type 'SharedView'
sum(new DataView(buffer)); // error: DataView
sum(Promise.resolve(view)); // error: Promise<Float64Array
sum('view'); // error: 'string' is not assignable to parameter of type 'SharedView'
sum(new Float64Array(8)); // error (told apart): make it on a SharedArrayBuffer
sum(new BigInt64Array(8)); // error (told apart): make it on a SharedArrayBuffer
sum(Float64Array.of(1, 2, 3)); // error (told apart): make it on a SharedArrayBuffer
sum(view.map((x) => x + 1)); // error (told apart): make it on a SharedArrayBuffer

// errors
export const code: AllcoresErrorCode = 'ERR_BUSY'; // error: '"ERR_BUSY"' is not assignable to type 'AllcoresErrorCode'
new allcores.AllcoresError(); // error: AllcoresError
