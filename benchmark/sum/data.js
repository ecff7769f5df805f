'use strict';

// What is summed: a tile of 16 MiB of random numbers, and memory full of copies of it.
//
// Contenders that sum private memory fill it from the same file, so all sum the same numbers. A tile can be summed with
// BigInts in a moment, and with it any number of copies: so the exact sum of a gigabyte is known.

const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { Worker } = require('node:worker_threads');
const { ELEMENTS } = require('../common/elements');
const { generator, unit } = require('../common/random');

const TILE_BYTES = 16 << 20;

/** Gives the elements of a tile: uniform means [0, 1) for floats, and the whole range of the type for integers. */
const DATA = {
  uniform: {
    f64: (random, view) => each(view, () => unit(random)),
    f32: (random, view) => each(view, () => (random() >>> 8) / 2 ** 24),
    i32: fillBits,
    u8: fillBits,
    i64: fillBits,
  },
  Gaussian: { f64: (random, view) => each(view, () => gaussian(random)) },
  'any exponent': { f64: anyExponent },
};

/** The tile, in a file for other programs too: { view, file, remove() }. */
function makeTile(element, data) {
  const view = new element.Array(new SharedArrayBuffer(TILE_BYTES));
  DATA[data][element.id](generator(1), view);
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'allcores-benchmark-'));
  const file = path.join(folder, element.id);
  fs.writeFileSync(file, new Uint8Array(view.buffer));
  return { view, file, remove: () => fs.rmSync(folder, { recursive: true, force: true }) };
}

/** Fills shared memory with copies of the tile, each of several threads its share of it. */
async function fill(memory, tile, threads) {
  const script = path.join(__dirname, 'fill-worker.js');
  const tasks = Array.from({ length: threads }, (_, index) => {
    const workerData = { memory, tile: tile.view.buffer, index, threads };
    return new Promise((resolve, reject) => {
      new Worker(script, { workerData }).on('error', reject).on('exit', resolve);
    });
  });
  await Promise.all(tasks);
}

function each(view, next) {
  for (let i = 0; i < view.length; i++) view[i] = next();
}

function fillBits(random, view) {
  each(new Uint32Array(view.buffer), random);
}

/**
 * Random bits, but neither infinities nor NaN. Numbers so large that some millions of them could overflow come in pairs that
 * cancel: the sum is finite, which is what makes its error worth a look.
 */
function anyExponent(random, view) {
  fillBits(random, view);
  let unpaired;
  for (let i = 0; i < view.length; i++) {
    if (!Number.isFinite(view[i])) view[i] = unit(random);
    if (Math.abs(view[i]) < 2 ** 980) continue;
    if (unpaired === undefined) {
      unpaired = i;
    } else {
      view[i] = -view[unpaired];
      unpaired = undefined;
    }
  }
  if (unpaired !== undefined) view[unpaired] = 1;
}

/** Box and Muller; the mean is 0, the deviation 1. */
function gaussian(random) {
  return Math.sqrt(-2 * Math.log(1 - unit(random))) * Math.cos(2 * Math.PI * unit(random));
}

/** [{ element, data }] in the order of the run. */
const SERIES = [
  { element: ELEMENTS.f64, data: 'uniform' },
  { element: ELEMENTS.f64, data: 'Gaussian', largestOnly: true },
  { element: ELEMENTS.f64, data: 'any exponent', largestOnly: true },
  { element: ELEMENTS.f32, data: 'uniform' },
  { element: ELEMENTS.i32, data: 'uniform' },
  { element: ELEMENTS.u8, data: 'uniform', maxBytes: 256 << 20 },
  { element: ELEMENTS.i64, data: 'uniform' },
];

module.exports = { SERIES, fill, makeTile };
