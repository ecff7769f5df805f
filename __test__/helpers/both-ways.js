'use strict';

// A body, run by allcores and by a loop of this engine.

const { map } = require('../..');
const { shared } = require('./views.js');

/** The function of this text. */
const functionOf = (text) => new Function(`return ${text}`)();

/** The numbers that a body has for the indices 0 to 3: ours, and those of a loop. `make` makes the data of each. */
async function bothWays(body, make) {
  const view = shared(Float64Array, [0, 1, 2, 3]);
  const numbers = await map(view, (_x, i, data) => data.body(i, data), { data: { ...make(), body } });
  const data = make();
  return [[...numbers], [...view].map((i) => Number(body(i, data)))];
}

module.exports = { bothWays, functionOf };
