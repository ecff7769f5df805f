// Reductions: what the types accept, with the exact type of each result and of each parameter of a body.

import type { BodyFor, IndexOf, Options, SharedView, Source } from 'allcores';
import { argMax, argMin, count, findIndex, map, max, min, share, shared, sum } from 'allcores';
import { exactly } from './exactly.js';

const { signal } = new AbortController();
const buffer = new SharedArrayBuffer(64);
const view = new Float64Array(buffer);
const bytes = new Uint8Array(buffer);
const bigInt64 = new BigInt64Array(buffer);
declare function exactlyNumber<T>(
  value: T,
  ...proof: [T] extends [number] ? ([number] extends [T] ? [] : [0]) : [0]
): number;
exactly<Promise<number>>()(min(view));
exactly<Promise<number>>()(min(bytes, { signal }));
exactly<Promise<bigint>>()(min(bigInt64));
exactly<Promise<number>>()(min(view, (x, i) => exactlyNumber(x) * exactlyNumber(i)));
exactly<Promise<number>>()(
  min(view, (x, i, { k }) => exactlyNumber(x) * exactlyNumber(i) * exactlyNumber(k), { data: { k: 5 } }),
);
exactly<Promise<number>>()(min(5, (i) => exactlyNumber(i)));
exactly<Promise<number>>()(
  min(5n, (i, { k }) => exactlyNumber(i) * exactlyNumber(k), { data: { k: 5 }, from: 2 }),
);
exactly<Promise<number>>()(min([2, 3], (i, j) => exactlyNumber(i) * exactlyNumber(j)));
exactly<Promise<number>>()(min([2, 3n, 4], (i, j, k) => i + j + exactlyNumber(k)));
declare const counts: readonly [number, number];
exactly<Promise<number>>()(min(counts, (x, y) => x * exactlyNumber(y)));
exactly<Promise<number>>()(min(5, Math.sqrt));
exactly<Promise<number>>()(min(5, (n: number) => n % 2 === 1));
exactly<Promise<bigint>>()(max(bigInt64, { threads: 1 }));
exactly<Promise<number>>()(max([2, 3], (i, j) => exactlyNumber(i) > exactlyNumber(j)));

// Indices
exactly<Promise<number>>()(argMin(view));
exactly<Promise<number>>()(argMax(bigInt64));
exactly<Promise<number>>()(argMax(view, (x) => -exactlyNumber(x)));
exactly<Promise<number>>()(argMin(5n, (i) => -exactlyNumber(i)));
exactly<Promise<[number, number]>>()(argMin([2, 3], (i, j) => i * j));
exactly<Promise<[number, number, number]>>()(argMax([2, 3, 4], (i, j, k) => i * j * k));
exactly<Promise<[number, number]>>()(findIndex([2, 3], (i, j) => i * j > 2));
exactly<Promise<number>>()(findIndex(5, (i, { k }) => i > exactlyNumber(k), { data: { k: 2 }, from: 1 }));
exactly<Promise<number>>()(findIndex(view, (x, i) => exactlyNumber(x) > exactlyNumber(i)));
exactly<Promise<number>>()(count(view, (x, i) => exactlyNumber(x) > exactlyNumber(i), { signal }));
exactly<Promise<number>>()(count([2, 3, 4], (i, j, k) => i + j > k));
exactly<Promise<number>>()(count(5, (i) => i & 1));

// A function of one's own that passes them on
declare function third<S extends Source>(source: S, predicate: BodyFor<S, object>): S;
exactly<5>()(third(5 as const, (i) => i > 3));
exactly<IndexOf<readonly [1, 2]>>()([1, 2] as [number, number]);

const least = <V extends Float64Array | Int32Array>(view: V) => min(view);
exactly<Promise<number>>()(least(view));
const leastOf = <V extends SharedView>(view: V, options?: Options) => argMin(view, options);
exactly<Promise<number>>()(leastOf(bigInt64));
declare const maybe: ((x: number) => number) | undefined;
min(view, maybe);
map(view, (x) => x, { into: view, type: undefined });

