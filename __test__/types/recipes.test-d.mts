// The program of docs/recipes.md in TypeScript, as it stands there.

import { type AllcoresError, type Data, type ElementBody, map, shared, sum } from 'allcores';

const samples: Float64Array = shared(Float64Array, [1, 2, 3, 4]);

async function meanOf<D extends Data<D>>(view: Float64Array, body: ElementBody<D>, data: D): Promise<number> {
  return (await sum(view, body, { data })) / view.length;
}

const curve = (x: number, k: number) => x ** k;
console.log(await meanOf(samples, (x, _, { curve, k }) => curve(x, k), { curve, k: 2 })); // 7.5
console.log((await map(samples, (x) => x / 2, { type: Float32Array })).length); // 4

try {
  await sum(samples, { signal: AbortSignal.abort() });
} catch (error) {
  console.log((error as AllcoresError).code); // ABORT_ERR
}
