// Loop bodies: what the types accept, with the exact type of each result and of each parameter of a body.

import type {
  AllcoresError,
  Body,
  BodyOptions,
  Counts,
  Data,
  DataValue,
  ElementBody,
  Explanation,
  MapOptions,
  Progress,
  RangeOptions,
  Refusal,
  SharedNumberView,
} from 'allcores';
import { explain, forRange, map, random, sum, sumIntoSharedBuffer, sumRange } from 'allcores';
import { exactly } from './exactly.js';

const { signal } = new AbortController();
const buffer = new SharedArrayBuffer(64);
const view = new Float64Array(buffer);
const bytes = new Uint8Array(buffer);
const int32 = new Int32Array(buffer);
const bigInt64 = new BigInt64Array(buffer);
const table = [1, 2, 1];
const isOdd = (n: number) => n % 2 === 1;
const square = (n: number): number => n * n;

// Indices
exactly<Promise<number>>()(sumRange(5, (i) => exactlyNumber(i)));
exactly<Promise<number>>()(sumRange(5n, (i) => exactlyNumber(i)));
exactly<Promise<number>>()(sumRange([2, 3], (i, j) => exactlyNumber(i) * exactlyNumber(j)));
exactly<Promise<number>>()(sumRange([2, 3n, 4], (i, j, k) => i + j + exactlyNumber(k)));
exactly<Promise<undefined>>()(forRange([2, 3], (i, j) => exactlyNumber(i) < exactlyNumber(j)));
exactly<Promise<number>>()(sumIntoSharedBuffer(buffer, 5, (i) => exactlyNumber(i)));
exactly<Promise<bigint>>()(sumIntoSharedBuffer(bigInt64, undefined, isOdd));
exactly<Promise<number>>()(sum(view, (x, i) => exactlyNumber(x) * exactlyNumber(i)));
exactly<Promise<Uint8Array>>()(map(bytes as Uint8Array, (x, i) => exactlyNumber(x) + exactlyNumber(i)));
declare function exactlyNumber<T>(
  value: T,
  ...proof: [T] extends [number] ? ([number] extends [T] ? [] : [0]) : [0]
): number;

declare const width: number;
declare const counts: readonly [number, number];
declare const either: number | [number, number];
sumRange([width, 2 * width], (x, y) => x * y);
sumRange(counts, (x, y) => x * y);
sumRange([640, 480] as const, (x, y) => x * y);
sumRange([2, 3] satisfies Counts, (x: number, y: number) => x * y);
sumRange([2, 3], square);
sumRange(either, square);
sumRange(either, (x) => exactlyNumber(x));
forRange(either, (x, _) => exactlyNumber(x));

// What bodies return
exactly<Promise<number>>()(sumRange(5, (i) => i > 2));
exactly<Promise<number>>()(sumRange(5, (i) => (i > 2 ? i : false)));
exactly<Promise<number>>()(sumRange(5, isOdd));
exactly<Promise<number>>()(sumRange(5, Math.sqrt));
exactly<Promise<undefined>>()(forRange(5, () => {}));
exactly<Promise<undefined>>()(forRange(5, (i): void => void i));
exactly<Promise<undefined>>()(forRange(5, (i, { view }) => (view[i] = i), { data: { view } }));
forRange(5, (i) => {
  if (i > 3) return;
  view[i] = i;
});

// data: destructured, read, declared, or under the names of what surrounds the body
sumRange(5, (i, { step, isOn }) => (isOn ? exactlyNumber(step) * i : 0), { data: { step: 2, isOn: true } });
sumRange(5, (i, d) => exactlyNumber(d.step) * i, { data: { step: 2 } });
sumRange(5, (i, { step }: { step: number }) => step * i, { data: { step: 2, other: view } });
sumRange(5, (i: number) => square(i), { data: { square } });
sumRange(5, (i, { square }) => square(i), { data: { square } });
sumRange(5, (i, { table }) => (table[i % 3] ?? 0) * (view[i] ?? 0), { data: { table, view } });
sumRange([2, 3], (i, j, { matrix }) => i + j * matrix.length, { data: { matrix: [table, table] } });
sum(view, (x, _, { mean }) => (x - mean) ** 2, { data: { mean: 2 } });
sumIntoSharedBuffer(int32, 5, (i, { step }) => exactlyNumber(step) * i, { data: { step: 2 } });
map(view, (x, i, { scale }) => x * i * exactlyNumber(scale), { data: { scale: 2 } });
interface Camera {
  x: number;
  target: { y: number };
  zoom?: number;
}
declare const camera: Camera;
sumRange(5, (i, { x, target }) => x + target.y * i, { data: camera });
sumRange(5, (i, { camera }) => camera.x * i, { data: { camera } });

