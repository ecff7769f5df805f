// The package from an ES module: named, default and namespace imports.

import * as namespace from 'allcores';
import allcores, { sumRange, threads } from 'allcores';
import { exactly } from './exactly.js';

exactly<number>()(threads);
exactly<Promise<number>>()(sumRange(1));
exactly<Promise<bigint>>()(allcores.sumRange(1n));
exactly<Promise<bigint>>()(namespace.sumRange(1n));

// The manifest is exported too.
exactly<string>()(import.meta.resolve('allcores/package.json'));
