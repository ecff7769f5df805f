'use strict';

// The first error of each load comes when the program has made it hard to load files.

const assert = require('node:assert/strict');
const fs = require('node:fs');
const Module = require('node:module');
const path = require('node:path');

const HOME = path.dirname(require.resolve('allcores'));
const RARE = path.join(HOME, 'lib', 'rare.js');

function clear() {
  for (const file of Object.keys(require.cache)) delete require.cache[file];
}

function load() {
  clear();
  return require('allcores');
}

async function checkError({ sum }, words) {
  await assert.rejects(sum([1]), (error) => {
    assert.ok(error instanceof TypeError);
    assert.match(
      error.message,
      /^The "view" argument must be a typed array on a SharedArrayBuffer\. Received /,
    );
    assert.match(error.message, words);
    return error.code === 'ERR_INVALID_ARG_TYPE';
  });
}

class Options {}

const WORDS = /an array: copy it to shared memory: share\(array\)$/;
const NO_WORDS = /type object$/;

(async () => {
  await checkError(load(), WORDS);

  const cleared = load();
  clear();
  await checkError(cleared, WORDS);

  const hindered = load();
  const { _load } = Module;
  Module._load = () => {
    throw new Error('hindered');
  };
  await checkError(hindered, NO_WORDS);
  await assert.rejects(hindered.sum(new Float64Array(1), new Options()), {
    code: 'ERR_INTERNAL',
    message: /hindered/,
  });
  Module._load = _load;
  await checkError(hindered, WORDS);

  const robbed = load();
  fs.renameSync(RARE, `${RARE}.away`);
  await checkError(robbed, NO_WORDS);
  fs.renameSync(`${RARE}.away`, RARE);
  await checkError(robbed, WORDS);

  // What was captured at load counts.
  const patched = load();
  const { isArray } = Array;
  Array.isArray = () => false;
  globalThis.TypeError = Error;
  await assert.rejects(patched.sum([1]), { name: 'TypeError', message: WORDS });
  Array.isArray = isArray;
  console.log('late: ok');
})();
