// Loop bodies: what the types refuse. See mistakes.test-d.ts.

import type { Body, Data } from 'allcores';
import {
  argMax,
  count,
  explain,
  findIndex,
  forRange,
  map,
  min,
  random,
  sum,
  sumIntoSharedBuffer,
  sumRange,
} from 'allcores';

const { signal } = new AbortController();
const buffer = new SharedArrayBuffer(64);
const view = new Float64Array(buffer);
const int32 = new Int32Array(buffer);
const bigInt64 = new BigInt64Array(buffer);
const numbers: number[] = [1, 2, 3];
const square = (n: number) => n * n;
const store = (i: number, { view }: { view: Float64Array }) => {
  view[i] = i;
};
const some = (i: number) => {
  if (i > 3) return i;
};
const none = (i: number) => {
  square(i);
};
const later = async (i: number) => {
  await square(i);
};

// What a body returns
sumRange(5, (i) => `${i}`); // error: Type 'string' is not assignable to type 'number | boolean'
sumRange(5, some); // error: Type 'undefined' is not assignable to type 'number | boolean'
sumRange(5, none); // error: Type 'void' is not assignable to type 'number | boolean'
sumRange(5, async (i) => i); // error: Type 'Promise<number>' is not assignable to type 'number | boolean'
sumRange(5, (i) => [i, i]); // error: Type 'number[]' is not assignable to type 'number | boolean'
sumRange(5, (i, { view }) => view[i], { data: { view } }); // error: Type 'undefined' is not assignable
sum(view, (x) => `${x}`); // error: Type 'string' is not assignable to type 'number | boolean'
sum(bigInt64, (x) => x * x); // error: a body computes with numbers, and these are bigints
sum(bigInt64, (x) => Number(x)); // error: a body computes with numbers, and these are bigints
sumIntoSharedBuffer(int32, 5, (i) => `${i}`); // error: Type 'string' is not assignable to type 'number | boolean'
map(view, (x) => x > 2); // error: Type 'boolean' is not assignable to type 'number'
map(view, none); // error: Type 'void' is not assignable to type 'number'
forRange(5, later); // error: Type 'Promise<void>' is not assignable to type
forRange(5, (i) => `${i}`); // error: Type 'string' is not assignable to type

// What it is called with
sumRange(5, (i: string) => i.length); // error: Type 'number' is not assignable to type 'string'
sumRange(5, (i: number, j: number) => i * j); // error: not assignable to type 'number'
sumRange([2, 3], (i: number, j: string) => i * j.length); // error: Type 'number' is not assignable to type 'string'
sumRange(5, (i: number, _: object, k: number) => i * k); // error: Target signature provides too few arguments
sumRange(5, (i, { x }) => i * x); // error: Property 'x' does not exist on type '{}'
sumRange(5, (i, { x }) => i * x, { data: { y: 1 } }); // error: Property 'x' does not exist on type '{ y: number; }'
sumRange(5, (i: number, { x }: { x: string }) => i * x.length, { data: { x: 1 } }); // error: 'string'
forRange(5, store, { data: { view: 5 } }); // error: Type 'number' is not assignable to type 'Float64Array
sumRange(5, square, square); // error: has no properties in common with type 'RangeOptions
sumRange(5, 'i => i'); // error: '"i => i"' is not assignable
sumIntoSharedBuffer(int32, square); // error: '(n: number) => number'
forRange(5); // error: Expected 2-3 arguments, but got 1
forRange(5, {}); // error: is not assignable to
forRange(5, 'i => i'); // error: 'string' is not assignable
map(view); // error: Expected 2-3 arguments, but got 1

