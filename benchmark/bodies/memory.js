'use strict';

// The arrays of the kernels, the same for all contenders: here on shared memory, and as a file for other programs.

const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { generator, unit } = require('../common/random');
const { LENGTH } = require('./kernels');

/** { x, y, out, file, folder, remove() }: `file` has x and y, one after the other; `folder` is for results. */
function makeMemory() {
  const inputs = new Float64Array(new SharedArrayBuffer(2 * LENGTH * 8));
  const random = generator(1);
  for (let i = 0; i < inputs.length; i++) inputs[i] = unit(random);
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'allcores-benchmark-'));
  const file = path.join(folder, 'inputs');
  fs.writeFileSync(file, new Uint8Array(inputs.buffer));
  return {
    x: inputs.subarray(0, LENGTH),
    y: inputs.subarray(LENGTH),
    out: new Float64Array(new SharedArrayBuffer(LENGTH * 8)),
    file,
    folder,
    remove: () => fs.rmSync(folder, { recursive: true, force: true }),
  };
}

module.exports = { makeMemory };
