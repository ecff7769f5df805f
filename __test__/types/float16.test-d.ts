// Where the `lib` has Float16Array, sum takes one. Left out of the builds whose lib is older.

import { sum } from 'allcores';
import { exactly } from './exactly.js';

exactly<Promise<number>>()(sum(new Float16Array(new SharedArrayBuffer(16))));
// @ts-expect-error: not shared
sum(new Float16Array(8));
