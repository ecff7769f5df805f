// The memory of WebAssembly. The lib says that the buffer of a memory is an ArrayBuffer, whether or not the memory is shared.

import { sum } from 'allcores';
import { exactly } from './exactly.js';

const memory = new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true });

exactly<Promise<number>>()(sum(new Uint8Array(memory.buffer as ArrayBufferLike)));
sum(new Uint8Array(memory.buffer)); // error (told apart): write memory.buffer as ArrayBufferLike
