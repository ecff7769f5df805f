// Means, variances, norms and dot products: what the types accept, and the exact type of each result.

import { dot, mean, norm, variance } from 'allcores';
import { exactly } from './exactly.js';

const { signal } = new AbortController();
const buffer = new SharedArrayBuffer(64);
const view = new Float64Array(buffer);
const bytes = new Uint8Array(buffer);
const bigInt64 = new BigInt64Array(buffer);
const bigUint64 = new BigUint64Array(buffer);

exactly<Promise<number>>()(mean(view));
exactly<Promise<number>>()(mean(bigInt64, { signal }));
exactly<Promise<number>>()(mean(view, (x, i) => x * i));
exactly<Promise<number>>()(mean(5, (i, { k }) => i * k, { data: { k: 5 }, from: 2 }));
exactly<Promise<number>>()(mean([2, 3], (i, j) => i * j));
exactly<Promise<number>>()(norm(view, { threads: 1 }));
exactly<Promise<number>>()(norm(bytes, (x) => x > 5));
exactly<Promise<number>>()(variance(view));
exactly<Promise<number>>()(variance(bigUint64, { ddof: 1 }));
exactly<Promise<number>>()(variance(view, (x) => x * 2, { ddof: 1, signal }));
exactly<Promise<number>>()(variance(5, (i, { k }) => i * k, { data: { k: 5 }, ddof: 2 }));

exactly<Promise<number>>()(dot(view, view));
exactly<Promise<number>>()(dot(view, bytes, { signal, threads: 1 }));
exactly<Promise<bigint>>()(dot(bigInt64, bigUint64));

// Mistakes
mean(view, (x) => `${x}`); // error: Type 'string' is not assignable to type 'number | boolean'
mean(new Float64Array(5)); // error (told apart): is on an ArrayBuffer
dot(view, new Float64Array(5)); // error (told apart): is on an ArrayBuffer
mean(10); // error: Expected 2-3 arguments, but got 1
mean([1, 2, 3]); // error: Expected 2-3 arguments, but got 1
norm([3, 4]); // error: Expected 2-3 arguments, but got 1
variance([1, 2], { ddof: 1 }); // error: 'ddof' does not exist in type
variance(view, { dof: 1 }); // error: 'dof' does not exist in type
mean(view, { ddof: 1 }); // error: 'ddof' does not exist in type
mean(bigInt64, (x) => Number(x)); // error: a body computes with numbers, and these are bigints
dot(view, bigInt64); // error: BigInt64Array
dot(view); // error: Expected 2-3 arguments, but got 1
dot(view, view, (x: number) => x); // error: has no properties in common with type 'Options'