// Options
const onProgress = ({ done, total }: Progress) => done / total;
sumRange(5, square, { signal, threads: 2, math: 'portable', from: 2, onProgress, data: {} });
sumRange(5, square, { from: 2n, data: undefined, math: undefined, onProgress: undefined });
sum(view, square, { onProgress: (progress) => exactly<Progress>()(progress) });
const options = { data: { step: 2 }, threads: 2 };
sumRange(5, (i, { step }) => i * exactlyNumber(step), options);
exactly<Promise<Int32Array>>()(map(view, square, { into: int32 as Int32Array }));

// map gives the type of the view
exactly<Promise<Float64Array>>()(map(view as Float64Array, square));
exactly<Promise<Float64Array | Int32Array>>()(map({} as Float64Array | Int32Array, square));
const doubled = map(view, (x) => 2 * x).then((result) => sum(result));
exactly<Promise<number>>()(doubled);

// Functions of the caller's
const integrate = (f: Body, n: number) => sumRange(n, f);
exactly<Promise<number>>()(integrate(square, 5));
const area = (f: Body<object, number, [number, number]>) => sumRange([2, 3], f);
exactly<Promise<number>>()(area((x, y) => x * y));
const total = <D extends Data<D>>(body: Body<D>, data: D) => sumRange(5, body, { data, signal });
exactly<Promise<number>>()(total((i, { step }) => i * step, { step: 2 }));
const totalOf = <D extends Data<D>>(body: ElementBody<D>, options: BodyOptions<D>) =>
  sum(view, body, options);
exactly<Promise<number>>()(totalOf((x, _, { mean }) => x - mean, { data: { mean: 1 } }));
const each = <D extends Data<D>>(body: Body<D, void>, options: RangeOptions<D>) => forRange(5, body, options);
exactly<Promise<undefined>>()(each((i, { view }) => void view[i], { data: { view } }));
const mapped = <V extends SharedNumberView>(view: V) => map(view, (x) => 2 * x);
exactly<Promise<Int32Array>>()(mapped(int32 as Int32Array));
const mapInto = <D extends Data<D>>(body: ElementBody<D, number>, options: MapOptions<D, Int32Array>) =>
  map(view, body, options);
exactly<Promise<Int32Array>>()(mapInto((x, i, { k }) => x + i * k, { data: { k: 1 }, into: int32 }));
const squares = <V extends SharedNumberView>(view: V) => sum(view, (x) => x * x);
exactly<Promise<number>>()(squares(view));
const squaresTo = <N extends number>(num: N) => sumRange(num, (i) => i * i);
exactly<Promise<number>>()(squaresTo(5));
export const values: DataValue[] = [1, true, view, table, [table], { x: 1 }, square, undefined];

// explain
exactly<string>()(explain(square).text);
exactly<readonly Refusal[]>()(explain((i) => exactlyNumber(i)).refusals);
const { engine, isa, block, bytes: codeBytes } = explain(square);
exactly<string>()(engine);
exactly<string>()(isa);
exactly<number>()(block);
exactly<number>()(codeBytes);
exactly<Explanation>()(explain((i, { step }) => i * exactlyNumber(step), { data: { step: 2 } }));
explain((i, j, { step }) => i * exactlyNumber(j) * exactlyNumber(step), { data: { step: 2 }, dimensions: 2 });
explain((i, j, k) => i * j * exactlyNumber(k), { dimensions: 3 });
explain((x, i, { step }) => exactlyNumber(x) * i * exactlyNumber(step), { data: { step: 2 }, view: int32 });
explain(
  (i, { view }) => {
    view[i] = i;
  },
  { data: { view } },
);

// random
exactly<number>()(random(1, 2));
exactly<number>()(random(1, 2, 3));
sumRange(5, (i, { random, seed }) => random(seed, i), { data: { random, seed: 1 } });

// Errors
declare const error: AllcoresError;
exactly<number | undefined>()(error.line);
exactly<number | undefined>()(error.column);
exactly<string | undefined>()(error.snippet);
exactly<number | readonly number[] | undefined>()(error.index);
exactly<unknown>()(error.expected);
exactly<unknown>()(error.actual);
