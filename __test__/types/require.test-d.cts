// The package from a CommonJS module: require and dynamic import.

import allcores = require('allcores');
import exact = require('./exactly.js');

exact.exactly<number>()(allcores.threads);
exact.exactly<Promise<number>>()(allcores.sumRange(1));
exact.exactly<Promise<bigint>>()(
  allcores.sumIntoSharedBuffer(new BigInt64Array(new SharedArrayBuffer(16)), 1),
);

const options: allcores.Options = { threads: 1 };

export const loaded = import('allcores').then(({ sumRange }) => {
  exact.exactly<Promise<number>>()(sumRange(1, options));
});
