// The types in a program that is not strict.

import { argMin, map, min, sum, sumIntoSharedBuffer, sumRange } from 'allcores';
import { exactly } from './exactly.js';

const buffer = new SharedArrayBuffer(64);
const view = new Float64Array(buffer);

exactly<Promise<number>>()(sumRange(5));
exactly<Promise<bigint>>()(sumRange(5n));
exactly<Promise<bigint>>()(sumRange(5n, { threads: 1 }));
exactly<Promise<number>>()(sumRange(5n, (i, { k }) => i * k, { data: { k: 1 } }));
exactly<Promise<bigint>>()(sum(new BigInt64Array(buffer)));
exactly<Promise<number>>()(sum(view, (x, i) => x * i));
exactly<Promise<bigint>>()(sumIntoSharedBuffer(new BigInt64Array(buffer), 5, (i) => i));
exactly<Promise<Float64Array>>()(map(view as Float64Array, (x) => 2 * x));
exactly<Promise<number>>()(min(view));
exactly<Promise<bigint>>()(min(new BigInt64Array(buffer)));
exactly<Promise<bigint>>()(min(new BigInt64Array(buffer), { threads: 1 }));
exactly<Promise<number>>()(min(view, (x, i) => x * i));
exactly<Promise<[number, number]>>()(argMin([2, 3], (i, j) => i * j));
min(5); // error: Expected 2-3 arguments, but got 1
sumRange(5, { thread: 2 }); // error: 'thread' does not exist in type
sumRange(5, (i) => `${i}`); // error: Type 'string' is not assignable to type 'number | boolean'
