// Without the lib "dom" and without @types/node.

import { type Options, sum, sumIntoSharedBuffer, sumRange } from 'allcores';
import { exactly } from './exactly.js';

const buffer = new SharedArrayBuffer(64);

export const none: Options = {};
exactly<Promise<number>>()(sumRange(1, { threads: 1 }));
exactly<Promise<number>>()(sum(new Float64Array(buffer), {}));
exactly<Promise<bigint>>()(sumIntoSharedBuffer(new BigInt64Array(buffer), 1n));
exactly<Promise<number>>()(sumRange(1, (i, { k }) => i * k, { data: { k: 1 }, threads: 1 }));
