// allcores/cluster: what the types accept, with the exact type of each result, and the message for each mistake.

import type {
  Cluster,
  ClusterError,
  ClusterErrorCode,
  ClusterProgress,
  ClusterWorker,
  Worker,
} from 'allcores/cluster';
import { connect, startWorker } from 'allcores/cluster';
import { exactly } from './exactly.js';

const secret = 'a secret of sixteen bytes or more';
const { signal } = new AbortController();
declare const cluster: Cluster;
const { sumRange, count, min, argMax, findIndex, mean, variance, norm } = cluster;

exactly<Promise<Cluster>>()(connect({ connection: { url: 'rediss://host' }, secret }));
exactly<Promise<Cluster>>()(connect({ connection: 'redis://host', secret: new Uint8Array(32), prefix: 'x' }));
connect({ connection: { host: 'h', port: 1, tls: {}, family: 6 }, secret, waitForWorkers: 1000 });
connect({ connection: 'postgres://host/database', secret });
connect({ connection: { url: 'postgres://host/database', ssl: {} }, secret });
connect({ connection: { postgres: { host: 'h', port: 1, user: 'u', database: 'd', ssl: true } }, secret });
connect({ connection: { postgres: 'postgres://host/database' }, secret });
connect({ connection: { postgres: 7 }, secret }); // error: Type 'number' is not assignable
exactly<Promise<void>>()(cluster.close());
exactly<PromiseLike<void>>()(cluster[Symbol.asyncDispose]());
exactly<Promise<readonly ClusterWorker[]>>()(cluster.workers());
exactly<string>()(cluster.queue);

exactly<Promise<number>>()(sumRange(10, (i) => i * 2));
exactly<Promise<number>>()(sumRange(10n, (i) => i > 2));
exactly<Promise<bigint>>()(sumRange(10n));
exactly<Promise<number>>()(sumRange([2, 3], (i, j) => i * j));
exactly<Promise<number>>()(
  sumRange(
    1e15,
    (i, { k, w }) => {
      exactly<number>()(i);
      exactly<number>()(k);
      return (w[i % 3] ?? 0) * k;
    },
    {
      data: { k: 2, w: new Float64Array(3) },
      signal,
      audit: 0.01,
      resume: 'nightly',
      from: 5n,
      waitForWorkers: 10,
      onProgress: (progress) => {
        exactly<ClusterProgress>()(progress);
        exactly<number>()(progress.machines + progress.lost + progress.done);
        exactly<string>()(progress.run);
      },
    },
  ),
);
exactly<Promise<number>>()(count(10, (i) => i > 3));
exactly<Promise<number>>()(min([2, 3, 4], (i, j, k) => i * j * k));
exactly<Promise<number>>()(argMax(10, (i) => -i));
exactly<Promise<[number, number]>>()(argMax([10, 20], (i, j) => i - j));
exactly<Promise<[number, number, number]>>()(findIndex([10, 20, 30], (i, j, k) => i === j + k));
exactly<Promise<number>>()(mean(10, (i) => i));
exactly<Promise<number>>()(variance(10, (i) => i, { ddof: 1 }));
exactly<Promise<number>>()(norm(10, (i, { a }) => a * i, { data: { a: 1 } }));

exactly<Promise<Worker>>()(
  startWorker({ connection: {}, secret, threads: 2, name: 'n', limits: { seconds: 1 } }),
);
startWorker({ connection: {}, secret, onError: ({ message }) => exactly<string>()(message) });

declare const error: ClusterError;
exactly<ClusterErrorCode>()(error.code);
exactly<string | undefined>()(error.run);
exactly<number | undefined>()(error.tries);
exactly<readonly string[] | undefined>()(error.workers);

connect({ connection: {} }); // error: Property 'secret' is missing
connect({ connection: {}, secret: 5 }); // error: Type 'number' is not assignable
startWorker({ connection: {}, secret, limits: { steps: 1 } }); // error: 'steps' does not exist
sumRange(10, (i) => `${i}`); // error: Type 'string' is not assignable
count(10); // error: Expected 2-3 arguments
min(new Float64Array(3), (x) => x); // error: not assignable
mean(10, (i) => i, { audits: 1 }); // error: 'audits' does not exist
mean(10, (i) => i, { ddof: 1 }); // error: 'ddof' does not exist
sumRange(10, (i) => i, { threads: 1 }); // error: 'threads' does not exist
