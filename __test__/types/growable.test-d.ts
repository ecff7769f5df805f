// Buffers that grow, where the lib knows them (es2024).

import { sum, sumIntoSharedBuffer } from 'allcores';
import { exactly } from './exactly.js';

const growable = new SharedArrayBuffer(16, { maxByteLength: 64 });

exactly<Promise<number>>()(sum(new Float64Array(growable)));
exactly<Promise<bigint>>()(sumIntoSharedBuffer(new BigInt64Array(growable), 1));
exactly<Promise<number>>()(sumIntoSharedBuffer(growable, 1));
