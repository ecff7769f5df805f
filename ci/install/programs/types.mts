// Without the types of Node, and without those of browsers: what allcores declares must stand by itself.
import allcores, {
  type AllcoresErrorCode,
  type Options,
  sum,
  sumIntoSharedBuffer,
  sumRange,
  threads,
} from 'allcores';
import { type Cluster, connect, startWorker } from 'allcores/cluster';

const options: Options = { threads };
const range: Promise<number> = sumRange(1, options);
const large: Promise<bigint> = allcores.sumRange(1n);
const slots: Promise<bigint> = sumIntoSharedBuffer(new BigInt64Array(new SharedArrayBuffer(16)), 1);
const elements: Promise<number> = sum(new Float64Array(new SharedArrayBuffer(16)));
const code: AllcoresErrorCode = 'ERR_NOT_SHARED';
// @ts-expect-error: no such option
const wrong: Options = { thread: 1 };

const cluster: Promise<Cluster> = connect({ connection: 'rediss://host', secret: new Uint8Array(32) });
const total: Promise<number> = cluster.then(({ sumRange }) => sumRange(1e15, (i) => i));
const worker: Promise<void> = startWorker({ connection: { url: 'rediss://host' }, secret: '' }).then(
  (worker) => worker.close({ force: true }),
);

export { code, elements, large, range, slots, total, worker, wrong };
