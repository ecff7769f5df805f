'use strict';
// Calls a function of this JavaScript engine's Math, as examples/math.rs does with a library's: `engine.cjs NAME`. Doubles come on
// stdin, as many as the function takes for each call, and the results go to stdout. .cjs for the sake of Deno.

const { readFileSync, writeSync } = require('node:fs');

const f = Math[process.argv[2]];
const input = readFileSync(0);
const list = new Float64Array(new Uint8Array(input).buffer);
const results = new Float64Array(list.length / f.length);
for (let call = 0; call < results.length; call++) {
  results[call] = f.length === 1 ? f(list[call]) : f(list[2 * call], list[2 * call + 1]);
}
const output = new Uint8Array(results.buffer);
for (let written = 0; written < output.length; ) {
  written += writeSync(1, output, written, output.length - written);
}