// What it runs over
sumRange([1, 2, 3, 4], square); // error: is not assignable to type
sumRange([5], square); // error: is not assignable to
forRange([5], square); // error: is not assignable to
sumRange(numbers, square); // error: 'number[]' is not assignable
sumRange('5', square); // error: 'string' is not assignable
sumRange(view, square); // error: Float64Array
forRange(Promise.resolve(5), square); // error: 'Promise<number>' is not assignable
map([1, 2, 3], square); // error: 'number[]' is not assignable to parameter of type 'SharedNumberView'
map(bigInt64, square); // error: BigInt64Array
map(new Float64Array(8), square); // error (told apart): make it on a SharedArrayBuffer
sum(new Float64Array(8), square); // error (told apart): make it on a SharedArrayBuffer

// data
sumRange(5, square, { data: { mode: 'fast' } }); // error: Type 'string' is not assignable to type 'DataValue'
sumRange(5, square, { data: { big: 5n } }); // error: Type 'bigint' is not assignable to type 'DataValue'
sumRange(5, square, { data: { none: null } }); // error: Type 'null' is not assignable to type 'DataValue'
sumRange(5, square, { data: numbers }); // error: 'number[]' is not assignable to type
sumRange(5, square, { data: view }); // error: Float64Array
sumRange(5, square, { data: square }); // error: give the function a name: { data: { name: it } }
sumRange(5, square, { data: 5 }); // error: 'number' is not assignable to type

// Options
sumRange(5, square, { dat: { view } }); // error: 'dat' does not exist in type
sumRange(5, square, { math: 'fast' }); // error: Type '"fast"' is not assignable to type '"portable"'
sumRange(5, square, { from: '2' }); // error: Type 'string' is not assignable to type 'number | bigint
sumRange(5, square, { into: view }); // error: 'into' does not exist in type
sumRange(5, square, { onProgress: 5 }); // error: Type 'number' is not assignable to type
sumRange(5, square, { onProgress: (n: number) => n }); // error: Type 'Progress' is not assignable to type 'number'
sumRange(5, square, signal); // error: 'AbortSignal' has no properties in common with type 'RangeOptions
sumRange(5, { data: { view } }); // error: 'data' does not exist in type
sum(view, square, { from: 2 }); // error: 'from' does not exist in type
sumRange([3, 4], square, { from: 1 }); // error: 'from' does not exist in type
forRange([3, 4, 5], (i) => square(i), { from: 1 }); // error: 'from' does not exist in type
findIndex(view, (x) => x > 2, { from: 1 }); // error: 'from' does not exist in type
count([3, 4], (i, j) => i > j, { from: 1 }); // error: 'from' does not exist in type
min(view, square, { from: 1 }); // error: 'from' does not exist in type
argMax([3, 4], (i, j) => i * j, { from: 1 }); // error: 'from' does not exist in type
map(view, square, { into: numbers }); // error: 'number[]' is not assignable to type
export const other: Promise<Int32Array> = map(view, square); // error: Type 'Promise<Float64Array
map(view, square, { into: bigInt64 }); // error: BigInt64Array
map(view, square, { into: new Float64Array(8) }); // error (told apart): make it on a SharedArrayBuffer

// explain
explain(); // error: Expected 1-2 arguments, but got 0
explain('i => i'); // error: 'string' is not assignable
explain(square, { dimensions: 4 }); // error: Type '4' is not assignable to type
explain(square, { view: bigInt64 }); // error: BigInt64Array
explain(square, { data: { mode: 'fast' } }); // error: Type 'string' is not assignable to type 'DataValue'
explain((i: number, j: string) => i * j.length, { dimensions: 2 }); // error: Type 'number' is not assignable to type 'string'

// Types
export const body: Body<{ step: number }> = (i, { stop }) => i * stop; // error: Property 'stop' does not exist
export const total = <D>(body: Body<D>, data: D) => sumRange(5, body, { data }); // error: 'Data<D>'
export const okay = <D extends Data<D>>(body: Body<D>, data: D) => sumRange(5, body, { data });
random('1', 2); // error: 'string' is not assignable to parameter of type 'number'
random(1); // error: Expected 2-3 arguments, but got 1
