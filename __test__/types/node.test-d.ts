// Buffers. Left out with the oldest @types/node, whose Buffer is no Uint8Array to TypeScript 5.9 and later.

import { sum } from 'allcores';
import { exactly } from './exactly.js';

exactly<Promise<number>>()(sum(Buffer.from(new SharedArrayBuffer(16))));
sum(Buffer.alloc(8)); // error (told apart): make it on a SharedArrayBuffer
