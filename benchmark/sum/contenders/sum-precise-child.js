'use strict';

// Answers on stdout what it is asked on stdin:
//
//   version                          the version of Node.js
//   load <element> <bytes> <file>    ok
//   sum <length> <untimed> <calls>   <seconds for all calls> <the sum, 16 hexadecimal digits>

const fs = require('node:fs');
const readline = require('node:readline');
const { encode } = require('../decode');
const { ELEMENTS } = require('../../common/elements');
const { timed } = require('../../common/timed');

let view;

const ANSWERS = {
  version: () => process.versions.node,
  load(id, bytes, file) {
    const tile = fs.readFileSync(file);
    const memory = new Uint8Array(Number(bytes));
    for (let at = 0; at < memory.length; at += tile.length) {
      memory.set(tile.subarray(0, Math.min(tile.length, memory.length - at)), at);
    }
    view = new ELEMENTS[id].Array(memory.buffer);
    return 'ok';
  },
  sum(length, untimed, calls) {
    const part = view.subarray(0, Number(length));
    const { seconds, value } = timed(() => Math.sumPrecise(part), Number(untimed), Number(calls));
    return `${seconds} ${encode(value)}`;
  },
};

readline.createInterface({ input: process.stdin }).on('line', (line) => {
  const [name, ...args] = line.split(' ');
  let answer;
  try {
    answer = ANSWERS[name](...args);
  } catch (error) {
    answer = `error ${error.message}`;
  }
  process.stdout.write(`${answer}\n`);
});
