// Float16Array, where the lib has it.

import { sum } from 'allcores';
import { exactly } from './exactly.js';

exactly<Promise<number>>()(sum(new Float16Array(new SharedArrayBuffer(16))));
sum(new Float16Array(8)); // error (told apart): make it on a SharedArrayBuffer