// Arrays on shared memory
exactly<Float64Array>()(shared(Float64Array, 5) as Float64Array);
exactly<number>()(shared(Uint8Array, [1, 2]).length);
exactly<bigint | undefined>()(shared(BigInt64Array, [1n])[0]);
sum(shared(Float32Array, new Set([1, 2])));
sum(share([1, 2, 3]), (x) => exactlyNumber(x));
sum(share(new Float32Array(5)));
exactly<Promise<bigint>>()(max(share(new BigInt64Array(5))));
exactly<Promise<number>>()(max(share([1, 2] as const)));

// The type of the result of a map
exactly<Promise<Float64Array>>()(
  map(bytes as Uint8Array, (x) => x / 2, { type: Float64Array }) as Promise<Float64Array>,
);
exactly<Promise<Uint8Array>>()(map(bytes as Uint8Array, (x) => x / 2));
map(view, (x, i, { k }) => x * exactlyNumber(k) * i, { type: Uint8Array, data: { k: 2 } }).then((result) =>
  sum(result),
);

// Mistakes
shared(Float64Array, ['1']); // error: Type 'string' is not assignable to type 'number'
shared(BigInt64Array, [1]); // error: Type 'number' is not assignable to type 'bigint'
shared('Float64Array', 5); // error: is not assignable to parameter of type 'TypedArrayClass
shared(DataView, 5); // error: TypedArrayClass
share(5); // error: is not assignable to parameter of type
share(new Set([1])); // error: is not assignable to parameter of type
map(view, (x) => x, { type: BigInt64Array }); // error: is not assignable to type
map(view, (x) => x, { type: 'Float32Array' }); // error: is not assignable to type
min(5, (i) => `${i}`); // error: Type 'string' is not assignable to type 'number | boolean'
min(view, (x) => `${x}`); // error: Type 'string' is not assignable to type 'number | boolean'
min([2, 3], (i, j) => `${i}${j}`); // error: Type 'string' is not assignable to type 'number | boolean'
min(new Float64Array(5)); // error (told apart): is on an ArrayBuffer
min('5', Math.sqrt); // error: is not assignable to
min([1, 2, 3, 4], Math.sqrt); // error: is not assignable to
count(5); // error: Expected 2-3 arguments, but got 1
count(view, { threads: 1 }); // error: 'threads' does not exist in type
count(5, (i) => `${i}`); // error: Type 'string' is not assignable to type 'number | boolean'
findIndex(bigInt64, (x) => x > 1n); // error: a body computes with numbers, and these are bigints
findIndex(new Float64Array(5), (x) => x > 1); // error (told apart): is on an ArrayBuffer
argMin(5, (i, { k }) => i * k); // error: Property 'k' does not exist on type '{}'
argMin(5, (i) => i, { from: '1' }); // error: Type 'string' is not assignable to type 'number | bigint
min(10); // error: Expected 2-3 arguments, but got 1
max(10n); // error: Expected 2-3 arguments, but got 1
min([1, 2, 3]); // error: Expected 2-3 arguments, but got 1
argMin([640, 480]); // error: Expected 2-3 arguments, but got 1
argMax(counts); // error: Expected 2-3 arguments, but got 1
min(10, { threads: 1 }); // error: 'threads' does not exist in type
argMax(10, undefined); // error: 'undefined' is not assignable
min(view, (x) => x, {}, {}); // error: Expected 1-3 arguments, but got 4
min(view, 2); // error: '2' is not assignable
min(view, { thread: 1 }); // error: 'thread' does not exist in type
min(bigInt64, (x) => Number(x)); // error: a body computes with numbers, and these are bigints
count(bigInt64, (x) => x > 1n); // error: a body computes with numbers, and these are bigints
map(view, (x) => x, { into: view, type: Float32Array }); // error: leave out type
map(view, (x) => x, { type: Float32Array, into: view }); // error: leave out type
