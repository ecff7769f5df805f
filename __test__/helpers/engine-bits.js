'use strict';

// Functions of Math whose bits only the engine itself has: other ones than V8 as it is in Node link them statically, without
// symbols.

const { versions } = process;

const isNode = !versions.bun && !versions.deno;

/** What a call resolves with. Where it needs bits that only the engine has, the test is skipped, and that is undefined. */
async function orSkip(t, call) {
  try {
    return await call();
  } catch (error) {
    if (isNode || error.code !== 'ERR_UNSUPPORTED' || !/bits of the Math/.test(error.message)) throw error;
    t.skip(error.message);
    return undefined;
  }
}

module.exports = { isNode, orSkip };
