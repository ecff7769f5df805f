// What @types/node says since its typed arrays name their buffer.

import { sum } from 'allcores';

sum(Buffer.alloc(8)); // error (told apart): make it on a SharedArrayBuffer
