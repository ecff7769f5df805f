'use strict';

// Runs one program of the gallery once, in a process of its own, and writes what it took: node timed.js '{ "file", "settings" }'.
//
// `seconds` is `run` alone; whoever starts the process knows how long all of it took. The result is written as a digest for arrays, and as
// it is for numbers.

const { createHash } = require('node:crypto');

const { file, settings } = JSON.parse(process.argv[2]);
const { prepare, run } = require(file);

main();

async function main() {
  const input = prepare?.(settings);
  const began = process.hrtime.bigint();
  const result = await run(settings, { input });
  const seconds = Number(process.hrtime.bigint() - began) / 1e9;
  process.stdout.write(JSON.stringify({ seconds, result: digest(result) }));
}

function digest(value) {
  if (ArrayBuffer.isView(value)) {
    const bytes = new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
    return createHash('sha256').update(Uint8Array.from(bytes)).digest('hex');
  }
  if (typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, digest(each)]));
}
